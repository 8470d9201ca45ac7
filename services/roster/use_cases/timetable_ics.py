"""A class timetable as iCalendar (RFC 5545): each event is read by itself, so that a broken one spoils no other.

Recurrence is expanded in the event's own zone and only then shown at the venue. Only weekly and
daily rules are understood: they are what timetables have, and they always come to an end in time.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from services.roster.errors import UnreadableTimetable
from services.roster.models.term import Term
from services.roster.models.timetable import (
    BadLine,
    Draft,
    Span,
    Timetable,
    clean_title,
    drafts_of,
)

MOST_EVENTS = 1_000
MOST_OCCURRENCES = 20_000  # of one file, before those outside the window are left out
MOST_OF_ONE = 2_000
OLDEST = timedelta(days=3 * 366)
BEHIND, AHEAD = timedelta(days=30), timedelta(days=400)
RULES = {"DAILY", "WEEKLY"}
UNDERSTOOD = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\n"
Occurrence = tuple[date, Span]


@dataclass(frozen=True)
class Block:
    """An event as it stands in the file: its first line and its unfolded lines."""

    line: int
    lines: list[tuple[int, str]]

    @property
    def text(self) -> str:
        """Return the event as a calendar of its own."""
        body = "\r\n".join(text for _, text in self.lines)
        return f"{HEAD}{body}\r\nEND:VCALENDAR\r\n"

    def where(self, name: str) -> tuple[int, str]:
        """Return the line of a property, with its text; the event's first where it has none."""
        begins = re.compile(rf"{re.escape(name)}[;:]", re.IGNORECASE)
        return next((one for one in self.lines if begins.match(one[1])), self.lines[0])


@dataclass(frozen=True)
class Read:
    """An event as it was read: one start, how long, and the rule by which it repeats."""

    block: Block
    uid: str
    title: str
    start: datetime
    length: timedelta
    event: Any

    @property
    def zone(self) -> tzinfo:
        """Return the zone in which it repeats."""
        assert self.start.tzinfo is not None  # noqa: S101 - made aware when read
        return self.start.tzinfo


def read_ics(text: str, terms: Sequence[Term], today: date, place: ZoneInfo) -> Timetable:
    """Read a calendar file; what cannot be used is listed with its line.

    Raises ``UnreadableTimetable`` where it holds no event, or more than anybody's timetable does.
    """
    found, read, moved = Timetable("ics"), [], set()
    for count, block in enumerate(_blocks(text), start=1):
        if count > MOST_EVENTS:
            raise UnreadableTimetable(
                f"一次最多 {MOST_EVENTS} 个日程。", f"At most {MOST_EVENTS} events at once."
            )
        try:
            one = _read(block, place, today)
        except BadLine as problem:
            _leave_out(found, block, problem)
            continue
        if replaced := one.event.get("RECURRENCE-ID"):
            moved.add((one.uid, _aware(replaced, place)))
        read.append(one)
    if not read and not found.left_out:
        raise UnreadableTimetable("文件里没有日程。", "There is no event in the file.")
    singles: dict[str, list[Occurrence]] = {}
    left = MOST_OCCURRENCES
    for one in filter(_counts, read):
        try:
            kept = _kept(one, moved, today, place, most=min(left, MOST_OF_ONE))
        except BadLine as problem:
            _leave_out(found, one.block, problem)
            continue
        left -= len(kept)
        if one.event.get("RRULE"):
            found.lessons += drafts_of(one.title, kept, terms, series=True)
        else:
            singles.setdefault(one.title, []).extend(kept)
    for title, dates in singles.items():
        found.lessons += drafts_of(title, dates, terms, series=False)
    found.lessons.sort(key=_order)
    found.left_out.sort(key=lambda one: one.line)
    return found


def _kept(
    one: Read, moved: set[tuple[str, datetime]], today: date, place: ZoneInfo, *, most: int
) -> list[Occurrence]:
    """Return the occurrences within the window, at the venue; none, or too many, is a bad event."""
    dates = list(islice(_occurrences(one, moved, today), most + 1))
    if len(dates) > most:
        raise BadLine("重复的次数太多了。", "It repeats too often.")
    local = [_local(at, one.length, place) for at in dates]
    kept = [found for found in local if today - BEHIND <= found[0] <= today + AHEAD]
    if not kept:
        raise BadLine("都已经过去了，或者太远。", "All of it is past, or too far ahead.")
    return kept


def _order(one: Draft) -> tuple[int, date, Span, str]:
    return one.weekday or 8, one.on_date or date.min, one.span, one.title


def _blocks(text: str) -> Iterator[Block]:
    """Cut a calendar into its events, long lines unfolded (RFC 5545, 3.1)."""
    lines: list[tuple[int, str]] = []
    inside = False
    for number, raw in enumerate(text.splitlines(), start=1):
        if raw[:1] in (" ", "\t") and lines:
            lines[-1] = lines[-1][0], lines[-1][1] + raw[1:]
            continue
        word = raw.strip().upper()
        if word == "BEGIN:VEVENT":
            if inside:  # the one before was never closed
                yield Block(lines[0][0], [*lines, (number, "END:VEVENT")])
            lines, inside = [], True
        if inside:
            lines.append((number, raw.rstrip()))
        if word == "END:VEVENT" and inside:
            yield Block(lines[0][0], lines)
            lines, inside = [], False
    if inside:
        yield Block(lines[0][0], [*lines, (lines[-1][0], "END:VEVENT")])


def _read(block: Block, place: ZoneInfo, today: date) -> Read:
    from icalendar import Calendar

    try:
        events = Calendar.from_ical(block.text).walk("VEVENT")
    except (ValueError, IndexError, KeyError) as problem:
        raise BadLine("这个日程的格式读不出来。", "This event cannot be read.") from problem
    event = events[0]
    for name, _ in event.errors:
        raise BadLine(
            f"看不懂 {name} 这一行。",
            f"Its {name} cannot be read.",
            block.where(name or "BEGIN")[0],
        )
    if not event.get("DTSTART"):
        raise BadLine("没有开始时间（DTSTART）。", "It has no start (DTSTART).")
    start = _aware(event["DTSTART"], place)
    if start.date() < today - OLDEST or start.date() > today + AHEAD:
        raise BadLine("开始的日期太早或太晚。", "It starts too long ago, or too far ahead.")
    length = _length(event, start, place)
    title = clean_title(str(event.get("SUMMARY", ""))) or "—"
    return Read(block, str(event.get("UID", "")), title, start, length, event)


def _length(event: Any, start: datetime, place: ZoneInfo) -> timedelta:
    if event.get("DTEND"):
        length = _aware(event["DTEND"], place) - start
    elif event.get("DURATION"):
        length = event["DURATION"].dt
    else:
        raise BadLine("没有结束时间。", "It has no end.")
    if not timedelta(0) < length <= timedelta(hours=24):
        raise BadLine(
            "结束要在开始之后，最长 24 小时。", "It must end after it starts, 24 hours at most."
        )
    return length


def _counts(one: Read) -> bool:
    """Tell whether the time is really taken: not cancelled, not marked as free."""
    cancelled = str(one.event.get("STATUS", "")).upper() == "CANCELLED"
    return not cancelled and str(one.event.get("TRANSP", "")).upper() != "TRANSPARENT"


def _aware(value: Any, place: ZoneInfo) -> datetime:
    """Return an aware instant; one without a zone is meant at the venue."""
    at = getattr(value, "dt", value)
    if not isinstance(at, datetime):
        raise BadLine(
            "整天的日程没有时间，没有算作课。", "An all-day event has no time; it is no lesson."
        )
    zone = getattr(value, "params", {}).get("TZID")
    if at.tzinfo is None and zone:
        raise BadLine(f"不认识的时区“{zone[:30]}”。", f"Time zone “{zone[:30]}” is not known.")
    return at if at.tzinfo else at.replace(tzinfo=place)


def _occurrences(one: Read, moved: set[tuple[str, datetime]], today: date) -> Iterator[datetime]:
    left_out = set(_dates(one, "EXDATE"))
    if "RECURRENCE-ID" not in one.event:
        left_out |= {at for uid, at in moved if uid == one.uid}
    for at in (*_repeated(one, today), *_dates(one, "RDATE")):
        if at not in left_out:
            yield at


def _repeated(one: Read, today: date) -> Iterator[datetime]:
    rule = one.event.get("RRULE")
    if rule is None:
        yield one.start
        return
    if isinstance(rule, list) or set(rule) - UNDERSTOOD or rule["FREQ"][0] not in RULES:
        line = one.block.where("RRULE")[0]
        raise BadLine("只看得懂按周或按天的重复。", "Only weekly and daily rules are known.", line)
    for naive in islice(_rule(one, rule, today), MOST_OF_ONE + 1):
        yield naive.replace(tzinfo=one.zone)


def _rule(one: Read, rule: Any, today: date) -> Iterator[datetime]:
    """Expand a rule on the wall clock of its zone, as RFC 5545 means it."""
    from dateutil.rrule import DAILY, WEEKLY, rrule

    freq, interval = rule["FREQ"][0], rule.get("INTERVAL", [1])[0]
    by_day = [str(day).upper() for day in rule.get("BYDAY", [])]
    count = rule.get("COUNT", [None])[0]
    odd = not 1 <= interval <= 60 or not set(by_day) <= set(DAYS) or (count or 1) > MOST_OF_ONE
    if odd or (freq == "DAILY" and by_day and interval != 1):
        line = one.block.where("RRULE")[0]
        raise BadLine("看不懂这个重复规则。", "This rule of repetition is not known.", line)
    horizon = datetime.combine(today + AHEAD, time())
    until = min(_until(rule, one.zone) or horizon, horizon)
    return iter(
        rrule(
            DAILY if freq == "DAILY" else WEEKLY,
            dtstart=one.start.replace(tzinfo=None),
            interval=interval,
            wkst=DAYS.index(str(rule.get("WKST", ["MO"])[0]).upper()[:2]),
            byweekday=[DAYS.index(day) for day in by_day] or None,
            **({"count": count} if count else {"until": until}),
        )
    )


def _until(rule: Any, zone: tzinfo) -> datetime | None:
    """Return the end of a rule on the wall clock of its zone; a date means the whole of that day."""
    until = rule.get("UNTIL", [None])[0]
    if isinstance(until, datetime):
        return (until.astimezone(zone) if until.tzinfo else until).replace(tzinfo=None)
    return datetime.combine(until, time(23, 59, 59)) if until else None


def _dates(one: Read, name: str) -> Iterator[datetime]:
    found = one.event.get(name)
    for entry in found if isinstance(found, list) else [found] if found else []:
        for value in entry.dts:
            at = value.dt
            if isinstance(at, datetime):
                yield at if at.tzinfo else at.replace(tzinfo=one.zone)
            elif isinstance(at, date):
                yield datetime.combine(at, one.start.timetz())


def _local(at: datetime, length: timedelta, place: ZoneInfo) -> Occurrence:
    begin = at.astimezone(place)
    end = (at + length).astimezone(place) if at.tzinfo is place else _later(at, length, place)
    last = end.hour * 60 + end.minute
    if end.date() != begin.date():
        if last or end.date() != begin.date() + timedelta(days=1):
            raise BadLine("跨过半夜的日程不算课。", "An event across midnight is no lesson.")
        last = 1440
    return begin.date(), (begin.hour * 60 + begin.minute, last)


def _later(at: datetime, length: timedelta, place: ZoneInfo) -> datetime:
    """Return the end as an instant: wall-clock arithmetic would be wrong across a change of clocks."""
    return (at.astimezone(ZoneInfo("UTC")) + length).astimezone(place)


def _leave_out(found: Timetable, block: Block, problem: BadLine) -> None:
    line = problem.line or block.line
    shown = next((text for number, text in block.lines if number == line), "")
    if line == block.line:
        shown = block.where("SUMMARY")[1]
    found.leave_out(line, shown, problem.why)
