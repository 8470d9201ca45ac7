"""One person: roles, skills, hours; and booking for somebody who stands at the desk."""

from typing import Any

from flask import g, redirect, render_template, request, url_for

from services.web import lookup
from services.web.clients import clients
from services.web.clients.base import Json
from services.web.clients.catalog import Session
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import forget_person, needs
from services.web.views.desk.outcomes import device
from services.web.views.manage.base import PRECONDITION_FAILED, attempt, blueprint
from services.web.views.manage.people import ROLES
from shared.ids import new_id


@blueprint.get("/manage/people/<person_id>")
@needs("coordinator")
def person(person_id: str) -> Any:
    """Roles, skills and hours of one person."""
    found = clients().identity.person(person_id)
    return _page(found, Form({"roles": list(found.roles), "version": found.version}))


def _page(found: Any, form: Form) -> Any:
    skills, roster_away = attempt(clients().roster.skills, ())
    granted = _granted(found.id) if "volunteer" in found.roles else None
    hours = (
        attempt(lambda: clients().roster.hours_of(found.id), None)[0]
        if granted is not None
        else None
    )
    return render_template(
        "pages/manage/person.html",
        person=found,
        form=form,
        roles=ROLES,
        skills=skills,
        granted=granted,
        hours=hours,
        roster_away=roster_away,
        new_key=new_id,
    ), form.status


def _granted(person_id: str) -> Form:
    volunteers, _away = attempt(clients().roster.volunteers, ())
    codes = next((one.skills for one in volunteers if one.person_id == person_id), ())
    return Form({"skills": list(codes)})


@blueprint.post("/manage/people/<person_id>/roles")
@needs("admin")
def set_roles(person_id: str) -> Any:
    """Replace the roles; somebody else's newer change is shown first."""
    form = Form.posted_or()
    with form.sending():
        clients().identity.set_roles(person_id, form.all("roles"), int(form["version"] or 0))
        if person_id == g.person.id:
            forget_person()
        notice(_("角色已保存，下次打开页面就生效。"))
        return redirect(url_for("manage.person", person_id=person_id), 303)
    found = clients().identity.person(person_id)
    if form.status == PRECONDITION_FAILED:
        form.values = form.values.copy()
        form.values["version"] = str(found.version)
        form.summary = _(
            "刚刚有人先改了角色，现在是：%(roles)s。再保存一次就用你选的。",
            roles="、".join(_(ROLES[one]) for one in found.roles if one in ROLES),
        )
    return _page(found, form)


@blueprint.post("/manage/people/<person_id>/skills")
@needs("coordinator")
def set_skills(person_id: str) -> Any:
    """Grant skills: they decide which shifts somebody can take."""
    form = Form.posted_or()
    with form.sending():
        clients().roster.grant(person_id, form.all("skills"))
        notice(_("技能已保存。"))
    if not form.ok:
        notice(form.summary or _("这一步现在做不了。"), "bad")
    return redirect(url_for("manage.person", person_id=person_id), 303)


@blueprint.route("/manage/sessions/<session_id>/book", methods=["GET", "POST"])
@needs("coordinator")
def book_for(session_id: str) -> Any:
    """Book for somebody at the desk: who, then when and what."""
    session = lookup.bound(clients().catalog.session(session_id))
    person_id = request.args.get("person_id")
    if not person_id:
        found = (
            clients().identity.people(request.args["q"])
            if request.args.get("q", "").strip()
            else None
        )
        return render_template(
            "pages/manage/book_who.html",
            session=session,
            page=found,
            form=Form(request.args.to_dict()),
        )
    form = Form.posted_or()
    if form.posted:
        done = _book(session, person_id, form)
        if done:
            return done
    who = clients().identity.person(person_id)
    slots = (
        attempt(lambda: clients().booking.slots(session_id), None)[0]
        if session.kind == "repair"
        else None
    )
    return render_template(
        "pages/manage/book_what.html",
        session=session,
        person=who,
        slots=slots,
        rules=lookup.rules(session_id),
        form=form,
    ), form.status


def _book(session: Session, person_id: str, form: Form) -> Any:
    booking = clients().booking
    if session.kind == "repair" and not form.require("slot_id", "category_id"):
        return None
    with form.sending(
        {
            "devices.0.category_id": "category_id",
            "devices.0.brand": "brand",
            "devices.0.problem": "problem",
            "waiver_version": "waiver",
        }
    ):
        if session.kind == "repair":
            body: Json = {"slot_id": form["slot_id"], "devices": [device(form)]}
            body["person_id"] = person_id
            if form["waiver"]:
                body["waiver_version"] = form.whole("waiver_version")
            booking.post("/appointments", body, key=form.key)
            notice(_("已替对方约好，确认消息会发给本人。"))
        else:
            answer = booking.post(
                "/enrolments", {"session_id": session.id, "person_id": person_id}, key=form.key
            )
            waiting = answer.get("state") == "waitlisted"
            notice(
                _("名额满了，已排进候补。有空位会按顺序补上。")
                if waiting
                else _("已替对方报名，确认消息会发给本人。")
            )
        return redirect(url_for("manage.session", session_id=session.id), 303)
    return None
