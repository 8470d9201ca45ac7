"""自查与互查: months and quarters, what is open in them, and the steps until they are closed."""

from dataclasses import dataclass
from typing import Any

from flask import g, redirect, render_template, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.base import Page
from services.web.clients.hours import Period, Point, Review
from services.web.forms import Form
from services.web.i18n import _, _n
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.hours import period_name
from services.web.views.manage.base import attempt, blueprint

ACTS = ("check", "cross_check", "send_back", "close")
IN_LIST = ("unmarked", "present")


def point_name(point: Point) -> str:
    """What is to be looked at, in words."""
    words = {
        "present": _n("%(n)s 人签到了还没签退", point.count),
        "unmarked": _n("%(n)s 人来没来还没有记", point.count),
        "forgotten": _n("%(n)s 条忘记签退，还没核实", point.count),
        "double": _n("%(n)s 条时间重叠，分钟算了两遍", point.count),
        "objections": _n("%(n)s 条异议等着处理", point.count),
        "time_to_object": _n("%(n)s 条还在异议期内", point.count),
        "months": _n("%(n)s 个月还没有关账", point.count),
        "short": _n("%(n)s 条特别短，不到 15 分钟", point.count),
        "long": _n("%(n)s 条特别长", point.count),
        "outside": _n("%(n)s 条和自己的班次完全错开", point.count),
        "corrected": _n("%(n)s 条更正过", point.count),
        "absent_without": _n("%(n)s 人没来，没有说明事由", point.count),
        "absent_with": _n("%(n)s 人没来，有事由", point.count),
    }[point.code]
    return f"{words}{_('，到 %(day)s', day=dates.day_time(point.until)) if point.until else ''}"


def point_link(point: Point, period: Period) -> str | None:
    """Where it is put right."""
    if period.kind == "quarter":
        return "/manage/hours/objections" if point.code == "objections" else None
    if point.code in IN_LIST:
        return url_for("manage.absences", month=period.name, kind=point.code)
    if point.code.startswith("absent_"):
        return url_for("manage.absences", month=period.name, kind="absent")
    if point.code == "objections":
        return "/manage/hours/objections"
    if point.code == "time_to_object":
        return None
    return url_for("manage.hours", month=period.name, show=point.code)


def act_name(act: str) -> str:
    """A step that was done."""
    return {
        "check": _("自查"),
        "cross_check": _("互查"),
        "send_back": _("退回重查"),
        "close": _("关账"),
    }[act]


def next_step(review: Review, me: str) -> tuple[str | None, str]:
    """(the step that can be done now, why it is not mine or not due)."""
    period, stands = review.period, [one.code for one in review.open]
    hard = [code for code in stands if code != "time_to_object"]
    if not period.over:
        return None, _("这段时间过完了才能自查。")
    if hard:
        return None, _("先把上面没处理完的处理好。")
    if period.state == "open" or (review.more_since and period.state != "closed"):
        return "check", ""
    if period.state == "checked":
        mine = period.checked_by == me
        return (None, _("自查是你做的，互查要请另一位协调员。")) if mine else ("cross_check", "")
    if period.state == "crossed":
        return (None, _("异议期过了才能关账。")) if stands else ("close", "")
    return None, ""


@dataclass(frozen=True)
class Due:
    """What of the hours waits for a coordinator: objections, and months that are over and not closed."""

    objections: int
    months: tuple[Period, ...]

    def __bool__(self) -> bool:
        return bool(self.objections or self.months)


def hours_due() -> Due:
    """Ask the roster; away, nothing waits."""
    nobody = Page((), None)
    waiting, _away = attempt(lambda: clients().roster.objections("open"), nobody)
    found, _away = attempt(clients().roster.periods, ())
    over = [one for one in found if one.kind == "month" and one.over and one.state != "closed"]
    return Due(len(waiting), tuple(over[:3]))


blueprint.add_app_template_filter(point_name, "point_name")
blueprint.add_app_template_filter(act_name, "act_name")
blueprint.add_app_template_global(point_link, "point_link")


@blueprint.get("/manage/hours/periods")
@needs("coordinator")
def hours_periods() -> Any:
    """Months and quarters, the newest first."""
    found = clients().roster.periods()
    people = [who for one in found for who in (one.checked_by, one.crossed_by, one.closed_by)]
    return render_template("pages/manage/hours_periods.html", periods=found, names=names_of(people))


@blueprint.route("/manage/hours/periods/<name>", methods=["GET", "POST"])
@needs("coordinator")
def hours_period(name: str) -> Any:
    """One period: figures, what is open, what to look at twice, the next step."""
    form = Form.posted_or()
    if form.posted and form["act"] in ACTS:
        with form.sending():
            clients().roster.review_step(name, form["act"], form["note"].strip(), form.key)
            notice(_("%(what)s：%(act)s完成。", what=period_name(name), act=act_name(form["act"])))
            return redirect(url_for("manage.hours_period", name=name), 303)
    review = clients().roster.review(name)
    step, why_not = next_step(review, g.person.id)
    period = review.period
    people = [period.checked_by, period.crossed_by, period.closed_by]
    return render_template(
        "pages/manage/hours_period.html",
        review=review,
        period=period,
        step=step,
        why_not=why_not,
        form=form,
        names=names_of([*people, *(one.done_by for one in review.acts)]),
    ), form.status
