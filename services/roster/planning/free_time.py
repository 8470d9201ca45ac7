"""When a volunteer is free in a term: what they offer each week, without their classes, in the venue's zone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.roster.planning.problem import Span, merged

ALL_WEEKS: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Weekly:
    """The same hours each week on an ISO weekday; only in `weeks` of the term, if any are named."""

    weekday: int
    start: time
    end: time
    weeks: frozenset[int] = ALL_WEEKS

    def held_in(self, week: int) -> bool:
        """Tell whether it takes place in that week of the term."""
        return not self.weeks or week in self.weeks


@dataclass(frozen=True)
class TermDays:
    """A term: its first Monday, exam weeks, holidays, and moved working days with the weekday they are lived as (调休)."""

    starts_on: date
    weeks: int
    exam_weeks: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    moved: Mapping[date, int] = field(default_factory=dict)

    def days(self) -> Iterator[tuple[date, int]]:
        """Yield every day with the number of its week."""
        for n in range(7 * self.weeks):
            yield self.starts_on + timedelta(days=n), n // 7 + 1

    def lived_as(self, on: date) -> int | None:
        """Return the weekday that a day is lived as: a moved one as the other's; None on holidays."""
        if on in self.moved:
            return self.moved[on]
        return None if on in self.holidays else on.isoweekday()


@dataclass(frozen=True)
class Pattern:
    """What somebody offers: hours each week, other hours in exam weeks, nothing on holidays; `classes` come first."""

    offers: tuple[Weekly, ...]
    in_exams: tuple[Weekly, ...] = ()
    classes: tuple[Weekly, ...] = ()


def free_time(
    term: TermDays,
    zone: ZoneInfo,
    pattern: Pattern,
    also: Iterable[Span] = (),
    away: Iterable[Span] = (),
) -> tuple[Span, ...]:
    """Return the stretches in which somebody is free; `also` adds to the pattern, `away` takes from all of it."""
    free: list[Span] = list(also)
    busy: list[Span] = []
    for on, week in term.days():
        exams, weekday = week in term.exam_weeks, term.lived_as(on)
        if weekday is not None:
            free += _spans(pattern.in_exams if exams else pattern.offers, on, weekday, week, zone)
            busy += [] if exams else _spans(pattern.classes, on, weekday, week, zone)
    return without(merged(free), merged([*busy, *away]))


def without(free: Iterable[Span], busy: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return what is left of `free`; `busy` is in order and does not overlap."""
    left: list[Span] = []
    for span in free:
        start = span.start
        for taken in busy:
            if taken.end <= start or taken.start >= span.end:
                continue
            if taken.start > start:
                left.append(Span(start, taken.start))
            start = taken.end
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(left)


def _spans(
    hours: Iterable[Weekly], on: date, weekday: int, week: int, zone: ZoneInfo
) -> Iterator[Span]:
    for one in hours:
        if one.weekday == weekday and one.held_in(week):
            start = datetime.combine(on, one.start, zone)
            end = datetime.combine(on, one.end, zone)
            if start.timestamp() < end.timestamp():  # not where the clocks skip it
                yield Span(start, end)
