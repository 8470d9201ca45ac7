"""The wall: one call, three next, one waiting range, one code, for a whole room to read and to hear."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request, url_for

from services.web import i18n
from services.web.clients import clients
from services.web.clients.queue import Board, Call
from services.web.names import names_of
from services.web.signin import needs
from shared import clock

blueprint = Blueprint("wall", __name__)
DIGITS_ZH = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
DIGITS_EN = dict(
    zip(
        "0123456789",
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        strict=True,
    )
)
EARLY, NIGHT = timedelta(minutes=15), timedelta(minutes=60)
SOUNDS = ("voice", "chime", "blocked", "off")


def both(msgid: str, **values: Any) -> tuple[str, str]:
    """A text in the wall's first language and in the other one."""
    english = i18n.catalogue().get(msgid, (msgid,))[0] or msgid
    texts = (msgid % values if values else msgid, english % values if values else english)
    return texts if i18n.lang() == "zh" else (texts[1], texts[0])


@blueprint.get("/wall/<session_id>")
@needs("coordinator", "volunteer")
def show(session_id: str) -> Any:
    """The wall of a session; ?name= gives the screen a name, ?kiosk=1 says that it may sound untouched."""
    return render_template("pages/wall.html", **context(session_id))


@blueprint.get("/fragments/wall/<session_id>")
@needs("coordinator", "volunteer")
def fragment(session_id: str) -> Any:
    """What changes on the wall, for the live page to fetch."""
    return render_template("partials/wall_board.html", **context(session_id))


@blueprint.post("/wall/<session_id>/beat/<display_id>")
@needs("coordinator", "volunteer")
def beat(session_id: str, display_id: str) -> Any:
    """The screen lives, and says what it shows and whether it can be heard."""
    sound = request.form.get("sound", "")
    if sound not in SOUNDS:
        abort(400)
    said = {
        "sound": sound,
        "name": request.form.get("name", "").strip()[:40],
        "shown": request.form.get("shown", type=int),
        "leaving": request.form.get("leaving") == "1",
    }
    return jsonify(number=clients().booking.beat(session_id, display_id, said))


def go_url(session_id: str) -> str:
    """The address behind the code on the wall."""
    found = clients().booking.wall_code(session_id)
    return url_for("go.arrive", session_id=session_id, code=found.code, _external=True)


def context(session_id: str) -> dict[str, Any]:
    """What the wall's templates need; names are masked, always."""
    board = clients().booking.board(session_id)
    shown = [*board.next, *board.calls, *([board.call] if board.call else [])]
    names = names_of(one.person_id for one in shown)

    def who(call: Call) -> str:
        return names.masked(call.person_id) or call.name or ""

    stage = phase(board, clock.now())
    return {
        "session": board.session,
        "board": board,
        "phase": stage,
        "calls": calls(board.calls, board.call),
        "age": lambda call: age(board, call),
        "who": who,
        "spoken": spoken,
        "spoken_en": spoken_en,
        "other": "zh" if i18n.lang() == "en" else "en",
        "both": both,
        "session_id": session_id,
        "go_url": go_url(session_id) if stage in ("early", "open") else None,
        "time_now": clock.now(),
        "display_name": request.args.get("name", "")[:40],
    }


def phase(board: Board, at: datetime) -> str:
    """Where the day stands: cancelled | early (doors closed, nobody here) | open | over | night."""
    if board.session.state == "cancelled":
        return "cancelled"
    anybody = bool(board.next or board.benches)
    if at < board.session.starts_at - EARLY and not anybody:
        return "early"
    if at < board.session.ends_at or anybody:
        return "open"
    return "night" if at >= board.session.ends_at + NIGHT else "over"


def age(board: Board, call: Call) -> int:
    """How many seconds ago a call was made, by the suite's clock."""
    return int((board.at - call.called_at).total_seconds()) if call.called_at else 0


def spoken(call: Call) -> str:
    """What the wall says aloud in Chinese: number and bench only, digits one by one (A 零二一号)."""
    number = "".join(DIGITS_ZH.get(one, f"{one} ") for one in call.number)
    return f"{number}号，" + (f"请到 {call.bench} 号工位" if call.bench else "请到服务台")


def spoken_en(call: Call) -> str:
    """The same in English: A zero two one, please go to bench 3."""
    number = " ".join(DIGITS_EN.get(one, one) for one in call.number)
    where = f"please go to bench {call.bench}" if call.bench else "please come to the desk"
    return f"Number {number}, {where}."


def calls(recent: tuple[Call, ...], latest: Call | None) -> tuple[Call, ...]:
    """The calls in the order they were made, the latest last, each once."""
    found = {(one.number, one.calls): one for one in recent}
    if latest:
        found.pop((latest.number, latest.calls), None)
        found[(latest.number, latest.calls)] = latest
    return tuple(found.values())
