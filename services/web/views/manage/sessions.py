"""Sessions: the list, one session with everybody in it, attendance, assigning volunteers, booking for somebody."""

from datetime import date, timedelta
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.catalog import Session
from services.web.clients.taking import Asking
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.asking import asking_of
from services.web.views.manage.base import attempt, blueprint, telling
from services.web.views.manage.help import help_of
from services.web.views.manage.home import with_places
from services.web.views.manage.waiting import waiting_of
from shared import clock
from shared.ids import new_id

ATTENDANCE = ("attended", "absent", "enrolled")


@blueprint.get("/manage/sessions")
@needs("coordinator")
def sessions() -> Any:
    """All sessions, from today unless asked otherwise."""
    asked = request.args
    since = _day(asked.get("from")) or dates.today()
    until = _day(asked.get("to"))
    page = clients().catalog.sessions_page(
        asked.get("cursor"),
        from_=clock.iso(dates.day_start(since)),
        to=clock.iso(dates.day_start(until + timedelta(days=1))) if until else None,
        kind=asked.get("kind"),
        state=asked.get("state"),
        series_id=asked.get("series_id"),
        programme_id=asked.get("programme_id"),
        offering_id=asked.get("offering_id"),
    )
    return render_template(
        "pages/manage/sessions.html",
        page=page,
        planned=with_places(list(page.items)),
        form=Form({**asked.to_dict(), "from": since.isoformat()}),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@blueprint.get("/manage/sessions/<session_id>")
@needs("coordinator")
def session(session_id: str) -> Any:
    """One session: places, bookings or enrolments, shifts."""
    found = clients().catalog.session(session_id)
    return render_template(
        "pages/manage/session.html",
        session=found,
        new_key=new_id,
        help=help_of(found),
        asking=Asking() if found.state == "draft" else asking_of(found.id),
        **_parts(found),
    )


def _draw(session: Session) -> Any:
    """The draw that a session opens with, where it is published and booking answers."""
    if session.opening != "draw" or session.state == "draft":
        return None
    return attempt(lambda: clients().booking.draw(session.id), None)[0]


def _parts(session: Session) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "slots": None,
        "appointments": (),
        "enrolments": (),
        "booking_away": False,
        "risks": None,
        "draw": _draw(session),
        "waiting": waiting_of(session),
    }
    draft = session.state == "draft"
    if not draft and session.kind == "repair":
        parts["slots"], parts["booking_away"] = attempt(
            lambda: clients().booking.slots(session.id), None
        )
        parts["appointments"], _away = attempt(
            lambda: clients().booking.session_appointments(session.id), ()
        )
        parts["risks"], _away = attempt(lambda: clients().booking.session_risks(session.id), None)
    elif not draft:
        parts["enrolments"], parts["booking_away"] = attempt(
            lambda: clients().booking.session_enrolments(session.id), ()
        )
    shifts, roster_away = (
        ((), False) if draft else attempt(lambda: clients().roster.session_shifts(session.id), ())
    )
    volunteers, _away = ((), False) if draft else attempt(clients().roster.volunteers, ())
    helpers = [one.person_id for shift in shifts for one in shift.assignments]
    people = [one.person_id for one in (*parts["appointments"], *parts["enrolments"])]
    people += parts["risks"].people if parts["risks"] else []
    people += [one.person_id for one in parts["waiting"]]
    names = names_of([*people, *helpers, *(one.person_id for one in volunteers)])
    return {
        **parts,
        "shifts": shifts,
        "roster_away": roster_away,
        "volunteers": volunteers,
        "names": names,
    }


@blueprint.post(
    "/manage/sessions/<session_id>/enrolments/<enrolment_id>/<any(attended, absent, enrolled):state>"
)
@needs("coordinator", "volunteer")
def mark(session_id: str, enrolment_id: str, state: str) -> Any:
    """Mark somebody of a training as present or absent."""
    with telling():
        clients().booking.mark(enrolment_id, state, request.form.get("idempotency_key", ""))
    return redirect(
        url_for("manage.attendance", session_id=session_id, _anchor=f"e-{enrolment_id}"), 303
    )


@blueprint.get("/manage/sessions/<session_id>/attendance")
@needs("coordinator", "volunteer")
def attendance(session_id: str) -> Any:
    """Who is in the room: one tap per name."""
    found = clients().catalog.session(session_id)
    enrolments = clients().booking.session_enrolments(session_id)
    names = names_of(one.person_id for one in enrolments)
    live = sorted(
        (one for one in enrolments if one.state in ATTENDANCE),
        key=lambda one: names.full(one.person_id) or "",
    )
    return render_template(
        "pages/manage/attendance.html",
        session=found,
        enrolments=live,
        names=names,
        new_key=new_id,
        present=sum(one.state == "attended" for one in live),
    )


@blueprint.post("/manage/sessions/<session_id>/shifts/<shift_id>/assign")
@needs("coordinator")
def assign(session_id: str, shift_id: str) -> Any:
    """Put a volunteer on a shift."""
    with telling():
        person_id = request.form.get("person_id", "")
        if not person_id:
            notice(_("选一位志愿者。"), "bad")
        else:
            clients().roster.accept(shift_id, request.form.get("idempotency_key", ""), person_id)
            notice(_("已排上，对方会收到消息。"))
    return redirect(url_for("manage.session", session_id=session_id, _anchor="shifts"), 303)


@blueprint.post(
    "/manage/sessions/<session_id>/assignments/<assignment_id>/<any(drop, 'check-in', 'check-out'):act>"
)
@needs("coordinator")
def change_assignment(session_id: str, assignment_id: str, act: str) -> Any:
    """Take a volunteer off a shift, or check them in and out."""
    key = request.form.get("idempotency_key", "")
    with telling():
        if act == "drop":
            clients().roster.drop(assignment_id, key)
        elif act == "check-in":
            clients().roster.check_in(assignment_id, key)
        else:
            clients().roster.check_out(assignment_id, key)
        notice(
            {
                "drop": _("已从班次上撤下，对方会收到消息。"),
                "check-in": _("已签到，时长从现在开始算。"),
                "check-out": _("已签退，时长记下了。"),
            }[act]
        )
    return redirect(url_for("manage.session", session_id=session_id, _anchor="shifts"), 303)


@blueprint.post("/manage/sessions/<session_id>/appointments/<appointment_id>/cancel")
@needs("coordinator")
def cancel_appointment(session_id: str, appointment_id: str) -> Any:
    """Cancel a booking for somebody who asked for it."""
    with telling():
        clients().booking.post(
            f"/appointments/{appointment_id}/cancel", key=request.form.get("idempotency_key", "")
        )
        notice(_("预约已取消，位置空出来了，对方会收到消息。"))
    return redirect(url_for("manage.session", session_id=session_id, _anchor="bookings"), 303)


@blueprint.get("/manage/sessions/<session_id>/outcomes.csv")
@needs("coordinator")
def outcomes(session_id: str) -> Any:
    """The outcomes as Open Repair Data."""
    headers = {"Content-Disposition": f'attachment; filename="outcomes-{session_id[:8]}.csv"'}
    return Response(
        clients().booking.outcomes_csv(session_id), mimetype="text/csv", headers=headers
    )
