"""The term calendar: a term as weeks, and its form."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request

from services.web import dates
from services.web.clients import clients
from services.web.clients.policies import Term
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import blueprint, overtaken, telling, watching
from shared.ids import new_id

LABELS = {
    "name_zh": "名称（中文）",
    "name_en": "名称（英文）",
    "starts_on": "第 1 周的周一",
    "weeks": "一共几周",
}
SPARE_ROWS, MOST_ROWS = 2, 40
HOLIDAY = ("h_from", "h_to", "h_zh", "h_en")
MOVED = ("m_date", "m_follows", "m_zh", "m_en")
MOST_SECTIONS = 20
SECTION = re.compile(
    r"(?:第?\d+节?[.、:： ]\s*)?([01]?\d|2[0-3])[:：]([0-5]\d)\s*[-–—~～至到]\s*([01]?\d|2[0-3])[:：]([0-5]\d)"
)


@dataclass(frozen=True)
class Day:
    """A day of the calendar as a cell."""

    on: date
    week: int
    kind: str
    name: dict[str, str] | None = None
    follows: int | None = None


def weeks_of(term: Term) -> list[list[Day]]:
    """A term as weeks of seven days, Monday first."""
    return [
        [_day(term, week, term.starts_on + timedelta(weeks=week - 1, days=n)) for n in range(7)]
        for week in range(1, term.weeks + 1)
    ]


def day_in(terms: tuple[Term, ...], on: date) -> Day | None:
    """What the calendar says of a day; None outside every term."""
    for term in terms:
        if term.starts_on <= on <= term.ends_on:
            return _day(term, (on - term.starts_on).days // 7 + 1, on)
    return None


def _day(term: Term, week: int, on: date) -> Day:
    shown = on.isoformat()
    for one in term.moved_days:
        if one["date"] == shown:
            return Day(on, week, "moved", one["name"], one["follows"])
    for one in term.holidays:
        if one["from"] <= shown <= one["to"]:
            return Day(on, week, "holiday", one["name"])
    return Day(on, week, "exam" if week in term.exam_weeks else "teaching")


@blueprint.get("/manage/calendar")
@needs("coordinator")
def calendar() -> Any:
    """The term of today, or the one asked for, week by week."""
    terms = clients().catalog.terms()
    shown = _shown(terms)
    return render_template(
        "pages/manage/calendar.html",
        terms=terms,
        term=shown,
        weeks=weeks_of(shown) if shown else [],
        new_key=new_id,
    )


def _shown(terms: tuple[Term, ...]) -> Term | None:
    asked, now = request.args.get("term"), dates.today()
    chosen = [one for one in terms if one.id == asked]
    current = [one for one in terms if one.starts_on <= now <= one.ends_on]
    ahead = sorted((one for one in terms if one.starts_on > now), key=lambda one: one.starts_on)
    return next(iter([*chosen, *current, *ahead, *terms]), None)


@blueprint.route("/manage/calendar/new", methods=["GET", "POST"])
@needs("coordinator")
def new_term() -> Any:
    """Add a term."""
    newest = max(clients().catalog.terms(), key=lambda one: one.starts_on, default=None)
    form = Form.posted_or({"weeks": 20, "sections": _written(newest.sections) if newest else ""})
    if form.posted:
        fields = _fields(form)
        if form.ok:
            with form.sending(_names(form)):
                made = clients().catalog.add_term(fields, form.key)
                notice(_("学期已经加进校历。"))
                return redirect(f"/manage/calendar?term={made.id}", 303)
    return _page(form, None, [])


@blueprint.route("/manage/calendar/<term_id>", methods=["GET", "POST"])
@needs("coordinator")
def term(term_id: str) -> Any:
    """Change a term; the rules of sessions ahead follow."""
    found = clients().catalog.term(term_id)
    form = Form.posted_or(_defaults(found))
    changes: list[tuple[str, str]] = []

    def explain() -> None:
        newest = clients().catalog.term(term_id)
        labels = {name: _(label) for name, label in LABELS.items()}
        changes.extend(overtaken(form, newest, labels, _defaults(newest)))

    if form.posted:
        fields = _fields(form)
        if form.ok:
            with watching(form, _names(form), explain):
                version = int(form["version"] or found.version)
                clients().catalog.save_term(term_id, fields, version)
                notice(_("校历已保存。按校历不开放的场次，马上跟着变。"))
                return redirect(f"/manage/calendar?term={term_id}", 303)
    return _page(form, found, changes)


@blueprint.post("/manage/calendar/<term_id>/archive")
@needs("coordinator")
def archive_term(term_id: str) -> Any:
    """Take a term out of the calendar."""
    with telling():
        clients().catalog.archive_term(term_id, request.form.get("idempotency_key", ""))
        notice(_("这个学期已经从校历里拿掉。"))
    return redirect("/manage/calendar", 303)


def _page(form: Form, found: Term | None, changes: list[tuple[str, str]]) -> Any:
    return render_template(
        "pages/manage/term.html",
        form=form,
        found=found,
        changes=changes,
        holidays=_rows(form, HOLIDAY),
        moved=_rows(form, MOVED),
        weekdays=[(n, dates.weekday_name(n)) for n in range(1, 8)],
    ), form.status


def _defaults(one: Term) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name_zh": one.name.zh,
        "name_en": one.name.en,
        "starts_on": one.starts_on.isoformat(),
        "weeks": one.weeks,
        "exam_weeks": ", ".join(str(week) for week in one.exam_weeks),
        "sections": _written(one.sections),
        "version": one.version,
    }
    for n, day in enumerate(one.holidays):
        values |= {f"h_from-{n}": day["from"], f"h_to-{n}": day["to"]}
        values |= {f"h_zh-{n}": day["name"]["zh"], f"h_en-{n}": day["name"]["en"]}
    for n, day in enumerate(one.moved_days):
        values |= {f"m_date-{n}": day["date"], f"m_follows-{n}": day["follows"]}
        values |= {f"m_zh-{n}": day["name"]["zh"], f"m_en-{n}": day["name"]["en"]}
    return values


def _filled(form: Form, names: tuple[str, ...]) -> list[int]:
    return [n for n in range(MOST_ROWS) if any(form.text(f"{name}-{n}") for name in names)]


def _rows(form: Form, names: tuple[str, ...]) -> range:
    """The rows that are filled in, and some to fill in."""
    return range(min(MOST_ROWS, max(_filled(form, names), default=-1) + 1 + SPARE_ROWS))


def _fields(form: Form) -> dict[str, Any]:
    """The term as catalog takes it; what cannot be read is an error on its field."""
    form.require("name_zh", "starts_on", "weeks")
    return {
        "name": {"zh": form.text("name_zh") or "", "en": form.text("name_en") or ""},
        "starts_on": form.text("starts_on"),
        "weeks": form.whole("weeks"),
        "exam_weeks": _numbers(form, "exam_weeks"),
        "holidays": [_holiday(form, n) for n in _filled(form, HOLIDAY)],
        "moved_days": [_moved(form, n) for n in _filled(form, MOVED)],
        "sections": _sections(form),
    }


def _written(sections: tuple[dict[str, Any], ...]) -> str:
    return "\n".join(f"{one['starts']}-{one['ends']}" for one in sections)


def _sections(form: Form) -> list[dict[str, str]]:
    """A line for each section of the day, in order; the first that cannot be read is named."""
    found = []
    for line in filter(str.strip, form["sections"].splitlines()):
        match = SECTION.fullmatch(line.strip())
        if not match:
            form.add_error(
                "sections",
                _("看不懂“%(line)s”。请一行写一节，例如 08:00-08:45。", line=line.strip()[:30]),
            )
            return []
        begin, end = (f"{int(match[n]):02d}:{match[n + 1]}" for n in (1, 3))
        found.append({"starts": begin, "ends": end})
    return found


def _numbers(form: Form, name: str) -> list[int]:
    """Whole numbers with commas or spaces between; Chinese commas too."""
    words = form[name].replace("，", " ").replace("、", " ").replace(",", " ").split()
    if not all(word.isdigit() for word in words):
        form.add_error(name, _("请写周次，中间用逗号隔开，例如 19, 20。"))
        return []
    return [int(word) for word in words]


def _holiday(form: Form, n: int) -> dict[str, Any]:
    form.require(f"h_from-{n}", f"h_zh-{n}")
    begin = form.text(f"h_from-{n}")
    name = {"zh": form.text(f"h_zh-{n}") or "", "en": form.text(f"h_en-{n}") or ""}
    return {"from": begin, "to": form.text(f"h_to-{n}") or begin, "name": name}


def _moved(form: Form, n: int) -> dict[str, Any]:
    form.require(f"m_date-{n}", f"m_follows-{n}")
    name = {"zh": form.text(f"m_zh-{n}") or "调休", "en": form.text(f"m_en-{n}") or ""}
    return {"date": form.text(f"m_date-{n}"), "follows": form.whole(f"m_follows-{n}"), "name": name}


def _names(form: Form) -> dict[str, str]:
    """Where catalog's field names differ from the form's."""
    names = {"name": "name_zh", "name.zh": "name_zh", "name.en": "name_en"}
    names |= {f"exam_weeks.{n}": "exam_weeks" for n in range(MOST_ROWS)}
    for n in range(MOST_SECTIONS):
        names |= {f"sections.{n}.{at}": "sections" for at in ("starts", "ends")}
    for position, n in enumerate(_filled(form, HOLIDAY)):
        at = f"holidays.{position}."
        names |= {f"{at}from": f"h_from-{n}", f"{at}to": f"h_to-{n}"}
        names |= {f"{at}name.zh": f"h_zh-{n}", f"{at}name.en": f"h_en-{n}"}
    for position, n in enumerate(_filled(form, MOVED)):
        at = f"moved_days.{position}."
        names |= {f"{at}date": f"m_date-{n}", f"{at}follows": f"m_follows-{n}"}
        names |= {f"{at}name.zh": f"m_zh-{n}", f"{at}name.en": f"m_en-{n}"}
    return names
