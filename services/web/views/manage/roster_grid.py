"""The roster grid: a week of a plan as rows of sessions and columns of days, its edits, and publishing."""

from datetime import date, timedelta
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.proposals import Plan, PlannedShift, Proposal
from services.web.forms import Form
from services.web.i18n import _n
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.impact.charts import short_words
from services.web.views.manage.base import attempt, blueprint, telling
from services.web.views.manage.plan_figures import columns, coverage, fairness, lanes
from shared import clock
from shared.http_client import Problem

CONFLICT = 409
EDITS = {
    "put": "cells/put",
    "remove": "cells/remove",
    "lock": "cells/lock",
    "let-in": "cells/let-in",
}
FIELDS = ("shift_id", "person_id", "instead_of", "moved_from")


@blueprint.get("/manage/proposals/<proposal_id>")
@needs("coordinator")
def proposal(proposal_id: str) -> Any:
    """A proposal: its search, and one week of its plan."""
    one = clients().roster.proposal(proposal_id)
    monday = _week(one)
    plan = clients().roster.plan(proposal_id, monday, monday + timedelta(days=6))
    shown = _filtered(plan.shifts)
    return render_template(
        "pages/manage/proposal.html",
        one=one,
        plan=plan,
        monday=monday,
        lanes=lanes(shown),
        days=columns(monday, one),
        names=names_of(_people(plan)),
        skills=attempt(clients().roster.skills, ())[0],
        venues=sorted({shift.venue_name for shift in plan.shifts}, key=lambda it: it.zh),
        coverage=coverage(plan.weeks),
        fairness=fairness(plan.hours),
        short=lambda on: short_words(on, "day"),
        hidden=len(plan.shifts) - len(shown),
        to_publish=len({shift.session_id for shift in plan.shifts if _planned(shift)}),
    )


def _week(one: Proposal) -> date:
    """The Monday of the week asked for, else the first week of the plan."""
    first = one.from_on - timedelta(days=one.from_on.weekday())
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return first
    asked -= timedelta(days=asked.weekday())
    return min(max(asked, first), one.until_on - timedelta(days=one.until_on.weekday()))


def _filtered(shifts: tuple[PlannedShift, ...]) -> list[PlannedShift]:
    skill, venue = request.args.get("skill"), request.args.get("venue")
    gaps = request.args.get("gaps")
    return [
        one
        for one in shifts
        if (not skill or one.skill == skill)
        and (not venue or one.venue_name.zh == venue)
        and (not gaps or one.filled < one.at_most)
    ]


def _people(plan: Plan) -> set[str]:
    on = {cell.person_id for shift in plan.shifts for cell in shift.cells}
    there = {who for shift in plan.shifts for who in (*shift.on_it, *shift.offered, *shift.off)}
    return on | there | {one.person_id for one in plan.hours}


def _planned(shift: PlannedShift) -> bool:
    ahead = shift.starts_at > clock.now()
    return ahead and any(cell.state == "planned" for cell in shift.cells)


@blueprint.get("/manage/proposals/<proposal_id>/shifts/<shift_id>")
@needs("coordinator")
def plan_choices(proposal_id: str, shift_id: str) -> Any:
    """Who could be put on a shift, in whose place; a piece of the page if asked so."""
    instead_of = request.args.get("instead_of")
    one = clients().roster.proposal(proposal_id)
    plan = clients().roster.plan(proposal_id, one.from_on, one.until_on)
    shift = next((found for found in plan.shifts if found.id == shift_id), None)
    if shift is None:
        return redirect(url_for("manage.proposal", proposal_id=proposal_id), 303)
    ahead = shift.starts_at > clock.now()
    choices = clients().roster.choices(proposal_id, shift_id, instead_of) if ahead else ()
    people = {choice.person_id for choice in choices} | {cell.person_id for cell in shift.cells}
    page = (
        "partials/plan_choices.html"
        if request.args.get("piece")
        else "pages/manage/plan_choices.html"
    )
    return render_template(
        page,
        one=one,
        shift=shift,
        ahead=ahead,
        cell=next((cell for cell in shift.cells if cell.person_id == instead_of), None),
        choices=choices,
        names=names_of(people | set(shift.off)),
        monday=shift.starts_at.date(),
    )


@blueprint.post("/manage/proposals/<proposal_id>/<any(put, remove, lock, 'let-in'):edit>")
@needs("coordinator")
def plan_edit(proposal_id: str, edit: str) -> Any:
    """Put somebody on a shift, take them off, lock them, let them back in."""
    form = Form.posted_or()
    body: dict[str, Any] = {name: form[name] for name in FIELDS if form[name]}
    if edit == "put":
        body["even_so"] = form["even_so"] == "1"
    if edit == "lock":
        body["locked"] = form["locked"] == "1"
    with telling():
        try:
            clients().roster.proposal_act(proposal_id, EDITS[edit], form.key, body)
        except Problem as problem:
            if problem.code == "needs_word" and request.headers.get("X-Asked-By") == "grid":
                return Response(problem.detail, CONFLICT, mimetype="text/plain")
            raise
    week = request.args.get("week")
    return redirect(url_for("manage.proposal", proposal_id=proposal_id, week=week), 303)


@blueprint.post("/manage/proposals/<proposal_id>/publish")
@needs("coordinator")
def plan_publish(proposal_id: str) -> Any:
    """Publish a week of the plan, or all of it, a session at a time."""
    form = Form.posted_or()
    one = clients().roster.proposal(proposal_id)
    monday = _week(one)
    until = one.until_on if form["all"] else monday + timedelta(days=6)
    since = one.from_on if form["all"] else monday
    plan = clients().roster.plan(proposal_id, since, until)
    asked, refused = 0, 0
    with telling():
        for session_id in dict.fromkeys(
            shift.session_id for shift in plan.shifts if _planned(shift)
        ):
            cells = clients().roster.publish_planned(
                proposal_id, session_id, f"{form.key}:{session_id}"
            )
            asked += sum(cell.state == "out" for cell in cells)
            refused += sum(cell.state == "refused" for cell in cells)
    if asked:
        notice(_n("已发布：%(n)s 个位置的志愿者会收到消息。", asked))
    if refused:
        notice(_n("%(n)s 个位置没能发布，格子里写着原因。", refused), "warn")
    return redirect(url_for("manage.proposal", proposal_id=proposal_id, week=monday), 303)
