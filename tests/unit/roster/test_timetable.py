"""A class timetable is read line by line: what is good is imported, what is not is listed with its line."""

import time as wall
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.errors import UnreadableTimetable
from services.roster.models import Term
from services.roster.models.timetable import BadLine, Draft
from services.roster.use_cases.timetable_csv import read_csv, section_span, weekday_of, weeks_of
from services.roster.use_cases.timetable_ics import read_ics

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 9, 10)
SECTIONS = (
    ("08:00", "08:45"), ("08:55", "09:40"), ("10:00", "10:45"), ("10:55", "11:40"),
    ("14:00", "14:45"), ("14:55", "15:40"),
)  # fmt: skip
TERM = Term(
    id="t",
    version=1,
    name={"zh": "秋季学期", "en": "Autumn"},
    starts_on=date(2026, 9, 7),
    weeks=20,
    exam_weeks=[19, 20],
    holidays=[],
    moved_days=[],
    sections=[{"starts": starts, "ends": ends} for starts, ends in SECTIONS],
    state="active",
)
APP = "课程名称,星期,开始节数,结束节数,老师,地点,周数\n"


def event(*lines: str, start: str = "20260909T140000", end: str = "20260909T153000") -> str:
    times = [f"DTSTART;TZID=Asia/Shanghai:{start}", f"DTEND;TZID=Asia/Shanghai:{end}"]
    own = [line for line in times if not any(line[:5] == one[:5] for one in lines)]
    return "\r\n".join(["BEGIN:VEVENT", "UID:1", "SUMMARY:电路实验", *own, *lines, "END:VEVENT"])


def calendar(*events: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""])


def read(
    *events: str, terms: tuple[Term, ...] = (TERM,)
) -> tuple[list[Draft], list[tuple[int, str]]]:
    found = read_ics(calendar(*events), terms, TODAY, SHANGHAI)
    return found.lessons, [(one.line, one.why[1]) for one in found.left_out]


def test_a_table_of_a_timetable_app_is_read() -> None:
    found = read_csv(f"{APP}高等数学,1,1,2,王老师,教一 101,1-16\n电路,周三,5,6,,,1-15单\n", TERM)

    assert found.left_out == []
    maths, circuits = found.lessons
    assert (maths.title, maths.weekday, maths.span) == ("高等数学", 1, (480, 580))
    assert maths.weeks == tuple(range(1, 17))
    assert circuits.weeks == tuple(range(1, 16, 2))


def test_broken_lines_are_listed_and_the_good_ones_kept() -> None:
    bad = '物理,周八,1,2,,,1-16\n"化学,2,1,2\n英语,2,1,99,,,1-4\n体育,5,3,4,,,1-40\n,2,1,2,,,\n'
    found = read_csv(f"{APP}{bad}线代,4,3,4,,,2-8双\n", TERM)

    assert [one.title for one in found.lessons] == ["线代"]
    assert [one.line for one in found.left_out] == [2, 3, 4, 5, 6]
    assert found.left_out[0].text.startswith("物理")
    assert "周八" in found.left_out[0].why[0]


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("1-3", (1, 2, 3)),
        ("第1-3周", (1, 2, 3)),
        ("1-4周(双)", (2, 4)),
        ("1，3、5", (1, 3, 5)),
        ("1-2,4-5", (1, 2, 4, 5)),
        ("7", (7,)),
        ("", tuple(range(1, 19))),
    ],
)
def test_weeks_are_read_as_people_write_them(text: str, weeks: tuple[int, ...]) -> None:
    assert weeks_of(text, TERM) == weeks


@pytest.mark.parametrize("text", ["0-3", "3-1", "1-21", "every", "1-", "99999999999"])
def test_what_are_no_weeks_is_said(text: str) -> None:
    with pytest.raises(BadLine):
        weeks_of(text, TERM)


@pytest.mark.parametrize(
    ("text", "day"), [("三", 3), ("周日", 7), ("星期天", 7), ("Wed", 3), ("6", 6), ("Sunday", 7)]
)
def test_weekdays_are_read_as_people_write_them(text: str, day: int) -> None:
    assert weekday_of(text) == day


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text: str) -> None:
    within = (lambda one: section_span(one, TERM), lambda one: weeks_of(one, TERM))
    for reader in (weekday_of, *within):
        try:
            assert reader(text)
        except BadLine:
            continue


def test_sections_are_the_term_s_and_one_without_a_time_is_said() -> None:
    table = f"{APP}高等数学,1,5,6,,,1-16\n电路,2,5,7,,,1-16\n"

    found = read_csv(table, TERM)

    assert [one.span for one in found.lessons] == [(14 * 60, 15 * 60 + 40)]
    assert [(one.line, one.why[0]) for one in found.left_out] == [
        (3, "校历里没有第 7 节的上课时间。")
    ]


def test_times_instead_of_sections_will_do_and_a_file_without_a_header_will_not() -> None:
    found = read_csv("course;day;start;end;weeks\nWelding;Tue;18:30;20:00;1-4\n", TERM)

    assert (found.lessons[0].weekday, found.lessons[0].span) == (2, (1110, 1200))
    for text in ("", "a,b,c\n1,2,3\n"):
        with pytest.raises(UnreadableTimetable):
            read_csv(text, TERM)
    with pytest.raises(UnreadableTimetable):
        read_csv(f"{APP}高等数学,1,1,2,,,1-16\n", None)


def test_a_weekly_event_is_a_lesson_of_its_weeks_without_those_left_out() -> None:
    lessons, bad = read(
        event(
            "RRULE:FREQ=WEEKLY;UNTIL=20261028T235959Z", "EXDATE;TZID=Asia/Shanghai:20260923T140000"
        )
    )

    assert bad == []
    assert [(one.weekday, one.span, one.weeks) for one in lessons] == [
        (3, (840, 930), (1, 2, 4, 5, 6, 7, 8))
    ]


def test_a_moved_occurrence_stays_moved() -> None:
    master = event("RRULE:FREQ=WEEKLY;COUNT=3")
    moved = event(
        "RECURRENCE-ID;TZID=Asia/Shanghai:20260916T140000",
        start="20260918T080000",
        end="20260918T094000",
    )

    lessons, _ = read(master, moved)

    assert [(one.weekday, one.weeks, one.on_date) for one in lessons] == [
        (3, (1, 3), None),
        (None, None, date(2026, 9, 18)),
    ]


def test_events_that_repeat_one_by_one_are_weekly_too() -> None:
    days = ("09", "16", "23")
    lessons, _ = read(*[event(start=f"202609{d}T140000", end=f"202609{d}T153000") for d in days])

    assert [(one.weekday, one.weeks) for one in lessons] == [(3, (1, 2, 3))]


def test_recurrence_is_expanded_in_its_own_zone_across_a_change_of_clocks() -> None:
    lessons, bad = read(
        event(
            "DTSTART;TZID=Europe/Berlin:20261019T090000",
            "DTEND;TZID=Europe/Berlin:20261019T100000",
            "RRULE:FREQ=WEEKLY;COUNT=2",
        )
    )

    assert bad == []
    assert sorted((one.weekday, one.span, one.weeks) for one in lessons) == [
        (1, (900, 960), (7,)),  # summer time: 15:00 in Shanghai
        (1, (960, 1020), (8,)),  # winter time: 16:00
    ]


def test_broken_events_are_listed_with_their_line_and_the_others_kept() -> None:
    lessons, bad = read(
        event("DTSTART:sometime"),
        event("RRULE:FREQ=SECONDLY"),
        event("DTSTART;VALUE=DATE:20260909", "DTEND;VALUE=DATE:20260910"),
        event("DTSTART;TZID=Nowhere/Land:20260909T140000"),
        event(end="20260909T130000"),
        event("RRULE:FREQ=WEEKLY;COUNT=2"),
    )

    assert [one.weeks for one in lessons] == [(1, 2)]
    assert len(bad) == 5
    assert bad[0] == (7, "Its DTSTART cannot be read.")
    assert [line for line, _ in bad] == sorted(line for line, _ in bad)
    assert "rules are known" in bad[1][1]
    assert "all-day" in bad[2][1].lower()
    assert "Nowhere/Land" in bad[3][1]


def test_an_event_that_is_never_closed_spoils_no_other() -> None:
    broken = event().replace("END:VEVENT", "X-LOST:1")

    lessons, _ = read(
        broken, event("RRULE:FREQ=WEEKLY;COUNT=2", start="20260910T080000", end="20260910T090000")
    )

    assert {one.weekday for one in lessons} >= {4}


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;COUNT=999999999",
        "FREQ=YEARLY",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5",
    ],
)
def test_no_rule_keeps_the_machine_busy(rule: str) -> None:
    began = wall.process_time()

    lessons, bad = read(event(f"RRULE:{rule}"))

    assert (lessons, len(bad)) == ([], 1)
    assert wall.process_time() - began < 1


def test_a_file_of_endless_events_is_bounded() -> None:
    began = wall.process_time()

    lessons, bad = read(*[event("RRULE:FREQ=DAILY")] * 120)

    assert lessons
    assert len(bad) > 50
    assert wall.process_time() - began < 5
    with pytest.raises(UnreadableTimetable):
        read(*["BEGIN:VEVENT\r\nEND:VEVENT"] * 1_001)


def test_cancelled_and_free_events_take_no_time() -> None:
    lessons, bad = read(event("STATUS:CANCELLED"), event("TRANSP:TRANSPARENT"))

    assert (lessons, bad) == ([], [])


@pytest.mark.parametrize(
    "example",
    [
        "课程,星期,节次,周数\n高等数学,周一,1-2,1-16\n电路实验,周三,5-6,1-15单",
        "course,weekday,sections,weeks\nCalculus,Mon,1-2,1-16\nCircuits lab,Wed,5-6,1-15odd",
    ],
)
def test_the_examples_of_the_page_are_understood_in_both_languages(example: str) -> None:
    found = read_csv(example, TERM)

    assert len(found.lessons) == 2
    assert found.left_out == []
