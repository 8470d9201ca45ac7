"""Volunteers for a coordinator: the list, one volunteer's file, and the briefings they read."""

import re
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.base import Page
from services.web.clients.volunteers import Grant, Volunteer
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import (
    PRECONDITION_FAILED,
    attempt,
    bilingual,
    blueprint,
    both,
    telling,
    texts,
)
from services.web.views.manage.skills import code_of
from shared import clock
from shared.clock import iso

EXPIRING_DAYS = 30
MOST_FOUND = 200


@blueprint.get("/manage/volunteers")
@needs("coordinator")
def volunteers() -> Any:
    """Volunteers by name, skill, what ends soon, and who is new."""
    asked = Form(request.args.to_dict())
    page, away = attempt(lambda: _found(asked), Page((), None))
    return render_template(
        "pages/manage/volunteers.html",
        page=page,
        away=away,
        form=asked,
        names=names_of(one.person_id for one in page),
        skills=attempt(clients().roster.skills, ())[0],
        waiting=len(attempt(clients().roster.waiting_for_sign_off, ())[0]),
    )


def _found(asked: Form) -> Page:
    """A search by name asks identity who that is; roster says the rest."""
    wanted: dict[str, Any] = {"skill": asked.text("skill"), "cursor": asked.text("cursor")}
    wanted["expiring_days"] = EXPIRING_DAYS if asked["show"] == "expiring" else None
    wanted["newcomer"] = "true" if asked["show"] == "new" else None
    if asked.text("q"):
        people = clients().identity.people(asked.text("q"), "volunteer")
        ids = [one.id for one in people][:MOST_FOUND]
        if not ids:
            return Page((), None)
        wanted["person_ids"] = ",".join(ids)
    return clients().roster.volunteer_page(**wanted)


@blueprint.get("/manage/volunteers/<person_id>")
@needs("coordinator")
def volunteer(person_id: str) -> Any:
    """Everything about one volunteer on one page."""
    found = clients().roster.volunteer(person_id)
    return _file(found, Form({"level": "2"}))


def _file(found: Volunteer, form: Form) -> Any:
    roster, id = clients().roster, found.person_id
    way, _away = attempt(lambda: roster.way_of(id), None)
    people = [id, *(one.granted_by for one in found.grants)]
    people += [one.signed_by for one in way.sign_offs] if way else []
    return render_template(
        "pages/manage/volunteer.html",
        one=found,
        way=way,
        form=form,
        names=names_of(person for person in people if person != "training"),
        skills=roster.skills(),
        time=attempt(lambda: roster.availability_of(id), None)[0],
        briefings=attempt(lambda: roster.briefings_of(id), ())[0],
        hours=attempt(lambda: roster.hours_of(id), None)[0],
        ahead=attempt(lambda: roster.assignments_of(id), ())[0],
    ), form.status


@blueprint.post("/manage/volunteers/<person_id>/skills")
@needs("coordinator")
def set_skill(person_id: str) -> Any:
    """Grant a skill at a level until a day, or take it away."""
    form = Form.posted_or()
    if form.require("skill"):
        with form.sending({"expires_at": "expires_on"}):
            if form["do"] == "revoke":
                clients().roster.revoke_skill(person_id, form["skill"])
                notice(_("技能已收回。已经接的班次还在。"))
            else:
                level, until = form.whole("level") or 2, _until(form)
                if form.ok:
                    clients().roster.set_skill(person_id, form["skill"], level, until)
                    notice(_("技能已保存。"))
            if form.ok:
                return redirect(url_for("manage.volunteer", person_id=person_id), 303)
    return _file(clients().roster.volunteer(person_id), form)


def _until(form: Form) -> str | None:
    """The end of a day at the venue as an instant; nothing typed means without end."""
    if not form.text("expires_on"):
        return None
    try:
        on = date.fromisoformat(form["expires_on"])
    except ValueError:
        form.add_error("expires_on", _("日期要像 2026-11-25 这样写。"))
        return None
    return iso(dates.day_start(on + timedelta(days=1)))


@blueprint.post("/manage/volunteers/<person_id>/newcomer")
@needs("coordinator")
def set_newcomer(person_id: str) -> Any:
    """Say that somebody is new, or is no longer."""
    newcomer = request.form.get("newcomer") == "1"
    with telling():
        clients().roster.set_newcomer(person_id, newcomer=newcomer)
        notice(_("已记为新人。") if newcomer else _("不再算新人了。"))
    return redirect(url_for("manage.volunteer", person_id=person_id), 303)


@blueprint.get("/manage/briefings")
@needs("coordinator")
def briefings() -> Any:
    """All briefings."""
    found = clients().roster.my_briefings()
    return render_template(
        "pages/manage/briefings.html", briefings=sorted(found, key=lambda one: one.code)
    )


@blueprint.route("/manage/briefings/new", methods=["GET", "POST"], defaults={"code": None})
@blueprint.route("/manage/briefings/<code>", methods=["GET", "POST"])
@needs("coordinator")
def briefing(code: str | None) -> Any:
    """Write a briefing, or a new version of it."""
    found = next((one for one in clients().roster.my_briefings() if one.code == code), None)
    defaults: dict[str, Any] = {"version": 0, "needed": "1"}
    if found:
        defaults = {"version": found.version, "needed": "1" if found.needed else ""}
        defaults |= texts("title", found.title) | texts("text", found.text)
    form = Form.posted_or(defaults)
    if form.posted and form.require("title_zh", "text_zh"):
        name = code or code_of(form["title_en"]) or code_of(re.sub(r"\W", "", form.key))
        body = {"title": both(form, "title"), "text": both(form, "text")}
        with form.sending(bilingual("title", "text")):
            version = form.whole("version") or 0
            clients().roster.save_briefing(name, body | {"needed": bool(form["needed"])}, version)
            notice(_("已保存为第 %(n)s 版。", n=version + 1))
            return redirect(url_for("manage.briefings"), 303)
        if form.status == PRECONDITION_FAILED and found:
            form.values = form.values.copy()
            form.values["version"] = str(found.version)
    return render_template("pages/manage/briefing.html", found=found, form=form), form.status


def ends_soon(grant: Grant) -> bool:
    """Whether a skill ends within a month, or has ended."""
    soon = clock.now() + timedelta(days=EXPIRING_DAYS)
    return grant.expires_at is not None and grant.expires_at <= soon


def last_day(grant: Grant) -> date | None:
    """The last day on which a skill counts: it ends at midnight after it, or during it."""
    if grant.expires_at is None:
        return None
    return dates.local_day(grant.expires_at - timedelta(microseconds=1))


blueprint.add_app_template_test(ends_soon, "ending_soon")
blueprint.add_app_template_filter(last_day, "last_day")
