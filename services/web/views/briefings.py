"""须知: what a volunteer reads and confirms before serving; 技能确认: signing off who was trained."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from jinja2 import pass_context
from jinja2.runtime import Context

from services.web.clients import clients
from services.web.clients.availability import Briefing
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import has_role, needs
from services.web.views.manage.base import attempt

blueprint = Blueprint("briefings", __name__)
ON_SITE = ("coordinator", "volunteer")


@blueprint.get("/me/briefings")
@needs("volunteer")
def briefings() -> Any:
    """All briefings, the unread ones first."""
    return render_template("pages/briefings.html", briefings=clients().roster.my_briefings())


@blueprint.route("/me/briefings/<code>", methods=["GET", "POST"])
@needs("volunteer")
def briefing(code: str) -> Any:
    """One briefing, to read and confirm."""
    found = clients().roster.my_briefings()
    form = Form.posted_or()
    if form.posted:
        with form.sending():
            clients().roster.read_briefing(code, form.whole("version") or 0, form.key)
            notice(_("已确认，谢谢。"))
            return redirect(_next(found, code), 303)
        found = clients().roster.my_briefings()
    one = next((one for one in found if one.code == code), None)
    if one is None:
        abort(404)
    return render_template("pages/briefing.html", one=one, form=form), form.status


def _next(found: tuple[Briefing, ...], code: str) -> str:
    """The next unread briefing, else the list."""
    left = [one.code for one in found if one.needed and not one.read_at and one.code != code]
    if left:
        return url_for("briefings.briefing", code=left[0])
    return url_for("briefings.briefings")


@blueprint.get("/sign-offs")
@needs(*ON_SITE)
def waiting() -> Any:
    """Who was trained and waits for a practical sign-off that the reader may give."""
    found = clients().roster.waiting_for_sign_off()
    return render_template(
        "pages/sign_offs.html",
        waiting=found,
        names=names_of(one.person_id for one in found),
        skills={one.code: one for one in clients().roster.skills()},
    )


@blueprint.route("/sign-offs/<person_id>", methods=["GET", "POST"])
@needs(*ON_SITE)
def sign(person_id: str) -> Any:
    """What was seen of somebody's work: enough for which level, or not yet."""
    skill = request.args.get("skill", "")
    form = Form.posted_or({"skill": skill, "passed": "1", "level": "2"})
    if form.posted and form.require("skill", "level"):
        body = {
            "person_id": person_id,
            "skill": form["skill"],
            "level": form.whole("level"),
            "passed": form["passed"] == "1",
            "note": form.text("note") or "",
        }
        with form.sending():
            if form.ok:
                clients().roster.sign_off(body, form.key)
                notice(
                    _("已记下，谢谢你带新人。")
                    if form["passed"] == "1"
                    else _("已记下，下次再看。")
                )
                return redirect(_back(person_id), 303)
    skills = clients().roster.skills()
    mine = attempt(clients().roster.me, None)[0]
    may = {one.skill for one in (mine.grants if mine else ()) if one.level == 3 and one.holds}
    return render_template(
        "pages/sign_off.html",
        person_id=person_id,
        names=names_of([person_id]),
        form=form,
        skills=[one for one in skills if has_role("coordinator") or one.code in may],
        levels=(1, 2, 3) if has_role("coordinator") else (1, 2),
    ), form.status


def _back(person_id: str) -> str:
    if has_role("coordinator"):
        return url_for("manage.volunteer", person_id=person_id)
    return url_for("briefings.waiting")


LEVELS = {1: "有人带着做", 2: "能独立做", 3: "资深，能带人"}


@pass_context  # else a literal's name would be kept in the language of whoever reads it first
def level_name(_context: Context, level: int) -> str:
    """A level in words."""
    return _(LEVELS.get(level, "")) or str(level)


blueprint.add_app_template_filter(level_name, "level_name")
