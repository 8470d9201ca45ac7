"""The roster grid's geometry: rows of like sessions, columns of days, coverage by week, hours by person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.web import dates
from services.web.clients.base import Text
from services.web.clients.proposals import PersonHours, PlannedShift, PlanWeek, Proposal

WIDTH, HEIGHT = 640.0, 150.0
GAP = 0.22  # of a bar's room


@dataclass
class Lane:
    """Sessions of one title at the same hours: a row, with the shifts of each day."""

    times: str
    title: Text
    venue: Text
    days: dict[date, list[PlannedShift]] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A day of the week; `within` says whether the plan holds it."""

    on: date
    within: bool


@dataclass(frozen=True)
class Bar:
    """A bar in two parts from the base line up; `missing` stands above both, hatched."""

    x: float
    width: float
    low: float
    high: float
    missing: float = 0.0


@dataclass(frozen=True)
class Hours:
    """Everybody's hours as bars, the fewest first, with a line at the mean; figures in hours."""

    bars: tuple[Bar, ...]
    people: tuple[PersonHours, ...]
    mean_y: float
    mean: float
    least: float
    most: float
    top: float


def lanes(shifts: Sequence[PlannedShift]) -> list[Lane]:
    """Group shifts into rows, by their hours."""
    found: dict[tuple[str, str, str], Lane] = {}
    for one in shifts:
        times = dates.time_range(one.starts_at, one.ends_at)
        key = (times, one.session_title.zh, one.venue_name.zh)
        lane = found.setdefault(key, Lane(times, one.session_title, one.venue_name))
        lane.days.setdefault(dates.local_day(one.starts_at), []).append(one)
    return [found[key] for key in sorted(found)]


def columns(monday: date, one: Proposal) -> list[Column]:
    """The seven days of a week."""
    days = (monday + timedelta(days=n) for n in range(7))
    return [Column(on, one.from_on <= on <= one.until_on) for on in days]


def coverage(weeks: Sequence[PlanWeek]) -> tuple[Bar, ...]:
    """Each week as a bar: minima that are filled, places above them, people missing."""
    top = max((one.at_most for one in weeks), default=0) or 1
    room = min(WIDTH / max(1, len(weeks)), 64.0)
    scale = HEIGHT / top
    return tuple(
        Bar(
            round(n * room + room * GAP / 2, 2),
            round(room * (1 - GAP), 2),
            round((one.needed - one.missing) * scale, 2),
            round((one.filled - (one.needed - one.missing)) * scale, 2),
            round(one.missing * scale, 2),
        )
        for n, one in enumerate(weeks)
    )


def fairness(hours: Sequence[PersonHours]) -> Hours | None:
    """Everybody's hours, the fewest first; None where nobody is."""
    if not hours:
        return None
    people = sorted(hours, key=lambda one: (one.have + one.planned, one.person_id))
    totals = [one.have + one.planned for one in people]
    top = max(totals) or 60
    room, scale = WIDTH / len(people), HEIGHT / top
    bars = tuple(
        Bar(
            round(n * room + room * GAP / 2, 2),
            round(room * (1 - GAP), 2),
            round(one.have * scale, 2),
            round(one.planned * scale, 2),
        )
        for n, one in enumerate(people)
    )
    mean = sum(totals) / len(totals)
    return Hours(
        bars,
        tuple(people),
        round(HEIGHT - mean * scale, 2),
        round(mean / 60, 1),
        round(totals[0] / 60, 1),
        round(totals[-1] / 60, 1),
        round(top / 60, 1),
    )
