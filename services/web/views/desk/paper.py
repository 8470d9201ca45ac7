"""The fallback sheet for an afternoon without a network: printed before, typed in later."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import render_template, request

from services.web import dates
from services.web.clients import clients
from services.web.clients.base import Json
from services.web.clients.desk import Sheet, SheetRow
from services.web.forms import SHOWN_ON_FORM, away_text
from services.web.i18n import _
from services.web.names import names_of
from services.web.signin import needs
from services.web.views.desk.page import STATUSES, blueprint
from shared import clock
from shared.http_client import Problem, Unavailable
from shared.ids import new_id

BLANK_PRINTED, BLANK_TYPED, MOST_ROWS = 14, 6, 400
TIME = re.compile(r"^([01]?\d|2[0-3])[:：.]?([0-5]\d)$")
WHEN = ("arrived", "started", "closed")
TYPED = ("who", "category_id", "arrived", "bench", "started", "closed", "status", "note")
NUMBER = re.compile(r"^[ABab]\d{1,4}$")


@dataclass
class Line:
    """One row of the page: what is known, what was typed, what came of it."""

    key: str
    known: SheetRow | None = None
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    done: str = ""
    settled: str = ""
    ticket_id: str = ""
    booking_id: str = ""

    @property
    def touched(self) -> bool:
        """Somebody typed something here."""
        return any(self.typed.get(name) for name in TYPED)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")


def short_mark(row: SheetRow) -> str:
    """Four letters that stand on the paper and on the page beside the same person."""
    return (row.appointment_id or row.ticket_id).replace("-", "")[-4:].upper()


blueprint.add_app_template_filter(short_mark)


@blueprint.get("/desk/<session_id>/sheet")
@needs("coordinator", "volunteer")
def sheet(session_id: str) -> Any:
    """The sheet to print: who is in line, who is expected, and blanks to write on."""
    found = clients().booking.sheet(session_id)
    return render_template(
        "pages/desk_sheet.html",
        sheet=found,
        names=names_of(one.person_id for one in found.rows),
        session_id=session_id,
        blanks=BLANK_PRINTED,
        statuses=STATUSES,
    )


@blueprint.route("/desk/<session_id>/type-in", methods=["GET", "POST"])
@needs("coordinator", "volunteer")
def type_in(session_id: str) -> Any:
    """Type the paper in: each row for itself, what was typed stays, twice is once."""
    found = clients().booking.sheet(session_id)
    lines = _lines(session_id, found)
    wrong = 0
    if request.method == "POST":
        for line in lines:
            if line.touched:
                _take(session_id, found, line)
                wrong += bool(line.errors)
    taken = [one for one in lines if one.done]
    return render_template(
        "pages/desk_type_in.html",
        sheet=found,
        session_id=session_id,
        lines=[one for one in lines if not one.done],
        taken=taken,
        wrong=wrong,
        names=names_of(one.known.person_id for one in lines if one.known),
        statuses=STATUSES,
    ), 422 if wrong else 200


def _lines(session_id: str, found: Sheet) -> list[Line]:
    """The rows that are known and the blanks by their own keys, with what was typed; then new blanks.

    A row that was known when the page was opened and is open no longer goes by what it was.
    """
    known = {row_key(one): one for one in found.rows}
    sent = list(dict.fromkeys(request.form.getlist("key")))[:MOST_ROWS]
    over = [key for key in sent if key not in known]
    lines = [*(Line(key, one) for key, one in known.items()), *(Line(key) for key in over)]
    for line in lines:
        line.typed = {name: request.form.get(f"{line.key}-{name}", "").strip() for name in TYPED}
    for line in lines:
        if line.known is None and request.form.get(f"{line.key}-known"):
            line.settled = request.form[f"{line.key}-known"]
            line.ticket_id = request.form.get(f"{line.key}-ticket", "")
            line.booking_id = request.form.get(f"{line.key}-booking", "")
    lines = [one for one in lines if one.known or one.touched or not one.settled]
    blanks = sum(1 for one in lines if one.known is None and not one.touched)
    return [*lines, *(Line(new_id()) for _n in range(BLANK_TYPED - blanks))]


def row_key(row: SheetRow) -> str:
    """The key of a known row: the same on every page and in every window."""
    return str(uuid5(NAMESPACE_URL, f"sheet:{row.ticket_id}"))


def _take(session_id: str, found: Sheet, line: Line) -> None:
    """Send one row; a refusal stands at the row and what was typed stays."""
    body = _body(found, line)
    if line.errors:
        return
    try:
        done = clients().booking.type_in(session_id, body, new_id())
    except Problem as problem:
        if problem.status not in SHOWN_ON_FORM:
            raise
        line.errors[""] = problem.detail or _("这一行现在录不了。")
        for pointer, texts in problem.errors.items():
            line.errors[pointer.strip("#/")] = texts[0]
    except Unavailable as away:
        line.errors[""] = away_text(away.service)
    else:
        line.done = str(done["number"])


def _body(found: Sheet, line: Line) -> Json:
    body: Json = {"id": line.key, "note": line["note"], "status": line["status"] or None}
    if line.known:
        body |= {"ticket_id": line.known.ticket_id, "appointment_id": line.known.appointment_id}
        body["number"] = line.known.number or ""
    elif line.settled:
        body |= {"ticket_id": line.ticket_id or None, "appointment_id": line.booking_id or None}
        body["number"] = line.settled if NUMBER.match(line.settled) else ""
    elif NUMBER.match(line["who"]):
        body["number"] = f"{line['who'][0].upper()}{int(line['who'][1:]):03d}"
    else:
        body["name"] = line["who"]
        if not line["category_id"]:
            line.errors["category_id"] = _("选一种物品；已经有号的，写号码就行。")
    body["category_id"] = _whole(line, "category_id")
    body["bench"] = _whole(line, "bench")
    moments = {name: _moment(found, line, name) for name in WHEN}
    _in_order(line, moments)
    return body | {f"{name}_at": clock.iso(at) if at else None for name, at in moments.items()}


def _whole(line: Line, name: str) -> int | None:
    if not line[name]:
        return None
    if not line[name].isascii() or not line[name].isdigit():
        line.errors[name] = _("请填一个整数。")
        return None
    return int(line[name])


def _moment(found: Sheet, line: Line, name: str) -> datetime | None:
    """The instant of a clock time on the day of the session (14:05, 1405, 14：05)."""
    if not line[name]:
        return None
    match = TIME.match(line[name])
    if match is None:
        line.errors[name] = _("写成 14:05 这样。")
        return None
    start = dates.day_start(dates.local_day(found.session.starts_at))
    at = start + timedelta(hours=int(match[1]), minutes=int(match[2]))
    if at > clock.now() and not found.session.trial:
        line.errors[name] = _("这个时间还没有到。")
    return at


def _in_order(line: Line, moments: dict[str, datetime | None]) -> None:
    said = [(name, moments[name]) for name in WHEN if moments[name]]
    for (_before, first), (name, then) in pairwise(said):
        if first and then and then < first:
            line.errors.setdefault(name, _("比前一个时间早。"))
