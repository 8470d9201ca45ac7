"""What is done at the desk: call, recall, absent, return, start, take an arrival, check volunteers in and out."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import abort, flash, request

from services.web.clients import clients
from services.web.i18n import _
from services.web.signin import needs
from services.web.views.desk import outcomes, ticket, turns  # noqa: F401  # register their routes
from services.web.views.desk.base import back, form_key
from services.web.views.desk.page import blueprint, telling
from services.web.views.desk.ticket import onward

VISIT_ACTS = ("recall", "absent", "return", "leave")
DUTY_ACTS = ("check-in", "check-out")
NUMBER = re.compile(r"^[A-Za-z]?\d{1,4}$")


@blueprint.post("/desk/<session_id>/call-next")
@needs("coordinator", "volunteer")
def call_next(session_id: str) -> Any:
    """Call whoever is first to the bench that was chosen, or to the first free one."""
    with telling():
        bench = request.form.get("bench", type=int) or _free_bench(session_id)
        if bench is None:
            flash(_("每个工位都有人。先结束一个，再叫下一位。"), "bad")
        else:
            number = request.form.get("number") or None
            clients().booking.call_next(session_id, bench, form_key(), number)
    return back(session_id)


def _free_bench(session_id: str) -> int | None:
    queue = clients().booking.queue(session_id)
    return next(
        (one.bench for one in queue.benches if one.visit is None and one.ticket is None), None
    )


@blueprint.post("/desk/<session_id>/visits/<visit_id>/<act>")
@needs("coordinator", "volunteer")
def move_visit(session_id: str, visit_id: str, act: str) -> Any:
    """Call again, not there, back in line, or gone."""
    if act not in VISIT_ACTS:
        abort(404)
    with telling():
        clients().booking.move_visit(visit_id, act, form_key())
    return back(session_id)


@blueprint.post("/desk/<session_id>/tickets/<ticket_id>/start")
@needs("coordinator", "volunteer")
def start(session_id: str, ticket_id: str) -> Any:
    """Work on a device begins at a bench."""
    with telling():
        clients().booking.start(
            ticket_id,
            request.form.get("bench", 0, type=int),
            request.form.get("volunteer_id") or None,
            form_key(),
        )
    return onward(session_id, ticket_id)


@blueprint.post("/desk/<session_id>/tickets/<ticket_id>/reopen")
@needs("coordinator", "volunteer")
def reopen(session_id: str, ticket_id: str) -> Any:
    """Take an outcome back."""
    with telling():
        clients().booking.reopen(ticket_id, form_key())
        flash(_("已撤销，退回到上一步。"), "go")
    return onward(session_id, ticket_id)


@blueprint.post("/desk/<session_id>/check-in")
@needs("coordinator", "volunteer")
def check_in(session_id: str) -> Any:
    """Register an arrival by what was typed or scanned."""
    typed = request.form.get("q", "").strip()
    with telling():
        if not typed:
            flash(_("输入号码，或扫对方手机上的码。"), "bad")
        else:
            place = clients().booking.check_in(session_id, arrival(typed), form_key())
            flash(_("%(number)s 已到场，排进队里了。", number=place.get("number") or typed), "go")
    return back(session_id)


def arrival(typed: str) -> dict[str, str]:
    """What was typed, as the service wants it: a number (A021, a21 or 21), or the code of a ticket."""
    if typed.startswith(("http://", "https://")):
        asked = parse_qs(urlsplit(typed).query)
        typed = (asked.get("code") or asked.get("c") or [urlsplit(typed).path.rsplit("/", 1)[-1]])[
            0
        ]
    if NUMBER.match(typed):
        letter = typed[0].upper() if typed[0].isalpha() else "A"
        return {
            "number": f"{letter}{int(typed.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')):03d}"
        }
    return {"code": typed}


@blueprint.post("/desk/<session_id>/appointments/<appointment_id>/check-in")
@needs("coordinator", "volunteer")
def check_in_appointment(session_id: str, appointment_id: str) -> Any:
    """Register the arrival of a booking from the list of those expected."""
    with telling():
        place = clients().booking.check_in(
            session_id, {"appointment_id": appointment_id}, form_key()
        )
        flash(_("%(number)s 已到场，排进队里了。", number=place.get("number") or ""), "go")
    return back(session_id)


@blueprint.post("/desk/<session_id>/assignments/<assignment_id>/<act>")
@needs("coordinator", "volunteer")
def duty(session_id: str, assignment_id: str, act: str) -> Any:
    """A volunteer comes, or goes."""
    if act not in DUTY_ACTS:
        abort(404)
    with telling():
        if act == "check-in":
            clients().roster.check_in(assignment_id, form_key())
            flash(_("已签到，时长从现在开始算。"), "go")
        else:
            clients().roster.check_out(assignment_id, form_key())
            flash(_("已签退，时长记下了。"), "go")
    return back(session_id)
