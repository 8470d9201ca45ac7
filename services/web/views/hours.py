"""服务时长 on a volunteer's phone: what counts, what it follows from, the policy, and objecting to it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.hours import Attendance, Entry, HoursLine, Period, Policy
from services.web.forms import Form
from services.web.i18n import _, lang
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import attempt
from services.web.views.periods import dated
from shared.http_client import Problem

blueprint = Blueprint("hours", __name__)
NOT_FOUND = 404


@blueprint.get("/me/hours")
@needs("volunteer")
def mine() -> Any:
    """All of mine, with the total, exact and rounded; and where I did not come."""
    return render_template(
        "pages/hours.html",
        hours=clients().roster.my_hours(request.args.get("cursor")),
        absences=attempt(lambda: clients().roster.my_absences().items, ())[0],
    )


@blueprint.route("/me/hours/<assignment_id>", methods=["GET", "POST"])
@needs("volunteer")
def one(assignment_id: str) -> Any:
    """One service (or absence): every entry, and saying that it is not right."""
    line, absence = of_assignment(assignment_id)
    seen = line.version if line else 0
    form = Form.posted_or({"seen": seen})
    if form.posted and form.require("words"):
        with form.sending():
            looked_at = form.whole("seen") or 0
            clients().roster.object_to(assignment_id, form["words"].strip(), looked_at, form.key)
            notice(_("异议已提交。协调员核对后会告诉你结果。"))
            return redirect(url_for("hours.one", assignment_id=assignment_id), 303)
    versions, _current = clients().roster.policies()
    return render_template(
        "pages/hours_one.html",
        line=line,
        absence=absence,
        what=line or absence,
        form=form,
        policies={one.version: one for one in versions},
    ), form.status


def of_assignment(assignment_id: str) -> tuple[HoursLine | None, Attendance]:
    """The hours of an assignment, None where there are none, and how its attendance stands."""
    absence = clients().roster.absence(assignment_id)
    try:
        return clients().roster.hours_line(assignment_id), absence
    except Problem as problem:
        if problem.status != NOT_FOUND:
            raise
        return None, absence


def rounding(policy: Policy) -> str:
    """The policy in a sentence, as it stands wherever a rounded figure does."""
    n = policy.step_minutes
    words = {
        "exact": _("按分钟计，不取整"),
        "down": _("一天的分钟加起来，向下取到 %(n)s 分钟的整数倍", n=n),
        "nearest": _("一天的分钟加起来，取到最近的 %(n)s 分钟的整数倍", n=n),
        "up": _("一天的分钟加起来，向上取到 %(n)s 分钟的整数倍", n=n),
    }[policy.rounding]
    if policy.day_cap_minutes:
        words += _("，一天最多算 %(time)s", time=dates.duration(policy.day_cap_minutes))
    return words


def policy_name(policy: Policy) -> str:
    """第 2 版，2026 年 12 月 3 日起."""
    if policy.version == 1:
        return _("第 1 版")
    return _("第 %(n)s 版，%(day)s起", n=policy.version, day=dated(policy.valid_from))


def entry_name(entry: Entry) -> str:
    """How an entry came about."""
    return {
        "recorded": _("签到和签退"),
        "by_rule": _("忘记签退，按班次结束算"),
        "put_right": _("补记了真正的签退"),
        "correction": _("更正"),
    }[entry.kind]


def period_name(period: Period | str) -> str:
    """2026 年 12 月, 2026 年第 4 季度."""
    name = period if isinstance(period, str) else period.name
    year, rest = name.split("-")
    if rest.startswith("Q"):
        return f"Q{rest[1:]} {year}" if lang() == "en" else f"{year} 年第 {rest[1:]} 季度"
    month = int(rest)
    if lang() == "en":
        return f"{dates.MONTHS_EN[month - 1]} {year}"
    return f"{year} 年 {month} 月"


def changed(minutes: int) -> str:
    """+30 分钟, −45 分钟."""
    sign = "−" if minutes < 0 else "+"
    return f"{sign}{dates.duration(abs(minutes))}"


for filter in (rounding, policy_name, entry_name, period_name, changed):
    blueprint.add_app_template_filter(filter, filter.__name__)
