"""Terms: add, change, archive. Active terms never overlap: writers of terms wait for each other."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session as Db

from services.catalog import events
from services.catalog.errors import Archived, BadTerm, NoSuchTerm
from services.catalog.models import Term
from services.catalog.models.term import MOST_WEEKS
from shared import audit
from shared.errors import Stale
from shared.ids import new_id

Text = tuple[str, str]


def add_term(db: Db, actor_id: str, given: Mapping[str, Any]) -> Term:
    """Add a term and announce it."""
    _alone(db)
    _check(db, None, given)
    term = Term(id=new_id(), version=1, state="active", **_stored(given))
    db.add(term)
    return _announced(db, actor_id, term, "term.add")


def change_term(db: Db, actor_id: str, id: str, expected: int, given: Mapping[str, Any]) -> Term:
    """Change a term against the version one has seen; whoever keeps a copy is told."""
    _alone(db)
    term = _locked(db, id)
    if term.version != expected:
        raise Stale
    if term.state == "archived":
        raise Archived
    _check(db, id, given)
    for name, value in _stored(given).items():
        setattr(term, name, value)
    term.version += 1
    return _announced(db, actor_id, term, "term.change")


def archive_term(db: Db, actor_id: str, id: str) -> Term:
    """Take a term out of the calendar; archiving twice changes nothing."""
    term = _locked(db, id)
    if term.state == "archived":
        return term
    term.state = "archived"
    term.version += 1
    return _announced(db, actor_id, term, "term.archive")


def _alone(db: Db) -> None:
    """Let one writer of terms go at a time (SQLite has one writer anyway)."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("LOCK TABLE term IN SHARE ROW EXCLUSIVE MODE"))


def _locked(db: Db, id: str) -> Term:
    term = db.get(Term, id, with_for_update=True, populate_existing=True)
    if term is None:
        raise NoSuchTerm
    return term


def _announced(db: Db, actor_id: str, term: Term, action: str) -> Term:
    db.flush()
    events.calendar_changed(db, term)
    audit.record(db, actor_id, action, term.id)
    return term


def _check(db: Db, id: str | None, given: Mapping[str, Any]) -> None:
    wrong: dict[str, Text] = {}
    begin: date = given["starts_on"]
    end = begin + timedelta(weeks=given["weeks"], days=-1)
    if begin.weekday() != 0:
        monday = begin - timedelta(days=begin.weekday())
        wrong["starts_on"] = (
            f"第 1 周从周一开始，例如 {monday.isoformat()}。",
            f"Week 1 starts on a Monday, for example {monday.isoformat()}.",
        )
    else:
        _check_overlap(db, id, begin, end, wrong)
    for position, week in enumerate(given["exam_weeks"]):
        if week > given["weeks"]:
            wrong[f"exam_weeks.{position}"] = (
                f"这个学期只有 {given['weeks']} 周。",
                f"This term has only {given['weeks']} weeks.",
            )
    _check_holidays(given["holidays"], (begin, end), wrong)
    _check_moved(given["moved_days"], (begin, end), wrong)
    _check_sections(given["sections"], wrong)
    if wrong:
        raise BadTerm(fields=wrong)


def _check_overlap(db: Db, id: str | None, begin: date, end: date, wrong: dict[str, Text]) -> None:
    near = begin - timedelta(weeks=MOST_WEEKS)
    wanted = select(Term).where(
        Term.state == "active", Term.id != (id or ""), Term.starts_on <= end, Term.starts_on > near
    )
    for other in db.scalars(wanted):
        if other.ends_on >= begin:
            name = other.name
            wrong["starts_on"] = (
                f"和“{name['zh']}”（到 {other.ends_on.isoformat()}）重叠了。",
                f"It overlaps with “{name['en'] or name['zh']}” (until {other.ends_on}).",
            )


def _check_holidays(holidays: Any, span: tuple[date, date], wrong: dict[str, Text]) -> None:
    for position, one in enumerate(holidays):
        path = f"holidays.{position}"
        if one["to"] < one["from"]:
            wrong[f"{path}.to"] = (
                "结束日期要不早于开始日期。",
                "The last day has to be the first one or later.",
            )
        elif one["to"] < span[0] or one["from"] > span[1]:
            wrong[f"{path}.from"] = ("这几天不在本学期里。", "These days lie outside the term.")


def _check_moved(moved: Any, span: tuple[date, date], wrong: dict[str, Text]) -> None:
    seen: set[date] = set()
    for position, one in enumerate(moved):
        path = f"moved_days.{position}"
        if not span[0] <= one["date"] <= span[1]:
            wrong[f"{path}.date"] = ("这一天不在本学期里。", "This day lies outside the term.")
        elif one["date"] in seen:
            wrong[f"{path}.date"] = ("这一天已经有了。", "This day is there already.")
        elif one["follows"] == one["date"].isoweekday():
            wrong[f"{path}.follows"] = (
                "这一天本来就是这个星期几，不用调。",
                "This day has that weekday's timetable anyway.",
            )
        seen.add(one["date"])


def _check_sections(sections: Any, wrong: dict[str, Text]) -> None:
    before = ""
    for position, one in enumerate(sections):
        path = f"sections.{position}"
        if one["ends"] <= one["starts"]:
            wrong[f"{path}.ends"] = (
                f"第 {position + 1} 节的结束时间要在开始时间之后。",
                f"Section {position + 1} has to end after it begins.",
            )
        elif one["starts"] < before:
            wrong[f"{path}.starts"] = (
                f"第 {position + 1} 节和上一节重叠了。",
                f"Section {position + 1} overlaps with the one before.",
            )
        before = max(before, one["ends"])


def _stored(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they are kept: days inside lists as text, in order."""
    holidays = [
        {"from": one["from"].isoformat(), "to": one["to"].isoformat(), "name": one["name"]}
        for one in given["holidays"]
    ]
    moved = [{**one, "date": one["date"].isoformat()} for one in given["moved_days"]]
    return {
        **given,
        "exam_weeks": sorted(set(given["exam_weeks"])),
        "holidays": sorted(holidays, key=lambda one: one["from"]),
        "moved_days": sorted(moved, key=lambda one: one["date"]),
    }
