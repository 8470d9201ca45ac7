"""How the line will go on until closing, as it stands and with another crew: one model for both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil, floor, inf
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.session import ServiceSession
from services.booking.models.visit import Visit
from services.booking.queries import wait, wait_model
from services.booking.queries.line import Line, duty_of, line_of
from services.booking.queries.scene import tick
from services.booking.queries.sessions import known

EVERY = 10.0  # minutes between two points of an outlook
POINTS = 40  # at most; a longer session has them further apart
DOTS = 200  # past waits that are shown, the newest


@dataclass(frozen=True)
class Change:
    """So many volunteers more (or fewer) between two instants."""

    more: int
    from_: datetime
    to: datetime


@dataclass(frozen=True)
class Going:
    """How a line goes on from `at`: the model's outlook, None where nobody serves (unknown)."""

    line: Line
    at: datetime
    on_duty: int
    outlook: wait_model.Outlook | None

    @property
    def points(self) -> list[dict[str, Any]]:
        """The waits of who comes without a booking at each moment, as far as they can be told."""
        found = self.outlook.points if self.outlook else ()
        return [
            {"at": self.at + timedelta(minutes=minute), "low": low, "middle": middle, "high": high}
            for minute, (low, middle, high) in found
            if high < inf
        ]

    @property
    def ends(self) -> dict[str, datetime] | None:
        """When the last device will be done: the range, to the minute."""
        if self.outlook is None or self.outlook.ends[2] == inf:
            return None
        low, _, high = self.outlook.ends
        return {"low": self._minute(floor(low)), "high": self._minute(ceil(high))}

    def wait(self, index: int) -> wait.Wait | None:
        """Return the range of who comes at a point (0: now), as it is told."""
        low, high = self._range(index)
        return None if high == inf else wait.told((low, high), self.line.times, self.on_duty)

    def busiest(self) -> int:
        """Return the index of the moment with the longest waits."""
        count = len(self.outlook.points) if self.outlook else 0
        return max(range(count), key=lambda index: self._range(index)[1], default=0)

    def _range(self, index: int) -> tuple[float, float]:
        if self.outlook is None:
            return 0.0, inf
        low, _, high = self.outlook.points[index][1]
        return low, high

    def _minute(self, minutes: int) -> datetime:
        return self.at.replace(second=0) + timedelta(minutes=minutes)


@dataclass(frozen=True)
class AsItStands:
    """All that a play of the line needs from the database; playing takes seconds and holds nothing."""

    line: Line
    skill: str | None
    intervals: Sequence[Any]
    past: Sequence[dict[str, Any]]


def as_it_stands(session: Session, session_id: str) -> AsItStands:
    """Read the line as it stands, who serves, and how waits were until now."""
    row = known(session, session_id)
    line = line_of(session, row)
    skill, intervals = duty_of(session, row)
    return AsItStands(line, skill, intervals, _past(session, row))


def outlook(found: AsItStands) -> dict[str, Any]:
    """Return how waits were until now and how they will go on until closing."""
    line = found.line
    going = _going(line, line.scene.crews, line.on_duty)
    return {
        "at": going.at,
        "on_duty": going.on_duty,
        "points": going.points,
        "ends": going.ends,
        "past": found.past,
    }


def what_if(found: AsItStands, change: Change) -> dict[str, Any]:
    """Return the waits and the end of the line before and after a change of the crew."""
    line = found.line
    if change.to <= max(change.from_, line.at):
        raise errors.NotASpan(fields={"to": (errors.NotASpan.zh, errors.NotASpan.en)})
    going = before = _going(line, line.scene.crews, line.on_duty)
    crews, now = _changed(found, change, going.at)
    if crews != line.scene.crews or now != line.on_duty:
        going = _going(line, crews, now, hoped=change.more > 0)
    busiest = (before if before.outlook else going).busiest()
    return {
        "at": before.at,
        "benches": line.row.benches,
        "changes": crews != line.scene.crews,
        "busiest_at": before.at + timedelta(minutes=_every(line) * busiest),
        "before": _shown(before, busiest),
        "after": _shown(going, busiest),
    }


def changed_crews(crews: wait.Crews, span: tuple[float, float], more: int) -> wait.Crews:
    """Return the crews with `more` from the first to the last minute of the span."""
    begins, ends = (max(0.0, minute) for minute in span)
    moments = sorted({*(minute for minute, _ in crews), begins, ends})
    found: list[tuple[float, int]] = []
    for minute in moments:
        many = [size for start, size in crews if start <= minute][-1]
        many = max(0, many + (more if begins <= minute < ends else 0))
        if not found or found[-1][1] != many:
            found.append((minute, many))
    return tuple(found)


def _going(line: Line, crews: wait.Crews, on_duty: int, *, hoped: bool = False) -> Going:
    """Play a line to its end; nobody on duty and nobody hoped for is unknown, as when told."""
    at = tick(line.at)
    if on_duty < 1 and not (hoped and any(many for _, many in crews)):
        return Going(line, at, on_duty, None)
    scene = replace(line.scene, crews=crews)
    return Going(
        line, at, on_duty, wait_model.outlook(scene, line.times, _every(line), line.levels)
    )


def _every(line: Line) -> float:
    return max(EVERY, ceil(line.scene.closes_in / POINTS))


def _changed(found: AsItStands, change: Change, at: datetime) -> tuple[wait.Crews, int]:
    """Return the crews after a change, bounded by the benches, and who would be on duty now."""
    line, row = found.line, found.line.row
    everybody = wait.crews(
        found.intervals, found.skill, line.at, line.on_duty, wait.UNBOUNDED, opens=row.starts_at
    )
    span = ((change.from_ - at).total_seconds() / 60, (change.to - at).total_seconds() / 60)
    changed = changed_crews(everybody, span, change.more)
    now = changed[0][1]
    return _bounded(changed, row.benches), now


def _bounded(crews: wait.Crews, benches: int) -> wait.Crews:
    found: list[tuple[float, int]] = []
    for minute, many in crews:
        if not found or found[-1][1] != min(many, benches):
            found.append((minute, min(many, benches)))
    return tuple(found)


def _shown(going: Going, busiest: int) -> dict[str, Any]:
    return {
        "on_duty": going.on_duty,
        "wait": going.wait(0),
        "busiest": going.wait(busiest),
        "ends": going.ends,
        "points": going.points,
    }


def _past(session: Session, row: ServiceSession) -> Sequence[dict[str, Any]]:
    """Return the waits of who was called already: when they came, and how long it was."""
    statement = (
        select(Visit.recorded_at, Visit.waited, Visit.appointment_id.is_not(None).label("booked"))
        .where(Visit.session_id == row.id, Visit.waited.is_not(None))
        .order_by(Visit.recorded_at.desc(), Visit.id)
        .limit(DOTS)
    )
    found = [
        {"at": at, "waited": waited, "booked": bool(booked)}
        for at, waited, booked in session.execute(statement)
    ]
    return found[::-1]
