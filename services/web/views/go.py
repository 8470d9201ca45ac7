"""What the code on the wall opens: check-in for who booked, check-in or -out for volunteers, a number for anybody else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for

from services.web.clients import clients
from services.web.clients.roster import Assignment
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import has_role, needs
from services.web.views.desk.board import attempt
from services.web.views.desk.outcomes import device
from services.web.views.mine import LIVE_VISITS, appointment_in
from shared import clock

blueprint = Blueprint("go", __name__)


@dataclass(frozen=True)
class Mine:
    """My place in this session: still to come, or already in line."""

    id: str
    state: str
    number: str | None
    starts_at: datetime | None = None


@blueprint.route("/go/<session_id>/<code>", methods=["GET", "POST"])
def arrive(session_id: str, code: str) -> Any:
    """The right act for who scans."""
    session = clients().catalog.session(session_id)
    if g.person is None:
        return render_template(
            "pages/go_sign_in.html",
            session=session,
            here=url_for(".arrive", session_id=session_id, code=code),
        )
    assignment = my_assignment(session_id)
    if assignment:
        return render_template(
            "pages/go_volunteer.html",
            session=session,
            assignment=assignment,
            code=code,
            form=Form(),
        )
    mine = my_place(session_id)
    if mine and mine.state != "booked":
        return redirect(f"/places/{mine.id}", 303)
    return arrival(session, code, mine)


def arrival(session: Any, code: str, mine: Mine | None) -> Any:
    """Check in a booking with one tap, or take a number with one device."""
    form = Form.posted_or()
    if form.posted and (mine or form.require("category_id")):
        with form.sending({"devices.0.category_id": "category_id"}):
            if mine:
                place = clients().booking.check_in(session.id, {"wall_code": code}, form.key)
                notice(_("已签到。轮到你时这一页会变，手机上也会收到消息。"))
            else:
                place = clients().booking.walk_in(
                    session.id, {"wall_code": code, "devices": [device(form)]}, form.key
                )
                notice(_("取到号了。轮到你时这一页会变。"))
            return redirect(f"/places/{place['id']}", 303)
    page = "pages/go_check_in.html" if mine else "pages/go_number.html"
    return render_template(page, session=session, mine=mine, form=form, code=code), form.status


def my_place(session_id: str) -> Mine | None:
    """My appointment or visit of this session, or None."""
    found = clients().booking.mine()
    for visit in found.visits:
        if visit.session_id == session_id and visit.state in LIVE_VISITS:
            return Mine(visit.id, visit.state, visit.number)
    booked = appointment_in(found.appointments, session_id)
    return Mine(booked.id, booked.state, booked.number, booked.starts_at) if booked else None


def my_assignment(session_id: str) -> Assignment | None:
    """My shift of this session that can be checked in or out now: a running one first."""
    if not has_role("volunteer"):
        return None
    nothing: tuple[Assignment, ...] = ()
    found, _away = attempt(clients().roster.my_assignments, nothing)
    live = [
        one
        for one in found
        if one.session_id == session_id and one.live and one.checked_out_at is None
    ]
    live = [one for one in live if one.ends_at > clock.now() or one.present]
    return min(live, key=lambda one: (not one.present, one.starts_at), default=None)


@blueprint.post("/go/<session_id>/<code>/duty/<assignment_id>/<act>")
@needs("volunteer")
def duty(session_id: str, code: str, assignment_id: str, act: str) -> Any:
    """A volunteer comes or goes, with the code of the wall."""
    form = Form.posted_or()
    with form.sending():
        if act == "check-out":
            clients().roster.check_out(assignment_id, form.key)
            notice(_("已签退，时长记下了。辛苦了！"))
        else:
            clients().roster.check_in(assignment_id, form.key, code)
            notice(_("已签到，时长从现在开始算。"))
        return redirect(url_for("shifts.index"), 303)
    session = clients().catalog.session(session_id)
    return render_template(
        "pages/go_volunteer.html",
        session=session,
        assignment=my_assignment(session_id),
        code=code,
        form=form,
    ), form.status
