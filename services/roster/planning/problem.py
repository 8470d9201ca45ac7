"""What a proposal is asked for: shifts with roles, volunteers with limits, what is locked. Immutable."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Malformed(ValueError):
    """The problem contradicts itself, so that no proposal could answer it."""


class Cell(NamedTuple):
    """A volunteer in a role of a shift, all three by id."""

    volunteer: str
    shift: str
    role: str


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time between two instants, kept in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        _instants(self, "start", "end")


@dataclass(frozen=True, slots=True)
class Role:
    """What a shift needs: at least `least`, at most `most` people with `skill` at `level` or better."""

    code: str
    skill: str | None
    least: int
    most: int
    level: int = 1


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of a session and its roles. Who works in one is together with all the others there."""

    id: str
    session: str
    starts_at: datetime
    ends_at: datetime
    roles: tuple[Role, ...]

    def __post_init__(self) -> None:
        _instants(self, "starts_at", "ends_at")
        if not self.roles:
            raise Malformed(f"{self.id} has no role")
        _once(f"role of {self.id}", (role.code for role in self.roles))
        for role in self.roles:
            if not 0 <= role.least <= role.most:
                raise Malformed(f"{self.id}: {role.code} wants {role.least} to {role.most} people")

    @property
    def length(self) -> timedelta:
        """Return how long it lasts, whatever the clocks do meanwhile."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Skill:
    """What a volunteer can do, how well, and until when (exclusive)."""

    code: str
    level: int = 1
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one person serves at most; `rest` lies between two turns of work."""

    shifts_a_week: int = 2
    rest: timedelta = timedelta(hours=10)
    in_a_row: timedelta = timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who may be asked; `free` is when, `served` what they have done in this term already."""

    id: str
    skills: tuple[Skill, ...] = ()
    free: tuple[Span, ...] = ()
    limits: Limits = Limits()
    newcomer: bool = False
    served: timedelta = timedelta()
    gladly: frozenset[str] = frozenset()
    rather_not: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "free", merged(self.free))


@dataclass(frozen=True)
class Problem:
    """Shifts to fill in one zone. `fixed` cells are the coordinator's word: they are not judged, but they count.

    `kept_off` are pairs (volunteer, shift) that must not be; `last` is the proposal people have seen.
    """

    shifts: tuple[Shift, ...]
    volunteers: tuple[Volunteer, ...]
    zone: ZoneInfo
    fixed: frozenset[Cell] = frozenset()
    kept_off: frozenset[tuple[str, str]] = frozenset()
    last: frozenset[Cell] = frozenset()

    def __post_init__(self) -> None:
        _once("shift", (one.id for one in self.shifts))
        _once("volunteer", (one.id for one in self.volunteers))
        self._check_locks()

    @cached_property
    def shift(self) -> dict[str, Shift]:
        """Return the shifts by id."""
        return {one.id: one for one in self.shifts}

    @cached_property
    def volunteer(self) -> dict[str, Volunteer]:
        """Return the volunteers by id."""
        return {one.id: one for one in self.volunteers}

    def role(self, cell: Cell) -> Role:
        """Return the role of a cell."""
        return next(role for role in self.shift[cell.shift].roles if role.code == cell.role)

    def week(self, shift: Shift) -> tuple[int, int]:
        """Return the ISO year and week of a shift's start, as the calendar on the wall has it."""
        return shift.starts_at.astimezone(self.zone).isocalendar()[:2]

    def _check_locks(self) -> None:
        known = {(s.id, role.code): role.most for s in self.shifts for role in s.roles}
        for cell in self.fixed:
            if cell.volunteer not in self.volunteer or cell[1:] not in known:
                raise Malformed(f"{cell} is fixed, but there is no such cell")
            if cell[:2] in self.kept_off:
                raise Malformed(f"{cell} is fixed and kept off at once")
        _once("fixed cell", (cell[:2] for cell in self.fixed))
        for seat, count in Counter(cell[1:] for cell in self.fixed).items():
            if count > known[seat]:
                raise Malformed(f"{count} people are fixed where {known[seat]} may be: {seat}")


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same time in order, as few spans as can be; touching ones become one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def _instants(of: object, *names: str) -> None:
    """Turn a start and an end into UTC: within one zone Python reckons by the clocks on its walls."""
    for name in names:
        given: datetime = getattr(of, name)
        if given.tzinfo is None:
            raise Malformed(f"{given} has no zone")
        object.__setattr__(of, name, given.astimezone(UTC))
    if getattr(of, names[0]) >= getattr(of, names[1]):
        raise Malformed(f"{of} ends before it starts")


def _once(what: str, ids: Iterable[object]) -> None:
    twice = [str(one) for one, count in Counter(ids).items() if count > 1]
    if twice:
        raise Malformed(f"{what} twice: {', '.join(sorted(twice))}")
