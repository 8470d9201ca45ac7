"""Skills: what shifts ask for and volunteers are granted."""

import re
from typing import Any

from flask import redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.volunteers import Skill
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice, text
from services.web.signin import needs
from services.web.views.manage.base import attempt, bilingual, blueprint, texts

NOT_IN_A_CODE = re.compile(r"[^a-z0-9]+")


def code_of(english: str) -> str:
    """A short code out of the English name: Small appliances → small_appliances."""
    return NOT_IN_A_CODE.sub("_", english.lower()).strip("_")[:40]


@blueprint.route("/manage/skills", methods=["GET", "POST"])
@needs("coordinator")
def skills() -> Any:
    """All skills, and a form for one more or for other names of one."""
    form = Form.posted_or()
    if form.posted and form.require("title_zh", "title_en"):
        code = form.text("code") or code_of(form["title_en"])
        if not code:
            form.add_error("title_en", _("英文名称里要有字母，短代码由它而来。"))
        with form.sending({**bilingual("title"), "code": "title_en"}):
            rules = _rules(form)
            if form.ok:
                clients().roster.save_skill(
                    code, form["title_zh"].strip(), form["title_en"].strip(), **rules
                )
                notice(_("已保存。"))
                return redirect(url_for("manage.skills"), 303)
    found = clients().roster.skills()
    edited = next((one for one in found if one.code == request.args.get("code")), None)
    if edited and not form.posted:
        form = Form(_defaults(edited))
    return render_template(
        "pages/manage/skills.html",
        skills=found,
        form=form,
        edited=edited,
        trainings=attempt(_trainings, ())[0],
    ), form.status


def _trainings() -> list[tuple[str, str]]:
    """The trainings that can lead to a skill."""
    offerings = clients().catalog.offerings()
    return [(one.id, text(one.title)) for one in offerings if one.kind == "training"]


def _rules(form: Form) -> dict[str, Any]:
    return {
        "offering_id": form.text("offering_id"),
        "proof": form["proof"] or "sign_off",
        "valid_months": form.whole("valid_months"),
    }


def _defaults(one: Skill) -> dict[str, Any]:
    return {
        "code": one.code,
        **texts("title", one.title),
        "offering_id": one.offering_id or "",
        "proof": one.proof,
        "valid_months": one.valid_months or "",
    }
