"""What a coordinator decides about a session: its times, places and people, and whether they fit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.catalog.errors import BadSession
from services.catalog.models.need import Need, Text, check_needs
from services.catalog.models.offering import REPAIR, Offering
from services.catalog.models.venue import Venue

LONGEST = timedelta(hours=24)
SHORTEST_SLOT, LONGEST_SLOT = 5, 240
OPENS_BEFORE = timedelta(days=14)
FIRST_COME, DRAW = OPENINGS = ("first_come", "draw")


@dataclass(frozen=True)
class Plan:
    """A session's decisions; instants are aware and in UTC."""

    title: Mapping[str, str]
    programme_id: str | None
    venue_id: str
    starts_at: datetime
    ends_at: datetime
    slot_minutes: int | None
    benches: int
    seats: int
    booking_opens_at: datetime
    booking_closes_at: datetime
    staffing: tuple[Need, ...]
    opening: str = FIRST_COME
    opens_when_staffed: bool = False

    def at(self, start: datetime, zone: str) -> "Plan":
        """Return the same plan as it looks when it starts at ``start``.

        Every time keeps its distance to the start as a clock on the wall of the venue shows it: a
        session that opens at 9:00 opens at 9:00 also after the clocks were changed.
        """
        shape = shape_of(self, zone)
        return plan_of(shape, wall(start, zone), zone)


def wall(instant: datetime, zone: str) -> datetime:
    """Return what a clock on the wall in ``zone`` shows at ``instant`` (naive)."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def instant_of(shown: datetime, zone: str) -> datetime:
    """Return the instant at which a clock in ``zone`` shows ``shown``.

    An hour that is skipped in spring counts from before the gap; of an hour that comes twice in
    autumn the first one is meant (PEP 495, fold=0).
    """
    return shown.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def weekly_starts(first: datetime, zone: str, count: int) -> list[datetime]:
    """Return ``count`` instants a week apart at the same time on the wall in ``zone``."""
    shown = wall(first, zone)
    return [instant_of(shown + timedelta(weeks=week), zone) for week in range(count)]


def shape_of(plan: Plan, zone: str) -> dict[str, Any]:
    """Return a plan without its date: every time as its distance to the start on the wall."""
    start = wall(plan.starts_at, zone)

    def away(instant: datetime) -> timedelta:
        return wall(instant, zone) - start

    return {
        "title": dict(plan.title),
        "programme_id": plan.programme_id,
        "venue_id": plan.venue_id,
        "duration": away(plan.ends_at),
        "slot_minutes": plan.slot_minutes,
        "benches": plan.benches,
        "seats": plan.seats,
        "booking_opens_at": away(plan.booking_opens_at),
        "booking_closes_at": away(plan.booking_closes_at),
        "opening": plan.opening,
        "opens_when_staffed": plan.opens_when_staffed,
        "staffing": [(need, away(need.starts_at), away(need.ends_at)) for need in plan.staffing],
    }


def plan_of(shape: Mapping[str, Any], start: datetime, zone: str) -> Plan:
    """Return the plan of this shape that starts when the wall shows ``start``."""

    def on(away: timedelta) -> datetime:
        return instant_of(start + away, zone)

    return Plan(
        title=shape["title"],
        programme_id=shape["programme_id"],
        venue_id=shape["venue_id"],
        starts_at=on(timedelta(0)),
        ends_at=on(shape["duration"]),
        slot_minutes=shape["slot_minutes"],
        benches=shape["benches"],
        seats=shape["seats"],
        booking_opens_at=on(shape["booking_opens_at"]),
        booking_closes_at=on(shape["booking_closes_at"]),
        staffing=tuple(
            replace(need, starts_at=on(begin), ends_at=on(end))
            for need, begin, end in shape["staffing"]
        ),
        opening=shape["opening"],
        opens_when_staffed=shape["opens_when_staffed"],
    )


def check_plan(plan: Plan, offering: Offering, venue: Venue) -> None:
    """Refuse a plan that does not fit together, field by field."""
    wrong: dict[str, Text] = {}
    _check_times(plan, wrong)
    if offering.kind == REPAIR:
        _check_slots(plan, wrong)
        _check_room("benches", plan.benches, venue.stations, wrong)
    else:
        _check_room("seats", plan.seats, venue.seats, wrong)
    check_needs(plan.staffing, (plan.starts_at, plan.ends_at), offering, wrong)
    if wrong:
        raise BadSession(fields=wrong)


def _check_times(plan: Plan, wrong: dict[str, Text]) -> None:
    if plan.ends_at <= plan.starts_at:
        wrong["ends_at"] = ("结束时间要晚于开始时间。", "It has to end after it starts.")
    elif plan.ends_at - plan.starts_at > LONGEST:
        wrong["ends_at"] = ("一个场次最长 24 小时。", "A session lasts 24 hours at most.")
    if plan.booking_closes_at > plan.ends_at:
        wrong["booking_closes_at"] = (
            "预约要在场次结束之前截止。",
            "Booking has to close before the session ends.",
        )
    if plan.booking_opens_at >= plan.booking_closes_at:
        wrong["booking_opens_at"] = (
            "预约的开放时间要早于截止时间。",
            "Booking has to open before it closes.",
        )


def _check_slots(plan: Plan, wrong: dict[str, Text]) -> None:
    minutes = plan.slot_minutes
    if minutes is None:
        wrong["slot_minutes"] = (
            "维修场次要填每个时段多少分钟。",
            "A repair session needs the minutes of a slot.",
        )
    elif not SHORTEST_SLOT <= minutes <= LONGEST_SLOT:
        wrong["slot_minutes"] = (
            f"一个时段是 {SHORTEST_SLOT} 到 {LONGEST_SLOT} 分钟。",
            f"A slot has {SHORTEST_SLOT} to {LONGEST_SLOT} minutes.",
        )
    elif "ends_at" not in wrong:
        length = int((plan.ends_at - plan.starts_at).total_seconds()) // 60
        if (plan.ends_at - plan.starts_at) % timedelta(minutes=minutes):
            wrong["slot_minutes"] = (
                f"{length} 分钟排不满 {minutes} 分钟的时段，请调整时段或结束时间。",
                f"Slots of {minutes} minutes do not fill {length}; change the slot or the end.",
            )


def _check_room(field: str, asked: int, there: int, wrong: dict[str, Text]) -> None:
    unit, unit_en = ("工位", "benches") if field == "benches" else ("座位", "seats")
    if asked < 1:
        wrong[field] = (f"至少需要 1 个{unit}。", f"It needs at least 1 of its {unit_en}.")
    elif asked > there:
        wrong[field] = (
            f"这个场地只有 {there} 个{unit}。",
            f"This venue has only {there} {unit_en}.",
        )
