"""The wall: one call, three next, one waiting range, one code, for a whole room to read."""

from typing import Any

from flask import Blueprint, render_template, url_for

from services.web import i18n
from services.web.clients import clients
from services.web.clients.queue import Call
from services.web.names import names_of
from services.web.signin import needs
from shared import clock

blueprint = Blueprint("wall", __name__)


def both(msgid: str, **values: Any) -> tuple[str, str]:
    """A text in the wall's first language and in the other one."""
    english = i18n.catalogue().get(msgid, (msgid,))[0] or msgid
    texts = (msgid % values if values else msgid, english % values if values else english)
    return texts if i18n.lang() == "zh" else (texts[1], texts[0])


@blueprint.get("/wall/<session_id>")
@needs("coordinator", "volunteer")
def show(session_id: str) -> Any:
    """The wall of a session."""
    return render_template("pages/wall.html", **context(session_id))


@blueprint.get("/fragments/wall/<session_id>")
@needs("coordinator", "volunteer")
def fragment(session_id: str) -> Any:
    """What changes on the wall, for the live page to fetch."""
    return render_template("partials/wall_board.html", **context(session_id))


def go_url(session_id: str) -> str:
    """The address behind the code on the wall."""
    found = clients().booking.wall_code(session_id)
    return url_for("go.arrive", session_id=session_id, code=found.code, _external=True)


def context(session_id: str) -> dict[str, Any]:
    """What the wall's templates need; names are masked, always."""
    session = clients().catalog.session(session_id)
    board = clients().booking.board(session_id)
    shown = [*board.next, *board.calls, *([board.call] if board.call else [])]
    names = names_of(one.person_id for one in shown)

    def who(call: Call) -> str:
        return names.masked(call.person_id) or call.name or ""

    return {
        "session": session,
        "board": board,
        "calls": calls(board.calls, board.call),
        "who": who,
        "spoken": spoken,
        "other": "zh" if i18n.lang() == "en" else "en",
        "both": both,
        "session_id": session_id,
        "go_url": go_url(session_id),
        "time_now": clock.now(),
    }


def spoken(call: Call) -> str:
    """What the wall says aloud: number and bench only, in Chinese, for a Chinese voice."""
    bench = f"请到 {call.bench} 号工位" if call.bench else "请到服务台"
    return f"{call.number} 号，{bench}"


def calls(recent: tuple[Call, ...], latest: Call | None) -> tuple[Call, ...]:
    """The calls in the order they were made, the latest last, each once."""
    found = {(one.number, one.calls): one for one in recent}
    if latest:
        found.pop((latest.number, latest.calls), None)
        found[(latest.number, latest.calls)] = latest
    return tuple(found.values())
