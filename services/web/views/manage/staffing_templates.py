"""Staffing templates: the shifts that a kind of session usually has, under a name."""

from typing import Any

from flask import redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.catalog import Session
from services.web.clients.staffing import Entry, StaffingTemplate
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage import session_rows
from services.web.views.manage.base import (
    attempt,
    bilingual,
    blueprint,
    both,
    overtaken,
    telling,
    watching,
)
from services.web.views.manage.shift_rows import entry_of, template_values, typed
from shared.ids import new_id

LABELS = {"title_zh": "名称", "title_en": "英文名称"}


@blueprint.get("/manage/staffing-templates")
@needs("coordinator")
def staffing_templates() -> Any:
    """All templates; archived ones at the end."""
    found = sorted(clients().catalog.staffing_templates(), key=lambda one: one.state == "archived")
    skills, _away = attempt(clients().roster.skills, ())
    return render_template(
        "pages/manage/staffing_templates.html", items=found, skills=skills, new_key=new_id
    )


@blueprint.route("/manage/staffing-templates/new", methods=["GET", "POST"])
@needs("coordinator")
def new_staffing_template() -> Any:
    """Write a template, empty or as one session has its shifts."""
    source = request.args.get("session_id")
    start = _of_session(clients().catalog.session(source)) if source else _empty()
    form = Form.posted_or(start)
    if form.posted and not session_rows.change_rows(form, form["do"]):
        body = _body(form)
        if form.ok:
            with form.sending(_names(form)):
                clients().catalog.create("staffing-templates", body, form.key)
                notice(_("模板存好了。"))
                return redirect(url_for("manage.staffing_templates"), 303)
    return _page(form, None, [])


@blueprint.route("/manage/staffing-templates/<template_id>", methods=["GET", "POST"])
@needs("coordinator")
def staffing_template(template_id: str) -> Any:
    """Change a template; sessions made from it stay as they are."""
    found = clients().catalog.staffing_template(template_id)
    form, changes = Form.posted_or(template_values(found)), list[tuple[str, str]]()
    if form.posted and not session_rows.change_rows(form, form["do"]):
        body = _body(form)

        def explain() -> None:
            newest = clients().catalog.staffing_template(template_id)
            labels = {name: _(label) for name, label in LABELS.items()}
            changes.extend(overtaken(form, newest, labels, template_values(newest)))

        if form.ok:
            with watching(form, _names(form), explain):
                version = int(form["version"] or found.version)
                clients().catalog.replace("staffing-templates", template_id, body, version)
                notice(_("模板存好了。"))
                return redirect(url_for("manage.staffing_templates"), 303)
    return _page(form, found, changes)


@blueprint.post("/manage/staffing-templates/<template_id>/archive")
@needs("coordinator")
def archive_staffing_template(template_id: str) -> Any:
    """Put a template away."""
    form = Form.posted_or()
    with telling():
        clients().catalog.archive("staffing-templates", template_id, form.key)
        notice(_("已归档。"))
    return redirect(url_for("manage.staffing_templates"), 303)


def _empty() -> dict[str, Any]:
    return {"rows": 1, "needed-0": 1, "at_most-0": 2}


def _of_session(session: Session) -> dict[str, Any]:
    values: dict[str, Any] = {"rows": len(session.staffing), "title_zh": session.title.zh}
    for n, need in enumerate(session.staffing):
        since = int((need.starts_at - session.starts_at).total_seconds() // 60)
        until = int((need.ends_at - session.starts_at).total_seconds() // 60)
        entry = Entry(
            role=need.role,
            skill=need.skill,
            needed=need.needed,
            at_most=need.at_most,
            level=need.level,
            from_minutes=since,
            until_minutes=None if need.ends_at == session.ends_at else until,
        )
        values |= typed(entry, n)
    return values


def _body(form: Form) -> dict[str, Any]:
    form.require("title_zh")
    entries = [entry_of(form, str(row.number)) for row in session_rows.rows(form)]
    if not entries:
        form.add_error("rows", _("至少写一个班次。"))
    return {"title": both(form, "title"), "entries": entries}


def _names(form: Form) -> dict[str, str]:
    names = bilingual("title")
    fields = {"role": "role_zh", "needed": "needed", "at_most": "at_most", "skill": "skill"}
    for row in session_rows.rows(form):
        for theirs, ours in {**fields, "until_minutes": "until", "level": "skill"}.items():
            names[f"entries.{row.number}.{theirs}"] = f"{ours}-{row.number}"
    return names


def _page(
    form: Form, found: StaffingTemplate | None, changes: list[tuple[str, str]]
) -> tuple[str, int]:
    skills, _away = attempt(clients().roster.skills, ())
    return render_template(
        "pages/manage/staffing_template.html",
        form=form,
        found=found,
        changes=changes,
        rows=session_rows.rows(form),
        skills=skills,
        most_rows=session_rows.MOST_ROWS,
    ), form.status
