"""The page of a session: slots of a repair session, or seats of a training with its waitlist."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for

from services.web import lookup
from services.web.clients import clients
from services.web.clients.booking import Mine, Slots
from services.web.clients.catalog import Session
from services.web.clients.opening import Draw
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views import mine as my
from shared import clock
from shared.http_client import Problem, Unavailable

blueprint = Blueprint("sessions", __name__)
NOTHING = Mine((), (), ())
OTHERS_SHOWN = 4
OTHERS_DAYS = 21


@blueprint.get("/sessions/<session_id>")
def show(session_id: str) -> Any:
    """What it is, when, where, what is left, and the one thing to do next."""
    return page(session_id, Form())


@blueprint.get("/trainings/<session_id>")
def training(session_id: str) -> Any:
    """A training's address by its own name."""
    return redirect(url_for("sessions.show", session_id=session_id), 301)


@blueprint.get("/sessions/<session_id>/live")
def fragment(session_id: str) -> Any:
    """The part of the page that follows changes."""
    return render_template("partials/session.html", **_context(session_id), form=Form())


def page(session_id: str, form: Form) -> Any:
    """The whole page, with what went wrong in a form of it."""
    return render_template("pages/session.html", **_context(session_id), form=form), form.status


def _context(session_id: str) -> dict[str, Any]:
    session = clients().catalog.session(session_id)
    offer = lookup.offers([session])[0]
    mine = _mine()
    return {
        "session": session,
        "offer": offer,
        "slots": _slots(session),
        "draw": _draw(session),
        "rules": lookup.rules(session_id),
        "wait": next((one for one in mine.waits if one.session_id == session_id), None),
        "appointment": my.appointment_in(mine.appointments, session_id),
        "enrolment": my.enrolment_in(mine.enrolments, session_id),
        "others": [] if offer.open else _others(session),
        "late": session.booking_closes_at <= clock.now(),
    }


def _mine() -> Mine:
    if g.person is None:
        return NOTHING
    try:
        return clients().booking.mine()
    except (Unavailable, Problem):
        return NOTHING


def _slots(session: Session) -> Slots | None:
    """None when booking could not be asked, or for what has seats."""
    if session.kind != "repair":
        return None
    try:
        return clients().booking.slots(session.id)
    except (Unavailable, Problem):
        return None


def _draw(session: Session) -> Draw | None:
    """The draw of a session that opens with one."""
    if session.opening != "draw" or session.state != "published":
        return None
    try:
        return clients().booking.draw(session.id)
    except (Unavailable, Problem):
        return None


def _others(session: Session) -> list[lookup.Offer]:
    """Other sessions of the same kind with places left."""
    found = lookup.offers(lookup.coming(OTHERS_DAYS, kind=session.kind))
    return [one for one in found if one.open and one.session.id != session.id][:OTHERS_SHOWN]


@blueprint.post("/sessions/<session_id>/enrol")
@needs()
def enrol(session_id: str) -> Any:
    """Take a seat, or a waitlist place when it is full."""
    form = Form.posted_or()
    with form.sending():
        got = clients().booking.enrol(session_id, form.key)
        if got.state == "waitlisted":
            notice(
                _("已加入候补，现在排第 %(n)s。有人退出时按顺序补上，会告诉你。", n=got.place or 1),
                "warn",
            )
        else:
            notice(_("报上名了。开始前会提醒你。"))
        return redirect(url_for("sessions.show", session_id=session_id), 303)
    return page(session_id, form)


@blueprint.route("/sessions/<session_id>/leave", methods=["GET", "POST"])
@needs()
def leave(session_id: str) -> Any:
    """Give a seat or waitlist place back, after seeing what that means."""
    session = clients().catalog.session(session_id)
    seat = my.enrolment_in(clients().booking.mine().enrolments, session_id)
    back = url_for("sessions.show", session_id=session_id)
    if seat is None:
        return redirect(back)
    form = Form.posted_or()
    if form.posted:
        with form.sending():
            clients().booking.leave(seat.id, form.key)
            notice(_("已退出。谢谢你把位子让出来。"))
            return redirect(back, 303)
    return render_template(
        "pages/leave.html", session=session, seat=seat, form=form, back=back
    ), form.status
