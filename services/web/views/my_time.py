"""我的时间: a volunteer's weekly hours, days that differ, limits, and the class timetable from a file."""

import base64
from datetime import date
from itertools import pairwise
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.web import dates, week_grid
from services.web.clients import clients
from services.web.clients.availability import minute_of
from services.web.clients.base import Json
from services.web.clients.taking import MyHelp
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import attempt, telling

blueprint = Blueprint("time", __name__)
MOST_BYTES = 512 * 1024
WEEK_SHIFTS = (1, 2, 3, 4, 5, 7)
REST = (30, 60, 120, 480, 720)
ROW = (120, 180, 240, 300, 360, 480)


@blueprint.route("/me/time", methods=["GET", "POST"])
@needs("volunteer")
def week() -> Any:
    """The weekly hours, to be tapped; and what follows for the days ahead."""
    found = clients().roster.my_availability()
    others = week_grid.others(found)
    form = Form.posted_or(
        {"hours": week_grid.ticked(found), "stretches": [value for value, _one in others]}
    )
    if form.posted:
        with form.sending({"hours": "hours"}):
            clients().roster.save_weekly(week_grid.weekly_of(form))
            notice(_("每周的空闲时间已保存。"))
            return redirect(url_for("time.week"), 303)
    briefings = attempt(clients().roster.my_briefings, ())[0]
    me = attempt(clients().roster.me, None)[0]
    return render_template(
        "pages/time.html",
        found=found,
        helps=attempt(clients().roster.my_help, MyHelp())[0].asked,
        form=form,
        hours=range(week_grid.FIRST_HOUR, week_grid.LAST_HOUR),
        others=others,
        lessons=week_grid.lesson_blocks(found),
        senior=bool(me and any(one.level == 3 and one.holds for one in me.grants)),
        to_read=[one for one in briefings if one.needed and not one.read_at],
    ), form.status


@blueprint.route("/me/time/days", methods=["GET", "POST"])
@needs("volunteer")
def days() -> Any:
    """Days that differ: not this day, also this day."""
    form = Form.posted_or({"kind": "off", "part": "day", "starts": "14:00", "ends": "17:00"})
    if form.posted and form.require("on"):
        with form.sending({"on": "on"}):
            if form.ok:
                clients().roster.add_exception(_entry(form), form.key)
                notice(_("已记下。"))
                return redirect(url_for("time.days"), 303)
    return render_template(
        "pages/time_days.html",
        found=clients().roster.my_availability(),
        form=form,
        today=dates.today(),
    ), form.status


def _entry(form: Form) -> Json:
    entry = {"on": form["on"], "kind": form["kind"]}
    if form["part"] == "hours":
        entry |= {"starts": form["starts"], "ends": form["ends"]}
    return entry


@blueprint.post("/me/time/days/<entry_id>/remove")
@needs("volunteer")
def remove_day(entry_id: str) -> Any:
    """Take a day that differs back."""
    with telling():
        clients().roster.remove_exception(entry_id)
        notice(_("已删除，这一天又按平时的算。"))
    return redirect(url_for("time.days"), 303)


@blueprint.route("/me/time/limits", methods=["GET", "POST"])
@needs("volunteer")
def limits() -> Any:
    """How much somebody takes on."""
    now = clients().roster.my_availability().limits
    form = Form.posted_or(
        {
            "week_shifts": now.week_shifts or "",
            "rest_minutes": now.rest_minutes,
            "row_minutes": now.row_minutes or "",
            "exam_weeks": "1" if now.exam_weeks else "",
        }
    )
    if form.posted:
        wanted = {
            "week_shifts": form.whole("week_shifts"),
            "rest_minutes": form.whole("rest_minutes") or 0,
            "row_minutes": form.whole("row_minutes"),
            "exam_weeks": bool(form["exam_weeks"]),
        }
        with form.sending():
            if form.ok:
                clients().roster.save_limits(wanted)
                notice(_("已保存。从下一次接班次起按这个算，已经接的不变。"))
                return redirect(url_for("time.week"), 303)
    return render_template(
        "pages/time_limits.html",
        form=form,
        week_shifts=with_own(WEEK_SHIFTS, now.week_shifts),
        rest=with_own(REST, now.rest_minutes),
        row=with_own(ROW, now.row_minutes),
    ), form.status


def with_own(choices: tuple[int, ...], own: int | None) -> list[int]:
    """The choices, and what is set already where it is none of them."""
    return sorted({*choices, own} if own else set(choices))


@blueprint.route("/me/time/timetable", methods=["GET", "POST"])
@needs("volunteer")
def timetable() -> Any:
    """First what was understood of the file, then put it in place of the old timetable."""
    form, result = Form.posted_or(), None
    if form.posted:
        encoded = _encoded(form)
        if encoded and form.ok:
            with form.sending({"content_base64": "file"}):
                really = form["do"] == "import"
                key = form.key if really else None
                result = clients().roster.import_timetable(encoded, dry_run=not really, key=key)
                if really:
                    notice(_("课表已导入 %(n)s 条，有课的时间不再算空闲。", n=len(result.lessons)))
                    return redirect(url_for("time.week"), 303)
                form.values = form.values.copy()
                form.values["encoded"] = encoded
    return render_template(
        "pages/time_timetable.html",
        form=form,
        result=result,
        found=clients().roster.my_availability(),
    ), form.status


def _encoded(form: Form) -> str | None:
    """The file as base64, or what was looked at before."""
    file = request.files.get("file")
    if file and file.filename:
        content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            form.add_error("file", _("文件太大，最多 512 KB。"))
        return base64.b64encode(content).decode()
    if not form.text("encoded"):
        form.add_error("file", _("选一个文件。"))
    return form.text("encoded")


@blueprint.post("/me/time/timetable/remove")
@needs("volunteer")
def remove_timetable() -> Any:
    """Forget the lessons."""
    with telling():
        clients().roster.remove_timetable()
        notice(_("课表已删除。"))
    return redirect(url_for("time.timetable"), 303)


def weeks_text(weeks: tuple[int, ...] | None) -> str:
    """1–8、10–16, or every other week: 1–15（单）."""
    found = sorted(weeks or ())
    if len(found) > 2 and {b - a for a, b in pairwise(found)} == {2}:
        which = _("（单）") if found[0] % 2 else _("（双）")
        return f"{found[0]}–{found[-1]}{which}"
    runs: list[list[int]] = []
    for week_number in found:
        if runs and week_number == runs[-1][-1] + 1:
            runs[-1].append(week_number)
        else:
            runs.append([week_number])
    return _("、").join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def is_past(on: date) -> bool:
    """Whether a day lies behind."""
    return on < dates.today()


blueprint.add_app_template_filter(weeks_text, "weeks_text")
blueprint.add_app_template_filter(week_grid.bar_of, "day_width")
blueprint.add_app_template_filter(minute_of, "minute_of")
blueprint.add_app_template_test(is_past, "past_day")
