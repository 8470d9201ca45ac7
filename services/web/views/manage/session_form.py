"""A session as a form: its day and times at the venue, places, booking window, staffing rows, a weekly series."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.web import dates
from services.web.clients.catalog import Offering, Session, Usual
from services.web.clients.staffing import Need
from services.web.forms import Form
from services.web.i18n import _
from services.web.views.manage.base import both, texts
from services.web.views.manage.session_rows import Row, clock_of, rows, skill_choice
from shared import clock

MOST_DATES = 20
FIELD_NAMES = {
    "starts_at": "starts",
    "ends_at": "ends",
    "booking_opens_at": "opens",
    "booking_closes_at": "closes",
    "weekly.count": "count",
    "weekly.until": "until",
    "weekly.skip": "skip",
    "title.zh": "title_zh",
    "title.en": "title_en",
}


def defaults(offering: Offering, session: Session | None = None) -> dict[str, Any]:
    """What a fresh form shows: next week's same day, or the session as it stands."""
    if session is None:
        return _fresh(offering)
    start, end = dates.local(session.starts_at), dates.local(session.ends_at)
    values: dict[str, Any] = {
        "venue_id": session.venue_id,
        "programme_id": session.programme_id or "",
        **texts("title", session.title),
        "day": start.date().isoformat(),
        "starts": f"{start:%H:%M}",
        "ends": f"{end:%H:%M}",
        "slot_minutes": session.slot_minutes or "",
        "benches": session.benches or "",
        "seats": session.seats or "",
        "opens": local_input(session.booking_opens_at),
        "closes": local_input(session.booking_closes_at),
        "opening": session.opening,
        "opens_when_staffed": "1" if session.opens_when_staffed else "",
        "version": session.version,
        "rows": len(session.staffing),
        "scope": "this",
    }
    for n, need in enumerate(session.staffing):
        whole = need.starts_at == session.starts_at and need.ends_at == session.ends_at
        values |= _need_defaults(n, need) | {
            f"from-{n}": "" if whole else dates.time(need.starts_at),
            f"until-{n}": "" if whole else dates.time(need.ends_at),
            f"position-{n}": need.position,
        }
    return values


def _fresh(offering: Offering) -> dict[str, Any]:
    day = dates.today() + timedelta(days=7)
    values: dict[str, Any] = {
        "day": day.isoformat(),
        "starts": "14:00",
        "ends": "16:30",
        "slot_minutes": offering.minutes_per_device,
        "repeat": "once",
        "opening": "first_come",
        "count": 8,
        "rows": len(offering.suggested_staffing),
    }
    for n, need in enumerate(offering.suggested_staffing):
        values |= _need_defaults(n, need)
    return values


def _need_defaults(n: int, need: Usual | Need) -> dict[str, Any]:
    return {
        f"role_zh-{n}": need.role.zh,
        f"role_en-{n}": need.role.en,
        f"skill-{n}": skill_choice(need.skill, getattr(need, "level", 1)),
        f"needed-{n}": need.needed,
        f"at_most-{n}": need.at_most,
    }


def local_input(instant: datetime) -> str:
    """An instant as a datetime-local field wants it."""
    return f"{dates.local(instant):%Y-%m-%dT%H:%M}"


def body(form: Form, offering: Offering) -> dict[str, Any]:
    """The session as the service wants it; what cannot be read is an error on its field."""
    day, starts, ends = _day(form, "day"), clock_of(form, "starts"), clock_of(form, "ends")
    form.require("venue_id", "day", "starts", "ends")
    if not (day and starts and ends):
        return {}
    if ends <= starts:
        form.add_error("ends", _("结束要晚于开始。"))
    found: dict[str, Any] = {
        "offering_id": offering.id,
        "venue_id": form["venue_id"],
        "programme_id": form.text("programme_id"),
        "starts_at": _iso(day, starts),
        "ends_at": _iso(day, ends),
        "opens_when_staffed": bool(form["opens_when_staffed"]),
        "staffing": [_need(form, row, day, starts, ends) for row in rows(form)],
    }
    for name in ("slot_minutes", "benches") if offering.kind == "repair" else ("seats",):
        if form.whole(name) is not None:
            found[name] = form.whole(name)
    if offering.kind == "repair" and form.text("opening"):
        found["opening"] = form.text("opening")
    for name, key in (("opens", "booking_opens_at"), ("closes", "booking_closes_at")):
        instant = _instant(form, name)
        if instant:
            found[key] = instant
    if form.text("title_zh") or form.text("title_en"):
        found["title"] = both(form, "title")
    return found


def _need(form: Form, row: Row, day: date, starts: time, ends: time) -> dict[str, Any]:
    n = row.number
    needed, at_most = form.whole(f"needed-{n}"), form.whole(f"at_most-{n}")
    if not row.role_zh.strip():
        form.add_error(f"role_zh-{n}", _("写一下这个班次做什么。"))
    since, until = clock_of(form, f"from-{n}") or starts, clock_of(form, f"until-{n}") or ends
    skill, _colon, level = row.skill.partition(":")
    return {
        "position": int(row.position) if row.position.isdigit() else None,
        "role": {"zh": row.role_zh.strip(), "en": row.role_en.strip()},
        "skill": skill or None,
        "level": int(level) if level.isdigit() else 1,
        "needed": 1 if needed is None else needed,
        "at_most": max(at_most or 0, needed or 1),
        "starts_at": _iso(day, since),
        "ends_at": _iso(day, until),
    }


def _day(form: Form, name: str) -> date | None:
    try:
        return date.fromisoformat(form[name].strip()) if form.text(name) else None
    except ValueError:
        form.add_error(name, _("日期要像 2026-11-25 这样写。"))
        return None


def _iso(day: date, at: time) -> str:
    return clock.iso(datetime.combine(day, at, tzinfo=dates.ZONE))


def _instant(form: Form, name: str) -> str | None:
    if not form.text(name):
        return None
    try:
        at = datetime.fromisoformat(form[name].strip())
    except ValueError:
        form.add_error(name, _("日期和时间要像 2026-11-25 14:00 这样写。"))
        return None
    return clock.iso(at if at.tzinfo else at.replace(tzinfo=dates.ZONE))


def weekly(form: Form) -> dict[str, Any] | None:
    """The repetition as the service wants it, None for one session."""
    found = _repetition(form)
    if found is None or not form["looked"]:
        return found
    return {**found, "skip": sorted(day.isoformat() for day in left_out(form))}


def _repetition(form: Form) -> dict[str, Any] | None:
    if form["repeat"] != "weekly":
        return None
    if form.text("until"):
        until = _day(form, "until")
        return {"until": until.isoformat()} if until else None
    count = form.whole("count") or 0
    if not 2 <= count <= MOST_DATES:
        form.add_error("count", _("每周重复 2 到 20 次。"))
    return {"count": count}


def left_out(form: Form) -> set[date]:
    """The dates of a series that were taken out before it is saved."""
    return {day for text in form.all("skip") if (day := _known_day(text))}


def _known_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def preview(form: Form, zone: ZoneInfo = dates.ZONE) -> list[date]:
    """The dates of the series before anything is saved, week by week at the venue."""
    first = _day(form, "day")
    if first is None or form["repeat"] != "weekly":
        return [first] if first else []
    until = _day(form, "until")
    count = form.whole("count") or 0
    days = [first + timedelta(weeks=n) for n in range(MOST_DATES)]
    return [day for day in days if day <= until] if until else days[:count]
