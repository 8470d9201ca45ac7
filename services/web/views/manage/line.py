"""The rules of a line: calling again, absent people, what may be put off; per session or offering."""

from typing import Any

from flask import redirect, render_template, request

from services.web.clients import clients
from services.web.clients.turns import LinePolicy
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import blueprint, overtaken, telling, watching

NUMBERS = (
    "recall_seconds",
    "calls_before_absent",
    "keep_turn_minutes",
    "late_minutes",
    "late_times",
    "snooze_minutes",
    "snooze_times",
)
LABELS = {
    "recall_seconds": "叫号后多少秒没来，提醒再叫",
    "calls_before_absent": "叫几次没来算过号",
    "absent_mode": "到次数以后",
    "keep_turn_minutes": "过号以后次序留多少分钟",
    "close_absent_minutes": "过号多少分钟后收起号码",
    "late_minutes": "一次推迟几分钟",
    "late_times": "每个预约最多几次",
    "snooze_minutes": "一次让几分钟",
    "snooze_times": "每个号最多几次",
    "help_minutes": "要等多少分钟以上，自动求助",
}
PATH = "/manage/line/<any(sessions, offerings):what>/<id>"


@blueprint.route(PATH, methods=["GET", "POST"])
@needs("coordinator")
def line_policy(what: str, id: str) -> Any:
    """See and set how a line is run."""
    policy = clients().booking.line_policy(what, id)
    form = Form.posted_or(policy.values() | {"version": policy.version})
    changed: list[tuple[str, str]] = []
    if form.posted and (rules := _rules(form)) is not None:
        with watching(form, {}, lambda: changed.extend(_others(form, what, id))):
            clients().booking.set_line_policy(what, id, rules, form.whole("version") or 0)
            notice(_("叫号规则已经保存，现在起就按新的来。"))
            return redirect(request.path, 303)
    return render_template(
        "pages/manage/line_policy.html", form=form, policy=policy, what=what, changed=changed
    ), form.status


@blueprint.post(PATH + "/usual")
@needs("coordinator")
def usual_line_policy(what: str, id: str) -> Any:
    """Go back to the rules that hold otherwise."""
    with telling():
        version = Form(request.form).whole("version") or 0
        clients().booking.drop_line_policy(what, id, version)
        notice(_("改回平时的规则了。"))
    return redirect(f"/manage/line/{what}/{id}", 303)


def _rules(form: Form) -> dict[str, Any] | None:
    """The figures as typed, or None when one of them is missing or no number."""
    form.require(*NUMBERS, "absent_mode")
    rules: dict[str, Any] = {name: form.whole(name) for name in NUMBERS}
    rules["absent_mode"] = form["absent_mode"]
    rules["close_absent_minutes"] = form.whole("close_absent_minutes")
    rules["help_minutes"] = form.whole("help_minutes")
    return rules if form.ok else None


def _others(form: Form, what: str, id: str) -> list[tuple[str, str]]:
    newest: LinePolicy = clients().booking.line_policy(what, id)
    labels = {name: _(label) for name, label in LABELS.items()}
    return overtaken(form, newest, labels, newest.values())
