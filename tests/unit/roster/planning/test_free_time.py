"""Free time of a term: classes, exam weeks, holidays, moved working days, and clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.roster.planning.check import violations
from services.roster.planning.free_time import Pattern, TermDays, Weekly, free_time, without
from services.roster.planning.problem import Cell, Limits, Shift, Span, merged
from tests.unit.roster.planning.builders import SHANGHAI, problem, shift, volunteer

BERLIN = ZoneInfo("Europe/Berlin")
TERM = TermDays(
    date(2026, 9, 7),
    4,
    exam_weeks=frozenset({4}),
    holidays=frozenset({date(2026, 9, 16)}),
    moved={date(2026, 9, 20): 3},
)
WEDNESDAY = Weekly(3, time(14), time(20))
LECTURE = Weekly(3, time(15), time(17))


def local(spans: tuple[Span, ...], zone: ZoneInfo = SHANGHAI) -> list[str]:
    return [
        f"{span.start.astimezone(zone):%m-%d %H:%M}-{span.end.astimezone(zone):%H:%M}"
        for span in spans
    ]


def test_classes_cut_what_is_offered_and_odd_weeks_only_their_own() -> None:
    lecture = Weekly(3, time(15), time(17), frozenset({1}))
    plain = TermDays(date(2026, 9, 7), 2)

    free = free_time(plain, SHANGHAI, Pattern((WEDNESDAY,), classes=(lecture,)))

    assert local(free) == ["09-09 14:00-15:00", "09-09 17:00-20:00", "09-16 14:00-20:00"]


def test_a_moved_working_day_is_lived_as_the_other_weekday_and_a_holiday_is_free_of_all() -> None:
    free = free_time(TERM, SHANGHAI, Pattern((WEDNESDAY,), classes=(LECTURE,)))

    assert local(free) == [
        "09-09 14:00-15:00",
        "09-09 17:00-20:00",
        "09-20 14:00-15:00",  # a Sunday with Wednesday's timetable; Wednesday the 16th is a holiday
        "09-20 17:00-20:00",
        "09-23 14:00-15:00",
        "09-23 17:00-20:00",
    ]


def test_exam_weeks_have_offers_of_their_own_and_no_classes() -> None:
    few = Weekly(3, time(16), time(18))

    free = free_time(TERM, SHANGHAI, Pattern((), (few,), (LECTURE,)))

    assert local(free) == ["09-30 16:00-18:00"]


def test_exceptions_add_and_take_away() -> None:
    day = datetime(2026, 9, 9, tzinfo=SHANGHAI)
    extra = Span(day + timedelta(hours=8), day + timedelta(hours=10))
    away = Span(day + timedelta(hours=9), day + timedelta(hours=21))

    free = free_time(TermDays(day.date(), 1), SHANGHAI, Pattern((WEDNESDAY,)), (extra,), (away,))

    assert local(free) == ["09-09 08:00-09:00"]


def test_an_evening_stays_an_evening_when_clocks_change() -> None:
    term = TermDays(date(2026, 10, 19), 2)  # clocks go back on Sunday the 25th

    free = free_time(term, BERLIN, Pattern((Weekly(1, time(18), time(20)),)))

    assert [span.start for span in free] == [
        datetime(2026, 10, 19, 16, tzinfo=UTC),
        datetime(2026, 10, 26, 17, tzinfo=UTC),
    ]


def test_rest_over_a_night_is_counted_in_hours_that_pass_not_on_the_clock() -> None:
    limits = Limits(9, timedelta(hours=10), timedelta(hours=4))
    person = volunteer("v", limits=limits)
    cells = frozenset({Cell("v", "s", "help"), Cell("v", "t", "help")})

    def night(on: date) -> set[str]:
        evening = datetime.combine(on, time(22), BERLIN)
        morning = datetime.combine(on + timedelta(days=1), time(8), BERLIN)
        shifts = [_at("s", evening - timedelta(hours=2), evening), _at("t", morning, None)]
        asked = problem(shifts, [person], zone=BERLIN)
        return {one.rule for one in violations(asked, cells)}

    assert night(date(2026, 3, 28)) == {"rest"}  # the night has nine hours
    assert night(date(2026, 10, 24)) == set()  # eleven
    assert night(date(2026, 6, 1)) == set()


def _at(id: str, start: datetime, end: datetime | None) -> Shift:
    return Shift(id, "s", start, end or start + timedelta(hours=2), shift("x", 0, 1).roles)


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(
        lambda one: Span(
            datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=one[0]),
            datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=one[0] + one[1]),
        )
    ),
    max_size=6,
)


@given(free=SPANS, busy=SPANS)
def test_what_is_left_is_every_free_minute_that_is_not_busy(
    free: list[Span], busy: list[Span]
) -> None:
    def minutes(spans: list[Span] | tuple[Span, ...]) -> set[datetime]:
        return {
            span.start + timedelta(minutes=n)
            for span in spans
            for n in range(int((span.end - span.start).total_seconds() // 60))
        }

    left = without(merged(free), merged(busy))

    assert minutes(left) == minutes(free) - minutes(busy)
    assert left == merged(left) or not left
