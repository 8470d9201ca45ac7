"""A class timetable as a table: one line per lesson, as timetable apps and registries export it."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import time

from services.roster.errors import UnreadableTimetable
from services.roster.models.term import Term
from services.roster.models.timetable import BadLine, Draft, Span, Timetable, clean_title

MOST_LINES = 2_000
HEADERS = {
    "title": {"课程名称", "课程", "课程名", "名称", "course", "name", "title"},
    "weekday": {"星期", "周几", "星期几", "weekday", "day"},
    "first": {"开始节数", "开始节次", "起始节", "first section"},
    "last": {"结束节数", "结束节次", "终止节", "last section"},
    "sections": {"节次", "节数", "上课节次", "sections"},
    "starts": {"开始时间", "上课时间", "start", "starts", "from"},
    "ends": {"结束时间", "下课时间", "end", "ends", "to"},
    "weeks": {"周数", "周次", "上课周次", "起止周", "weeks"},
}  # fmt: skip
WEEKDAYS = "一二三四五六日"
ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
RANGE = re.compile(r"(\d{1,3})(?:[-–—~～至到](\d{1,3}))?([单双]|odd|even)?")
NOISE = re.compile(r"[第周节()（）\[\]\s]|weeks?|sections?", re.IGNORECASE)


def read_csv(text: str, term: Term | None) -> Timetable:
    """Read a table with a header; ``term`` says what its weeks are.

    Raises ``UnreadableTimetable`` without a usable header, without a term, or beyond the limit.
    """
    found = Timetable("csv")
    columns: dict[str, int] | None = None
    for line, cells, shown in _lines(text):
        if columns is None:
            columns = _columns(cells)
            if term is None:
                raise UnreadableTimetable(
                    "校历里还没有学期，周次没法对上日期。请先让协调员录入校历。",
                    "The calendar has no term yet, so weeks have no dates. Please ask a coordinator.",
                )
            continue
        if line > MOST_LINES:
            raise UnreadableTimetable(
                f"一次最多 {MOST_LINES} 行。", f"At most {MOST_LINES} lines at once."
            )
        try:
            found.lessons.append(_lesson(cells, columns, term))  # type: ignore[arg-type]  # raised above
        except BadLine as problem:
            found.leave_out(line, shown, problem.why)
    if columns is None:
        raise UnreadableTimetable("文件是空的。", "The file is empty.")
    return found


def _lines(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield line number, cells and the text of each line; every line is read by itself.

    A quote that is never closed spoils its own line only, not the rest of the file.
    """
    lines = text.splitlines()
    first = next((one for one in lines if one.strip()), "")
    delimiter = max(",\t;", key=first.count)
    for number, shown in enumerate(lines, start=1):
        cells = next(csv.reader(io.StringIO(shown), delimiter=delimiter), [])
        if any(cell.strip() for cell in cells):
            yield number, [cell.strip() for cell in cells], shown


def _columns(header: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, cell in enumerate(header):
        word = cell.lower().replace("_", " ")
        for name, words in HEADERS.items():
            if word in words:
                found.setdefault(name, position)
    timed = "sections" in found or {"first", "last"} <= found.keys() or "starts" in found
    if not {"title", "weekday"} <= found.keys() or not timed:
        raise UnreadableTimetable(
            "第一行要有列名：课程、星期、节次（或开始节数和结束节数，或开始时间和结束时间），还可以有周数。",
            "The first line must name the columns: course, weekday, sections (or start and end), weeks.",
        )
    return found


def _lesson(cells: list[str], columns: dict[str, int], term: Term) -> Draft:
    def cell(name: str) -> str:
        at = columns.get(name)
        return cells[at] if at is not None and at < len(cells) else ""

    title = clean_title(cell("title"))
    if not title:
        raise BadLine("没有课程名称。", "The course has no name.")
    weekday = weekday_of(cell("weekday"))
    if cell("starts") or "starts" in columns:
        span = _clock_span(cell("starts"), cell("ends"))
    else:
        span = section_span(cell("sections") or f"{cell('first')}-{cell('last')}", term)
    return Draft(title, span, term.id, weekday, weeks_of(cell("weeks"), term))


def weekday_of(text: str) -> int:
    """Return the ISO weekday of 3, 三, 周三, 星期三, Wed; 周日 and 周天 are 7."""
    word = re.sub(r"星期|礼拜|周", "", text.strip()).lower()
    if word in ("天", "七"):
        return 7
    if len(word) == 1 and word in WEEKDAYS:
        return WEEKDAYS.index(word) + 1
    if word.isascii() and word.isdigit() and 1 <= int(word) <= 7:
        return int(word)
    if word[:3] in ENGLISH:
        return ENGLISH.index(word[:3]) + 1
    raise BadLine(f"看不懂星期“{text[:20]}”。", f"“{text[:20]}” is no weekday.")


def weeks_of(text: str, term: Term) -> tuple[int, ...]:
    """Return the weeks of 1-16, 1-15(单), 2,4,6-9周, 1-8、10-16; nothing said: all but exam weeks."""
    plain = NOISE.sub("", text)
    if not plain:
        exams = set(term.exam_weeks)
        return tuple(week for week in range(1, term.weeks + 1) if week not in exams)
    found: set[int] = set()
    for piece in filter(None, re.split(r"[,，、;；]", plain)):
        match = RANGE.fullmatch(piece)
        if not match:
            raise BadLine(f"看不懂周数“{text[:30]}”。", f"“{text[:30]}” are no weeks.")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= term.weeks:
            raise BadLine(
                f"周数“{text[:30]}”不在本学期的 1–{term.weeks} 周里。",
                f"Weeks “{text[:30]}” are not within weeks 1–{term.weeks} of the term.",
            )
        odd = {"单": 1, "odd": 1, "双": 0, "even": 0}.get((match[3] or "").lower())
        found |= {week for week in range(first, last + 1) if odd is None or week % 2 == odd}
    if not found:
        raise BadLine(f"周数“{text[:30]}”里一周也没有。", f"There is no week in “{text[:30]}”.")
    return tuple(sorted(found))


def section_span(text: str, term: Term) -> Span:
    """Return the minutes of sections of a term's day: 3, 1-2, 第3-4节, 1,2."""
    numbers = [int(one) for one in re.findall(r"\d{1,2}", NOISE.sub("", text))]
    if not numbers or numbers[0] < 1 or numbers != sorted(numbers):
        raise BadLine(f"看不懂节次“{text[:20]}”。", f"“{text[:20]}” are no sections.")
    if numbers[-1] > len(term.sections):
        raise BadLine(
            f"校历里没有第 {numbers[-1]} 节的上课时间。",
            f"The calendar has no time for section {numbers[-1]}.",
        )
    return _clock_span(
        term.sections[numbers[0] - 1]["starts"], term.sections[numbers[-1] - 1]["ends"]
    )


def _clock_span(starts: str, ends: str) -> Span:
    times = CLOCK.findall(f"{starts} {ends}")
    if len(times) != 2:
        raise BadLine(
            f"看不懂时间“{starts[:20]} {ends[:20]}”。", f"“{starts[:20]} {ends[:20]}” is no time."
        )
    first, last = (_minute(time(int(hour), int(minute))) for hour, minute in times)
    if first >= last:
        raise BadLine("结束时间要在开始时间之后。", "It must end after it starts.")
    return first, last


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
