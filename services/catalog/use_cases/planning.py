"""Planning: a draft of one session, of a weekly series, a copy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session as Db

from services.catalog.errors import BadSession
from services.catalog.models import Offering, Programme, Series, Session, Venue
from services.catalog.models.need import Need
from services.catalog.models.offering import REPAIR
from services.catalog.models.plan import (
    FIRST_COME,
    OPENS_BEFORE,
    Plan,
    check_plan,
    wall,
    weekly_starts,
)
from services.catalog.models.session import DRAFT
from services.catalog.queries.sessions import session_by_id
from shared import audit
from shared.clock import now
from shared.ids import new_id

MOST_WEEKS = 20


@dataclass(frozen=True)
class Parts:
    """What a session is made of; all of it may be used for new sessions."""

    offering: Offering
    venue: Venue


def plan_session(db: Db, actor_id: str, asked: dict[str, Any]) -> Session:
    """Make a draft of a session."""
    parts = usable_parts(db, asked)
    plan = planned(parts, asked)
    session = _draft(db, parts, plan, trial=asked.get("trial", False))
    audit.record(db, actor_id, "session.plan", session.id)
    return session


def plan_series(
    db: Db, actor_id: str, asked: dict[str, Any], weekly: dict[str, Any]
) -> list[Session]:
    """Make drafts of a session that repeats weekly, at the same time on the venue's wall.

    `weekly` holds `count` or `until`, and in `skip` the days that are left out.
    """
    parts = usable_parts(db, asked)
    plan, zone = planned(parts, asked), parts.venue.zone
    starts = _starts(plan, zone, weekly)
    series = Series(id=new_id(), zone=zone, created_at=now())
    db.add(series)
    db.flush()
    made = []
    for position, start in enumerate(starts):
        week = plan.at(start, zone)
        check_plan(week, parts.offering, parts.venue)
        made.append(
            _draft(
                db, parts, week,
                trial=asked.get("trial", False), series_id=series.id, position=position,
            )
        )  # fmt: skip
    audit.record(db, actor_id, "series.plan", series.id)
    return made


def copy_session(db: Db, actor_id: str, id: str, starts_at: datetime) -> Session:
    """Make a draft like a session, at another time; benches, window and shifts move along."""
    source = session_by_id(db, id)
    parts = Parts(source.offering, source.venue)
    _check_usable(parts)
    plan = source.plan.at(starts_at, source.zone)
    check_plan(plan, parts.offering, parts.venue)
    session = _draft(db, parts, plan, trial=source.trial)
    audit.record(db, actor_id, "session.copy", session.id)
    return session


def usable_parts(db: Db, asked: dict[str, Any], known: Session | None = None) -> Parts:
    """Return the offering and venue that were asked for; unknown and archived ones are refused.

    What the session ``known`` has already may stay, archived or not.
    """
    offering = db.get(Offering, asked["offering_id"])
    venue = db.get(Venue, asked["venue_id"])
    programme_id = asked.get("programme_id")
    wrong = {}
    if offering is None:
        wrong["offering_id"] = ("没有这个服务项目。", "There is no such offering.")
    if venue is None:
        wrong["venue_id"] = ("没有这个场地。", "There is no such venue.")
    if programme_id and db.get(Programme, programme_id) is None:
        wrong["programme_id"] = ("没有这个主题活动。", "There is no such programme.")
    if wrong or offering is None or venue is None:
        raise BadSession(fields=wrong)
    parts = Parts(offering, venue)
    _check_usable(parts, known)
    return parts


def planned(parts: Parts, asked: dict[str, Any], *, fresh: int = 0) -> Plan:
    """Return the plan that was asked for, with what was left open filled in, if it fits together.

    New entries of the staffing get positions from ``fresh`` on.
    """
    repair = parts.offering.kind == REPAIR
    starts, ends = asked["starts_at"], asked["ends_at"]
    benches = asked.get("benches")
    seats = asked.get("seats")
    benches = (parts.venue.stations if benches is None else benches) if repair else 0
    seats = (parts.venue.seats if seats is None else seats) if not repair else 0
    plan = Plan(
        title=asked.get("title") or parts.offering.title,
        programme_id=asked.get("programme_id"),
        venue_id=parts.venue.id,
        starts_at=starts,
        ends_at=ends,
        slot_minutes=asked.get("slot_minutes") if repair else None,
        benches=benches,
        seats=seats,
        booking_opens_at=asked.get("booking_opens_at") or starts - OPENS_BEFORE,
        booking_closes_at=asked.get("booking_closes_at") or (ends if repair else starts),
        staffing=_needs(parts.offering, benches, (starts, ends), asked.get("staffing"), fresh),
        opening=(asked.get("opening") or FIRST_COME) if repair else FIRST_COME,
        opens_when_staffed=bool(asked.get("opens_when_staffed")),
    )
    check_plan(plan, parts.offering, parts.venue)
    return plan


def _needs(
    offering: Offering,
    benches: int,
    stretch: tuple[datetime, datetime],
    asked: list[dict[str, Any]] | None,
    fresh: int,
) -> tuple[Need, ...]:
    times = dict(zip(("starts_at", "ends_at"), stretch, strict=True))
    rows = offering.staffing_for(benches) if asked is None else asked
    needs = []
    for row, position in zip(rows, _positions(rows, fresh), strict=True):
        given = {name: value for name, value in row.items() if value is not None}
        filled = {"skill": None, "at_most": row["needed"], **times, **given, "position": position}
        needs.append(Need(**filled))
    return tuple(needs)


def _positions(rows: Sequence[Mapping[str, Any]], fresh: int) -> list[int]:
    """Return the key of each entry; new ones count on from ``fresh``, a list without any is counted."""
    said = [row.get("position") for row in rows]
    known = [position for position in said if position is not None]
    if not known:
        return list(range(len(rows)))
    new = count(max(fresh, *(position + 1 for position in known)))
    return [next(new) if position is None else position for position in said]


def _draft(
    db: Db,
    parts: Parts,
    plan: Plan,
    *,
    trial: bool,
    series_id: str | None = None,
    position: int | None = None,
) -> Session:
    session = Session(
        id=new_id(),
        series_id=series_id,
        position=position,
        detached=False,
        offering_id=parts.offering.id,
        offering=parts.offering,
        kind=parts.offering.kind,
        state=DRAFT,
        trial=trial,
        created_at=now(),
    )
    session.copy_policies(parts.offering)
    session.follow(plan, parts.venue)
    db.add(session)
    db.flush()
    return session


def _starts(plan: Plan, zone: str, weekly: dict[str, Any]) -> list[datetime]:
    weeks = _weeks(plan, zone, weekly.get("count"), weekly.get("until"))
    skip = set(weekly.get("skip", ()))
    every = weekly_starts(plan.starts_at, zone, weeks)
    kept = [start for start in every if wall(start, zone).date() not in skip]
    if not kept:
        texts = ("至少要留下一天。", "At least one day has to stay.")
        raise BadSession(fields={"weekly.skip": texts})
    return kept


def _weeks(plan: Plan, zone: str, times: int | None, until: date | None) -> int:
    if times is None and until is not None:
        times = (until - wall(plan.starts_at, zone).date()) // timedelta(weeks=1) + 1
    if times is None or not 1 <= times <= MOST_WEEKS:
        texts = (
            f"每周重复 1 到 {MOST_WEEKS} 次，截止日期也要在这个范围内。",
            f"It repeats 1 to {MOST_WEEKS} times; the last day has to lie within that.",
        )
        raise BadSession(fields={"weekly.until" if until else "weekly.count": texts})
    return times


def _check_usable(parts: Parts, known: Session | None = None) -> None:
    wrong = {}
    kept = known.offering_id if known else None
    if parts.offering.state == "archived" and parts.offering.id != kept:
        wrong["offering_id"] = ("这个服务项目已经归档。", "This offering is archived.")
    kept = known.venue_id if known else None
    if parts.venue.state == "archived" and parts.venue.id != kept:
        wrong["venue_id"] = ("这个场地已经归档。", "This venue is archived.")
    if wrong:
        raise BadSession(fields=wrong)
