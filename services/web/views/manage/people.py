"""People: search, enter somebody, import a list from CSV after seeing what it would do."""

import base64
from typing import Any

from flask import redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import has_role, needs
from services.web.views.manage.base import attempt, blueprint

ROLES = {"student": "同学", "volunteer": "志愿者", "coordinator": "协调员", "admin": "管理员"}


def role_name(role: str) -> str:
    """A role in words."""
    return _(ROLES.get(role, role))


blueprint.add_app_template_filter(role_name, "role_name")


@blueprint.get("/manage/people")
@needs("coordinator")
def people() -> Any:
    """Search by name or login."""
    asked = request.args
    page = clients().identity.people(asked.get("q"), asked.get("role"), asked.get("cursor"))
    return render_template(
        "pages/manage/people.html", page=page, form=Form(asked.to_dict()), roles=ROLES
    )


@blueprint.route("/manage/people/new", methods=["GET", "POST"])
@needs("coordinator")
def new_person() -> Any:
    """Enter somebody who stands at the desk; with a session in mind, go on to book for them."""
    form = Form.posted_or({"name": request.args.get("name", "")})
    session_id = request.args.get("session_id")
    if form.posted and form.require("name"):
        with form.sending():
            roles = [one for one in form.all("roles") if one in ROLES] if has_role("admin") else []
            person = clients().identity.add_person(
                form["name"].strip(), form.text("login"), roles or ["student"], form.key
            )
            _keep_email(person.id, form.text("email"))
            if session_id:
                return redirect(
                    url_for("manage.book_for", session_id=session_id, person_id=person.id), 303
                )
            notice(_("已登记 %(name)s。", name=person.name))
            return redirect(url_for("manage.person", person_id=person.id), 303)
    return render_template(
        "pages/manage/person_new.html", form=form, roles=ROLES, session_id=session_id
    ), form.status


def _keep_email(person_id: str, email: str | None) -> None:
    if email:
        _done, away = attempt(lambda: clients().notify.set_contact(person_id, email, "zh"), None)
        if away:
            notice(_("人已登记，但邮箱没有存上，请到联系方式里再填一次。"), "warn")


@blueprint.route("/manage/people/import", methods=["GET", "POST"])
@needs("coordinator")
def import_people() -> Any:
    """First what every line would do, then do it."""
    form, result = Form.posted_or(), None
    if form.posted:
        encoded = _encoded(form)
        if encoded is None:
            form.add_error("csv", _("选一个文件，或把表格贴进来。"))
        else:
            with form.sending({"csv_base64": "csv"}):
                really = form["do"] == "import"
                result = clients().identity.import_file(
                    encoded, dry_run=not really, key=None if not really else form.key
                )
                if really:
                    _keep_emails(result["rows"])
                    notice(_("已导入 %(n)s 人。", n=result["created"]))
                    return redirect(url_for("manage.people"), 303)
                form.values = form.values.copy()
                form.values["encoded"] = encoded
    return render_template("pages/manage/people_import.html", form=form, result=result), form.status


def _encoded(form: Form) -> str | None:
    """What was sent as base64: the file, the text that was pasted, or what was looked at before."""
    file = request.files.get("file")
    if file and file.filename:
        return base64.b64encode(file.read()).decode()
    if form.text("csv"):
        return base64.b64encode(form["csv"].encode()).decode()
    return form.text("encoded")


def _keep_emails(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["state"] == "created" and row["person_id"]:
            _keep_email(row["person_id"], row["email"])
