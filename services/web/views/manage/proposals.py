"""Proposals for a coordinator: the list, asking for one, following its search, stopping, solving again, discarding."""

from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.base import Page
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import attempt, blueprint, telling

SECONDS = (10, 30, 60, 300)
ACTS = {
    "stop": lambda: _("正在停下来，用目前最好的方案。"),
    "discard": lambda: _("方案已放弃。"),
    "again": lambda: _("正在重新求解，锁定的位置不会变。"),
}


@blueprint.route("/manage/proposals", methods=["GET", "POST"])
@needs("coordinator")
def proposals() -> Any:
    """The proposals there are, and asking for one more."""
    form = Form.posted_or(_defaults())
    if form.posted and (days := _days(form)):
        body: dict[str, Any] = {"from_on": days[0].isoformat(), "until_on": days[1].isoformat()}
        body |= {"seconds": form.whole("seconds") or 30, "unknown_too": bool(form["unknown_too"])}
        with form.sending({}):
            made = clients().roster.propose(body, form.key)
            return redirect(url_for("manage.proposal", proposal_id=made.id), 303)
    cursor = request.args.get("cursor")
    page, away = attempt(lambda: clients().roster.proposals(cursor), Page((), None))
    return render_template(
        "pages/manage/proposals.html",
        form=form,
        page=page,
        away=away,
        names=names_of(one.made_by for one in page),
        spans=spans(),
        seconds=SECONDS,
    ), form.status


def _defaults() -> dict[str, str]:
    first = next(iter(spans()), None)
    days = {"from_on": first[1].isoformat(), "until_on": first[2].isoformat()} if first else {}
    return {**days, "seconds": "30", "unknown_too": "1"}


def spans() -> list[tuple[str, date, date]]:
    """Days that one is likely to want: this week, the next, what is left of the term."""
    today = dates.today()
    monday = today - timedelta(days=today.weekday())
    next_monday = monday + timedelta(weeks=1)
    found = [
        (_("下周"), next_monday, next_monday + timedelta(days=6)),
        (_("本周剩下的"), today, monday + timedelta(days=6)),
    ]
    terms, _away = attempt(clients().catalog.terms, ())
    rest = [one.ends_on for one in terms if one.starts_on <= next_monday <= one.ends_on]
    return [*found, *((_("本学期剩下的"), next_monday, ends) for ends in rest)]


def _days(form: Form) -> tuple[date, date] | None:
    found = []
    for name in ("from_on", "until_on"):
        try:
            found.append(date.fromisoformat(form[name]))
        except ValueError:
            form.add_error(name, _("日期要像 2026-11-25 这样写。"))
    return (found[0], found[1]) if len(found) == len(("from_on", "until_on")) else None


@blueprint.get("/manage/proposals/<proposal_id>/progress")
@needs("coordinator")
def proposal_progress(proposal_id: str) -> Any:
    """How far the search is, as a piece of the page."""
    found = clients().roster.proposal(proposal_id)
    return render_template("partials/proposal_progress.html", one=found)


@blueprint.post("/manage/proposals/<proposal_id>/<any(stop, again, discard):act>")
@needs("coordinator")
def proposal_act(proposal_id: str, act: str) -> Any:
    """Stop the search, solve again, or discard."""
    form = Form.posted_or()
    body = {"seconds": form.whole("seconds") or 30} if act == "again" else None
    with telling():
        clients().roster.proposal_act(proposal_id, act, form.key, body)
        notice(ACTS[act]())
    if act == "discard":
        return redirect(url_for("manage.proposals"), 303)
    week = request.args.get("week")
    return redirect(url_for("manage.proposal", proposal_id=proposal_id, week=week), 303)
