"""时长 for a coordinator: everybody's, found by month, name and what is unusual; correcting, deciding."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import g, redirect, render_template, request, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.base import Json, Page
from services.web.clients.hours import Attendance, Hours, HoursLine
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.hours import of_assignment
from services.web.views.manage.base import attempt, blueprint
from shared import clock

SHOWS = ("forgotten", "double", "objections", "corrected", "long", "short", "outside")
MOST_FOUND = 200
RIGHT = {
    "occurred_at": "ends",
    "checked_in_at": "starts",
    "checked_out_at": "ends",
    "right": "ends",
    **{
        f"right.{name}": field
        for name, field in (
            ("checked_in_at", "starts"),
            ("checked_out_at", "ends"),
            ("pause_minutes", "pause_minutes"),
            ("reason", "answer"),
        )
    },
}


def show_name(show: str) -> str:
    """A filter in words."""
    return {
        "forgotten": _("忘记签退"),
        "double": _("时间重叠"),
        "objections": _("有异议"),
        "corrected": _("更正过"),
        "long": _("特别长"),
        "short": _("特别短"),
        "outside": _("在班次以外"),
    }[show]


blueprint.add_app_template_filter(show_name, "show_name")


def asked_for() -> tuple[Form, dict[str, Any] | None]:
    """What is looked for; None where a name was typed that nobody has."""
    form = Form(request.args.to_dict())
    wanted: dict[str, Any] = {"month": form.text("month")}
    wanted["show"] = form["show"] if form["show"] in SHOWS else None
    if form.text("q"):
        people = clients().identity.people(form.text("q"), "volunteer")
        ids = [one.id for one in people][:MOST_FOUND]
        if not ids:
            return form, None
        wanted["person_ids"] = ",".join(ids)
    return form, wanted


@blueprint.get("/manage/hours")
@needs("coordinator")
def hours() -> Any:
    """Everybody's hours, as far as they are wanted."""
    form, wanted = asked_for()
    found = Hours((), 0)
    with form.sending():
        if wanted is not None:
            found = clients().roster.hours_page(**wanted, cursor=form.text("cursor"))
    return render_template(
        "pages/manage/hours.html",
        found=found,
        form=form,
        shows=SHOWS,
        months=[one for one in attempt(clients().roster.periods, ())[0] if one.kind == "month"],
        names=names_of(one.person_id for one in found.items),
        waiting=len(attempt(lambda: clients().roster.objections("open"), Page((), None))[0]),
    ), form.status


@blueprint.get("/manage/hours/objections")
@needs("coordinator")
def hours_objections() -> Any:
    """Objections that wait for a decision, or those decided."""
    state = request.args.get("state", "open")
    state = state if state in ("open", "upheld", "declined") else "open"
    page = clients().roster.objections(state, request.args.get("cursor"))
    return render_template(
        "pages/manage/hours_objections.html",
        page=page,
        state=state,
        names=names_of(one.person_id for one in page),
    )


@blueprint.route("/manage/hours/of/<assignment_id>", methods=["GET", "POST"])
@needs("coordinator")
def hours_line(assignment_id: str) -> Any:
    """One service: every entry, a correction, a decision about an objection."""
    line, absence = of_assignment(assignment_id)
    form = Form.posted_or(_as_it_stands(line, absence))
    if form.posted:
        answer = _decide(form, absence) if form["objection_id"] else _correct(form, absence)
        if answer is not None:
            return answer
    return _show(line, absence, form)


def _show(line: HoursLine | None, absence: Attendance, form: Form) -> Any:
    said = line.objections if line else absence.objections
    people = [absence.person_id, *(one.decided_by for one in said)]
    people += [one.noted_by for one in line.entries] if line else []
    versions, _current = clients().roster.policies()
    return render_template(
        "pages/manage/hours_line.html",
        line=line,
        absence=absence,
        said=said,
        waiting=next((one for one in said if one.state == "open"), None),
        form=form,
        own=absence.person_id == g.person.id,
        names=names_of(people),
        policies={one.version: one for one in versions},
        over=absence.ends_at <= clock.now(),
    ), form.status


def _as_it_stands(line: HoursLine | None, absence: Attendance) -> dict[str, Any]:
    starts = line.checked_in_at if line else absence.starts_at
    ends = line.checked_out_at if line else absence.ends_at
    return {
        "starts": dates.time(starts),
        "ends": dates.time(ends),
        "pause_minutes": line.pause_minutes if line else 0,
        "seen": line.version if line else 0,
    }


def _correct(form: Form, absence: Attendance) -> Any:
    form.require("starts", "ends", "reason")
    right = _right(form, absence)
    if right is None or not form.ok:
        return None
    body = right | {"reason": form["reason"].strip(), "seen": form.whole("seen") or 0}
    with form.sending(RIGHT):
        clients().roster.correct(absence.assignment_id, body, form.key)
        notice(_("已更正。原来的那条也留着。"))
        return redirect(url_for("manage.hours_line", assignment_id=absence.assignment_id), 303)
    return None


def _decide(form: Form, absence: Attendance) -> Any:
    form.require("answer", "decision")
    body: Json = {"upheld": form["decision"] != "declined", "answer": form["answer"].strip()}
    if form["decision"] == "upheld":
        body["right"] = _right(form, absence)
    if not form.ok:
        return None
    with form.sending(RIGHT):
        clients().roster.decide(form["objection_id"], body, form.key)
        notice(_("已处理，结果会告诉对方。"))
        return redirect(url_for("manage.hours_line", assignment_id=absence.assignment_id), 303)
    return None


def _right(form: Form, absence: Attendance) -> Json | None:
    """The right times as instants: on the shift's day, past midnight where the end is before the start."""
    pause = form.whole("pause_minutes") or 0
    starts, ends = _time(form, "starts"), _time(form, "ends")
    if starts is None or ends is None or not form.ok:
        return None
    day = dates.local_day(absence.starts_at)
    came, left = (datetime.combine(day, one, dates.ZONE) for one in (starts, ends))
    if left < came:
        left += timedelta(days=1)
    return {
        "checked_in_at": clock.iso(came),
        "checked_out_at": clock.iso(left),
        "pause_minutes": pause,
    }


def _time(form: Form, name: str) -> time | None:
    try:
        return time.fromisoformat(form[name].strip())
    except ValueError:
        form.add_error(name, _("时间请写成 09:30 这样。"))
        return None
