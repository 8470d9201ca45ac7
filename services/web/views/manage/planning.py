"""Planning: create a session or a weekly series, change it with a scope, cancel it, after seeing who will be told."""

from typing import Any

from flask import redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.catalog import Offering, Session
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice, text
from services.web.signin import needs
from services.web.views.manage import session_form, session_rows
from services.web.views.manage.audience import audience_of
from services.web.views.manage.base import attempt, blueprint, both, overtaken, watching
from services.web.views.manage.series import look_at

LABELS = {
    "day": "日期",
    "starts": "开始",
    "ends": "结束",
    "benches": "工位",
    "seats": "座位",
    "slot_minutes": "时段分钟数",
    "opens": "开放预约",
    "closes": "截止预约",
    "title_zh": "名称",
    "title_en": "英文名称",
}


@blueprint.route("/manage/sessions/new", methods=["GET", "POST"])
@needs("coordinator")
def new_session() -> Any:
    """First what, then when and where."""
    offering_id = request.args.get("offering_id")
    if not offering_id:
        offerings = [one for one in clients().catalog.offerings() if one.state == "active"]
        return render_template("pages/manage/session_what.html", offerings=offerings)
    offering = clients().catalog.offering(offering_id)
    start = session_form.defaults(offering) | {"programme_id": request.args.get("programme_id", "")}
    form = Form.posted_or(start)
    if form.posted and not _changes_rows(form):
        saved = _save_new(form, offering)
        if saved:
            return saved
    return _session_page(form, offering, None)


def _changes_rows(form: Form) -> bool:
    """Whether the form was sent only to have other rows of shifts."""
    if form["do"] == "use_template":
        if form.text("template"):
            template = clients().catalog.staffing_template(form["template"])
            session_rows.lay_template(form, template)
        return True
    return session_rows.change_rows(form, form["do"])


def _save_new(form: Form, offering: Offering) -> Any:
    body, weekly = session_form.body(form, offering), session_form.weekly(form)
    if not form.ok or (weekly and form["do"] != "save"):
        return None  # a series is looked at before it is saved
    with form.sending(_names(form)):
        if weekly:
            found = clients().catalog.create("series", {**body, "weekly": weekly}, form.key)
            first = found["sessions"][0]
            notice(_("存成草稿了，一共 %(n)s 场。看过以后再发布。", n=len(found["sessions"])))
        else:
            first = clients().catalog.create("sessions", body, form.key)
            notice(_("存成草稿了。看过以后再发布。"))
        return redirect(url_for("manage.session", session_id=first["id"]), 303)
    return None


def _names(form: Form) -> dict[str, str]:
    names = dict(session_form.FIELD_NAMES)
    for row in session_rows.rows(form):
        at = f"staffing.{row.number}."
        names |= {
            f"{at}role": f"role_zh-{row.number}",
            f"{at}role.zh": f"role_zh-{row.number}",
            f"{at}needed": f"needed-{row.number}",
            f"{at}at_most": f"at_most-{row.number}",
            f"{at}skill": f"skill-{row.number}",
            f"{at}starts_at": f"from-{row.number}",
            f"{at}ends_at": f"until-{row.number}",
        }
    return names


@blueprint.route("/manage/sessions/<session_id>/edit", methods=["GET", "POST"])
@needs("coordinator")
def edit_session(session_id: str) -> Any:
    """Change a session; where people are touched, they are counted before anything is saved."""
    session = clients().catalog.session(session_id)
    offering = clients().catalog.offering(session.offering_id)
    form = Form.posted_or(session_form.defaults(offering, session))
    changes: list[tuple[str, str]] = []
    if form.posted and not _changes_rows(form) and form["do"] != "back":
        body = session_form.body(form, offering) | {"scope": form["scope"] or "this"}
        if form.ok and session.state != "draft" and form["do"] != "confirm":
            return _review(form, session)
        saved = _save_change(form, session, offering, body, changes)
        if saved:
            return saved
    return _session_page(form, offering, session, changes)


def _save_change(
    form: Form,
    session: Session,
    offering: Offering,
    body: dict[str, Any],
    changes: list[tuple[str, str]],
) -> Any:
    def explain() -> None:
        newest = clients().catalog.session(session.id)
        labels = {name: _(label) for name, label in LABELS.items()}
        changes.extend(overtaken(form, newest, labels, session_form.defaults(offering, newest)))

    if not form.ok:
        return None
    with watching(form, _names(form), explain):
        version = int(form["version"] or session.version)
        clients().catalog.replace("sessions", session.id, body, version)
        notice(
            _("已保存。已经预约和接班的人会收到消息。")
            if session.state == "published"
            else _("已保存。")
        )
    return redirect(url_for("manage.session", session_id=session.id), 303) if form.ok else None


def _review(form: Form, session: Session) -> Any:
    old = session_form.defaults(clients().catalog.offering(session.offering_id), session)
    changed = [
        (_(label), str(old.get(name) or "—"), form[name] or "—")
        for name, label in LABELS.items()
        if name in form.values and str(old.get(name) or "") != form[name].strip()
    ]
    if bool(form["opens_when_staffed"]) != session.opens_when_staffed:
        words = (_("有人接班就开放"), _("每个班次都够了才开放"))
        words = words[::-1] if session.opens_when_staffed else words
        changed.append((_("最少人数"), *words))
    return render_template(
        "pages/manage/session_review.html",
        form=form,
        session=session,
        changed=changed,
        who=audience_of(session, form["scope"] or "this"),
        staffing=session_rows.rows(form),
    )


def _session_page(
    form: Form, offering: Offering, session: Session | None, changes: Any = ()
) -> Any:
    venues = [
        (one.id, f"{text(one.name)} · {text(one.place)}")
        for one in clients().catalog.venues()
        if one.state == "active" or (session and one.id == session.venue_id)
    ]
    programmes, _away = attempt(clients().catalog.programmes, ())
    skills, _away = attempt(clients().roster.skills, ())
    templates, _away = attempt(clients().catalog.staffing_templates, ())
    return render_template(
        "pages/manage/session_form.html",
        form=form,
        offering=offering,
        session=session,
        venues=venues,
        programmes=[(one.id, text(one.title)) for one in programmes],
        skills=skills,
        templates=[(one.id, text(one.title)) for one in templates if one.state == "active"],
        rows=session_rows.rows(form),
        look=look_at(form),
        changes=changes,
        most_rows=session_rows.MOST_ROWS,
    ), form.status


@blueprint.route("/manage/sessions/<session_id>/cancel", methods=["GET", "POST"])
@needs("coordinator")
def cancel_session(session_id: str) -> Any:
    """Cancel, after seeing who will be told."""
    session = clients().catalog.session(session_id)
    scope = request.values.get("scope", "this")
    form = Form.posted_or({"scope": scope})
    if form.posted and form["do"] == "confirm" and form.require("reason_zh"):
        with form.sending(
            {"reason.zh": "reason_zh", "reason.en": "reason_en", "reason": "reason_zh"}
        ):
            clients().catalog.cancel(session_id, both(form, "reason"), scope, form.key)
            notice(_("已取消，大家会收到消息和你写的原因。"))
            return redirect(url_for("manage.session", session_id=session_id), 303)
    return render_template(
        "pages/manage/session_cancel.html",
        form=form,
        session=session,
        scope=scope,
        who=audience_of(session, scope),
    ), form.status


@blueprint.post("/manage/sessions/<session_id>/publish")
@needs("coordinator")
def publish_session(session_id: str) -> Any:
    """Let people see and book it."""
    form = Form.posted_or()
    with form.sending():
        clients().catalog.publish(session_id, form["scope"] or "this", form.key)
        notice(_("已发布。志愿者现在能接班次，开放预约后同学能预约。"))
    if not form.ok:
        notice(form.summary or _("这一步现在做不了。"), "bad")
    return redirect(url_for("manage.session", session_id=session_id), 303)
