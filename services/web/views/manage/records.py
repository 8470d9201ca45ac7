"""Records: what happened to which device, found by days, words and filters, and taken along as a file."""

from collections.abc import Iterator
from typing import Any

import httpx
from flask import Response, abort, render_template, request

from services.web import categories, dates
from services.web.clients import clients
from services.web.clients.records import Choices, Record, Records
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.signin import needs
from services.web.views import periods
from services.web.views.desk.outcomes import BARRIERS
from services.web.views.manage.base import attempt, blueprint

LOOKS = (50, 200)
SORTS = ("newest", "oldest", "category")
FILTERS = (
    "q", "offering_id", "session_id", "category_id", "outcome", "barrier", "volunteer_id", "came",
)  # fmt: skip
FILES = {
    "xlsx": ("records.xlsx", "xlsx"),
    "csv": ("records.csv", "csv"),
    "ords": ("open-repair-data", "csv"),
}
OUTCOMES = ("Fixed", "Repairable", "End of life", "Unknown", "open", "no_show", "cancelled")
BARRIER_WORDS = {**dict(BARRIERS), "Too worn out": "太旧了"}
PASSED_BACK = ("Content-Type", "Content-Disposition", "Content-Length")


def outcome_name(outcome: str) -> str:
    """An outcome, or where a device without one stands, in words."""
    return {
        "Fixed": _("修好了"),
        "Repairable": _("能修，未修完"),
        "End of life": _("修不了"),
        "Unknown": _("结果不明"),
        "open": _("还没有结果"),
        "waiting": _("等待中"),
        "started": _("正在修"),
        "no_show": _("没有来"),
        "booked": _("已预约"),
        "cancelled": _("已取消"),
    }.get(outcome, outcome)


def barrier_name(barrier: str) -> str:
    """What stood in the way of a repair, in the words of the desk."""
    return _(BARRIER_WORDS.get(barrier, barrier))


def standing(record: Record) -> str:
    """Where a device without an outcome stands."""
    if record.standing != "open":
        return record.standing
    return record.state if record.visit_id else "booked"


def not_here_words(record: Record) -> str:
    """What stands where a device has no number: when its owner booked, and that they are still to come."""
    when = dates.time(record.slot_starts_at) if record.slot_starts_at else ""
    if standing(record) != "booked":
        return when
    return _("%(when)s，还没到", when=when) if when else _("还没到")


blueprint.add_app_template_filter(standing, "standing")
blueprint.add_app_template_filter(not_here_words, "not_here_words")
blueprint.add_app_template_filter(outcome_name, "outcome_name")
blueprint.add_app_template_filter(barrier_name, "barrier_name")


@blueprint.get("/manage/records")
@needs("coordinator")
def records() -> Any:
    """Search."""
    period, form = periods.asked_for(request.args, "week"), Form(request.args)
    query = {**period.query, **_filters(), **_order()}
    found, choices = Records((), None, None), Choices()
    with form.sending({"from_": "from"}):
        found = clients().booking.records(query)
        choices, _away = attempt(lambda: clients().booking.record_choices(period.query), choices)
    people = [one.person_id for one in found.items] + [one.volunteer_id for one in found.items]
    return render_template(
        "pages/manage/records.html",
        found=found,
        form=form,
        period=period,
        named=periods.names(),
        names=names_of({*people, *choices.volunteers}),
        choices=_choices(choices),
        sessions=choices.sessions,
        offerings=choices.offerings,
        volunteers=choices.volunteers,
        sorts={"newest": _("最近的在前"), "oldest": _("最早的在前"), "category": _("按类别")},
        order=_order(),
        looks=LOOKS,
        filtered=bool(_filters()),
        taken=period.query | _filters(),
    ), form.status


@blueprint.get("/manage/records/files/<kind>")
@needs("coordinator")
def record_file(kind: str) -> Any:
    """What the same filters find, as a workbook, as CSV, or as Open Repair Data."""
    if kind not in FILES:
        abort(404)
    path, _ending = FILES[kind]
    period = periods.asked_for(request.args, periods.ALL)
    answer = clients().booking.record_file(path, period.query | _filters())
    headers = {name: answer.headers[name] for name in PASSED_BACK if name in answer.headers}
    passed = Response(_pieces(answer), headers=headers)
    passed.call_on_close(answer.close)
    return passed


def _pieces(answer: httpx.Response) -> Iterator[bytes]:
    yield from answer.iter_raw()


def _filters() -> dict[str, str]:
    """What was asked for; a value that the page does not offer is booking's to refuse."""
    given = {name: request.args.get(name, "").strip() for name in FILTERS}
    return {name: value for name, value in given.items() if value}


def _order() -> dict[str, str]:
    sort, look = request.args.get("sort", ""), request.args.get("limit", "")
    query = {"sort": sort if sort in SORTS else SORTS[0]}
    query["limit"] = look if look in map(str, LOOKS) else str(LOOKS[0])
    return query | ({"cursor": request.args["cursor"]} if request.args.get("cursor") else {})


def _choices(choices: Choices) -> dict[str, list[tuple[str, str]]]:
    kinds = [(str(one), categories.category(one)) for one in choices.categories]
    return {
        "category_id": sorted(kinds, key=lambda one: one[1].casefold()),
        "outcome": [(one, outcome_name(one)) for one in OUTCOMES],
        "barrier": [(one, barrier_name(one)) for one, _word in BARRIERS],
        "came": [("booked", _("预约")), ("walk_in", _("现场"))],
    }
