"""A policy laid over a session: the rules that bind there, worked out once and kept on its row.

That is why a booking reads no policy: it meets plain columns of the session it reads anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.booking.models.session import ServiceSession
from services.booking.models.term import EXAM, HOLIDAY, Day, Term
from shared.clock import iso, parse

Policy = Mapping[str, Any]
NO_POLICY: Policy = {
    "opens_days": None,
    "opens_at": None,
    "horizon_days": None,
    "notice_minutes": 0,
    "cancel_cutoff_minutes": None,
    "move_cutoff_minutes": None,
    "buffer_minutes": 0,
    "max_devices": None,
    "week_limit": None,
    "term_limit": None,
    "categories": [],
    "blackouts": [],
    "closed_on_holidays": False,
    "closed_in_exam_weeks": False,
    "waiver_version": None,
}


@dataclass(frozen=True)
class Facts:
    """What a session is, before any policy: as catalog announced it."""

    offering_id: str
    zone: str
    starts_at: datetime
    booking_opens_at: datetime
    booking_closes_at: datetime
    max_devices: int
    cancel_cutoff_minutes: int
    categories: Sequence[int]

    @property
    def on(self) -> date:
        """Return the day of the session at its venue."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()


def facts_of(row: ServiceSession) -> Facts:
    """Return what catalog said of a session; of one that no policy has touched, what it has."""
    said = row.announced or announced_of(row)
    return Facts(
        row.offering_id,
        row.zone,
        row.starts_at,
        parse(said["booking_opens_at"]),
        parse(said["booking_closes_at"]),
        said["max_devices"],
        said["cancel_cutoff_minutes"],
        said["categories"],
    )


def announced_of(row: ServiceSession) -> dict[str, Any]:
    """Return what a policy may lay itself over, as it stands on a row just announced."""
    return {
        "booking_opens_at": iso(row.booking_opens_at),
        "booking_closes_at": iso(row.booking_closes_at),
        "max_devices": row.max_devices,
        "cancel_cutoff_minutes": row.cancel_cutoff_minutes,
        "categories": row.categories,
    }


def day_of(terms: Sequence[Term], on: date) -> Day | None:
    """Return what the calendar says of a day."""
    return next((day for term in terms if (day := term.day(on))), None)


def binding(policy: Policy, facts: Facts, terms: Sequence[Term]) -> dict[str, Any]:
    """Return the columns of a session's row that say what binds there."""
    day = day_of(terms, facts.on)
    cancel, move = policy["cancel_cutoff_minutes"], policy["move_cutoff_minutes"]
    monday = facts.on - timedelta(days=facts.on.weekday())
    minutes = {str(one["id"]): one["minutes"] for one in policy["categories"] if one["minutes"]}
    return {
        "booking_opens_at": opening(policy, facts),
        "booking_closes_at": facts.booking_closes_at,
        "max_devices": policy["max_devices"] or facts.max_devices,
        "cancel_cutoff_minutes": facts.cancel_cutoff_minutes if cancel is None else cancel,
        "move_cutoff_minutes": move,
        "notice_minutes": policy["notice_minutes"],
        "categories": [one["id"] for one in policy["categories"]] or list(facts.categories),
        "category_minutes": minutes,
        "week_key": f"{facts.offering_id}|week|{monday.isoformat()}",
        "term_key": f"{facts.offering_id}|term|{day.term_id}" if day else None,
        "week_limit": policy["week_limit"],
        "term_limit": policy["term_limit"],
        "closed_for": closed_for(policy, facts.on, day),
        "waiver_version": policy["waiver_version"],
    }


def opening(policy: Policy, facts: Facts) -> datetime:
    """Return when booking opens: the latest of the session's own time, the opening, the horizon."""
    moments = [facts.booking_opens_at]
    if policy["opens_days"] is not None:
        day = facts.on - timedelta(days=policy["opens_days"])
        shown = datetime.combine(day, time.fromisoformat(policy["opens_at"]))
        moments.append(shown.replace(tzinfo=ZoneInfo(facts.zone)))
    if policy["horizon_days"] is not None:
        moments.append(facts.starts_at - timedelta(days=policy["horizon_days"]))
    return max(moments)


def closed_for(policy: Policy, on: date, day: Day | None) -> dict[str, str] | None:
    """Return why nothing can be booked on a day, in both languages; None where it can."""
    shown = on.isoformat()
    for one in policy["blackouts"]:
        if one["from"] <= shown <= one["to"]:
            note = one["note"]
            return {"zh": note["zh"], "en": note["en"] or note["zh"]}
    if day and day.kind == HOLIDAY and policy["closed_on_holidays"]:
        name = day.name or {"zh": "放假", "en": "Holiday"}
        return {"zh": name["zh"], "en": name.get("en") or name["zh"]}
    if day and day.kind == EXAM and policy["closed_in_exam_weeks"]:
        return {"zh": f"第 {day.week} 周是考试周", "en": f"Week {day.week} is an exam week"}
    return None
