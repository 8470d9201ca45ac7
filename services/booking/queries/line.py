"""The line of a session as the desk, the wall and a waiting person see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models.live import version_of
from services.booking.models.offering import Offering
from services.booking.models.session import ServiceSession, Staffing
from services.booking.models.ticket import OPEN, Ticket
from services.booking.models.visit import AT_BENCH, LIVE, Visit
from services.booking.queries import bench, steps, wait, wait_model
from services.booking.queries.heard import levels_of
from services.booking.queries.levels import Levels
from services.booking.queries.line_policy import rules_of
from services.booking.queries.scene import scene_of, times_of
from services.booking.queries.service_times import ServiceTimes
from services.booking.queries.sessions import known, summary
from services.booking.queries.visits import devices_of, shown, with_number
from services.booking.queries.wait_model import NOBODY, Scene
from shared.database import suite_time
from shared.masking import masked_name

RECENT_CALLS = 10
CALLS_LAST = timedelta(minutes=15)


@dataclass
class Line:
    """Everybody who is in line or at a bench at one moment, in the order of the line."""

    row: ServiceSession
    at: datetime
    visits: list[Visit]
    devices: dict[str, list[Ticket]]
    times: ServiceTimes
    on_duty: int
    scene: Scene
    levels: Levels
    waiting: list[Visit] = field(init=False)

    def __post_init__(self) -> None:
        self.waiting = [one for one in self.visits if one.state == "waiting"]

    def ahead_of(self, visit: Visit | None) -> list[Visit]:
        """Return who is called before `visit` (None: before somebody who comes now)."""
        return self.waiting[: self.waiting.index(visit)] if visit else self.waiting

    def wait_of(self, visit: Visit | None) -> wait.Wait | None:
        """Return the waiting range of `visit` (None: of somebody who comes now); None is unknown."""
        if self.on_duty < 1:
            return None
        minutes = wait_model.ranges(self.scene, self.times, self.levels)[
            visit.id if visit else NOBODY
        ]
        return wait.told(minutes, self.times, self.on_duty)


def in_order() -> tuple[Any, ...]:
    """The order of the line: turn, booked before walk-in, arrival, number."""
    return Visit.turn_at, Visit.appointment_id.is_(None), Visit.arrived_at, Visit.number


def line_of(session: Session, row: ServiceSession) -> Line:
    """Read the line of a session: a few statements, whatever its length."""
    at = suite_time(session)
    statement = select(Visit).where(Visit.session_id == row.id, Visit.state.in_(LIVE))
    visits = list(session.scalars(statement.order_by(*in_order())))
    devices = devices_of(session, [one.id for one in visits])
    skill, intervals = duty_of(session, row)
    on_duty = wait.on_duty(intervals, skill, at, row.ends_at)
    crews = wait.crews(intervals, skill, at, on_duty, row.benches, opens=row.starts_at)
    scene = scene_of(session, row, at, visits, devices, crews=crews)
    times, levels = times_of(session, row, at), levels_of(session, row, at)
    return Line(row, at, visits, devices, times, on_duty, scene, levels)


@dataclass(frozen=True)
class Seen:
    """A view of a line as it was read; its ranges are played by `told`, when nothing is held any more."""

    line: Line
    values: dict[str, Any]


def queue(session: Session, session_id: str, person_id: str = "") -> Seen:
    """Read everything the desk shows; `person_id` is who stands at it (what can be undone)."""
    version = version_of(session, session_id)  # read first: what follows is at least as new
    row = known(session, session_id)
    line = line_of(session, row)
    rules = rules_of(session, row)
    visits = [
        shown(one, line.devices.get(one.id, [])) | steps.of_visit(one, rules, line.at)
        for one in line.visits
    ]
    by_state: dict[str, list[Any]] = {
        state: [one for one in visits if one["state"] == state]
        for state in ("waiting", "called", "serving", "absent")
    }
    return Seen(
        line,
        {
            "version": version,
            "session": summary(row) | {"benches": row.benches},
            **by_state,
            "benches": _benches(row.benches, visits),
            "recent": _recent(session, session_id),
            "staying": bench.staying(session, session_id),
            "done": _counts(session, session_id),
            "on_duty": line.on_duty,
            "policy": rules,
            "paused": steps.paused(session, row),
            "late": steps.late(session, row, line.at),
            "undo": steps.last_act(session, session_id, person_id, line.at),
            "at": line.at,
        },
    )


def told_queue(seen: Seen) -> dict[str, Any]:
    """Play the line: the ranges of everybody at the desk, and whether it ends before closing."""
    line = seen.line
    waiting = [
        values | {"wait": line.wait_of(visit)}
        for visit, values in zip(line.waiting, seen.values["waiting"], strict=True)
    ]
    new = line.wait_of(None)
    return seen.values | {"waiting": waiting, "wait_new": new, "warning": _warning(line)}


def board(session: Session, session_id: str) -> Seen:
    """Read what the wall shows: numbers, benches, masked typed names; ids of people for web."""
    version = version_of(session, session_id)
    row = known(session, session_id)
    line = line_of(session, row)
    at_bench = [one for one in line.visits if one.state in AT_BENCH]
    calls = sorted(
        (one for one in at_bench if one.called_at and _still_shown(one, line.at)),
        key=lambda one: (one.called_at, one.number),
    )[-RECENT_CALLS:]
    open_calls = [one for one in calls if one.state == "called"]
    return Seen(
        line,
        {
            "version": version,
            "session": summary(row),
            "call": _public(open_calls[-1]) if open_calls else None,
            "calls": [_public(one) for one in calls],
            "next": [_public(one) for one in line.waiting if not one.sleeps(line.at)][:3],
            "benches": [_public(one) for one in sorted(at_bench, key=lambda one: one.bench or 0)],
            "waiting": len(line.waiting),
            "on_duty": line.on_duty,
            "at": line.at,
        },
    )


def told_board(seen: Seen) -> dict[str, Any]:
    """Play the line: the range on the wall."""
    return seen.values | {"wait": seen.line.wait_of(None)}


def waiting_everywhere(session: Session) -> int:
    """Count the people who wait in any line (a metric)."""
    statement = select(func.count()).select_from(Visit).where(Visit.state == "waiting")
    return int(session.scalar(statement) or 0)


def _benches(count: int, visits: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    at = {one["bench"]: one for one in visits if one["state"] in AT_BENCH and one["bench"]}
    devices = [device for one in visits for device in one["devices"]]
    on = {one["bench"]: one for one in devices if one["state"] == "started" and one["bench"]}
    numbers = sorted({*range(1, count + 1), *at, *on})
    return [{"bench": n, "visit": at.get(n), "ticket": on.get(n)} for n in numbers]


def _recent(session: Session, session_id: str) -> list[dict[str, Any]]:
    statement = (
        select(Ticket, Visit.number)
        .join(Visit, Visit.id == Ticket.visit_id)
        .where(Ticket.session_id == session_id, Ticket.state == "closed")
        .order_by(Ticket.closed_at.desc(), Ticket.id)
        .limit(RECENT_CALLS)
    )
    return [with_number(ticket, number) for ticket, number in session.execute(statement)]


def _counts(session: Session, session_id: str) -> dict[str, int]:
    statement = (
        select(Ticket.state, Ticket.status, func.count())
        .where(Ticket.session_id == session_id, Ticket.visit_id.is_not(None))
        .where(Ticket.state != "cancelled")
        .group_by(Ticket.state, Ticket.status)
    )
    counts = {"total": 0, "closed": 0, "open": 0}
    for state, status, number in session.execute(statement):
        counts["total"] += number
        counts["open" if state in OPEN else "closed"] += number
        if status:
            counts[status] = counts.get(status, 0) + number
    return counts


def _warning(line: Line) -> dict[str, str] | None:
    if line.waiting and line.on_duty == 0:
        zh = "有人在等，但还没有志愿者签到。"
        return {"zh": zh, "en": "People are waiting, but no volunteer has checked in yet."}
    told = line.wait_of(None)
    if told is None or not line.waiting:
        return None
    left = (line.row.ends_at - line.at).total_seconds() / 60
    if (told.low + told.high) / 2 <= left:
        return None
    en = "At this pace the line will not end before closing."
    return {"zh": "按现在的速度，结束前办不完这一队。", "en": en}


def _still_shown(visit: Visit, at: datetime) -> bool:
    return visit.state == "called" or bool(visit.called_at and visit.called_at > at - CALLS_LAST)


def _public(visit: Visit) -> dict[str, Any]:
    return {
        "visit_id": visit.id,
        "number": visit.number,
        "bench": visit.bench,
        "calls": visit.calls,
        "called_at": visit.called_at,
        "state": visit.state,
        "person_id": visit.person_id,
        "name": masked_name(visit.name) if visit.name else None,
    }


def duty_of(session: Session, row: ServiceSession) -> tuple[str | None, list[Any]]:
    """Return the skill that serves here, and how many are accepted and present in each interval."""
    skill = session.scalar(select(Offering.skill).where(Offering.id == row.offering_id))
    staffing = session.get(Staffing, row.id)
    return skill, list(staffing.intervals) if staffing else []
