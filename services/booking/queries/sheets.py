"""Records as a spreadsheet: CSV piece by piece, or a workbook with real numbers and dates.

Spreadsheets take text that starts like a formula for one. Such text is led by an apostrophe in both
files (OWASP, *CSV Injection*), and so is text that starts with an apostrophe itself: whoever reads the
file takes one leading apostrophe away and has what was typed (`plain`).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from services.booking.models.category import BY_ID
from services.booking.queries.records import Wanted, minutes_of, pieces
from shared.database import Database

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
GUARD = "'"
BOM = "\ufeff"
CHUNK = 64 * 1024
EPOCH = date(1899, 12, 30).toordinal()
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
WORDS = {
    "Fixed": ("修好了", "Fixed"),
    "Repairable": ("能修，未修完", "Repairable"),
    "End of life": ("修不了", "End of life"),
    "Unknown": ("结果不明", "Unknown"),
    "waiting": ("等待中", "Waiting"),
    "started": ("正在修", "At a bench"),
    "no_show": ("没有来", "Did not come"),
    "cancelled": ("已取消", "Cancelled"),
    "booked": ("预约", "Booked"),
    "walk_in": ("现场", "Walk-in"),
}
BARRIERS = {
    "Spare parts not available": "买不到零件",
    "Spare parts too expensive": "零件太贵",
    "No way to open product": "打不开外壳",
    "Repair information not available": "没有维修资料",
    "Lack of equipment": "缺少工具设备",
    "Item too worn out": "太旧了",
    "Too worn out": "太旧了",
}


@dataclass(frozen=True)
class Column:
    """A column: its heading in both languages, its width, its number format where it has one."""

    zh: str
    en: str
    width: int
    format: str | None = None


COLUMNS = (
    Column("日期", "Date", 11, DAY),
    Column("场次", "Session", 22),
    Column("场地", "Venue", 16),
    Column("号码", "Number", 8),
    Column("来的方式", "Came", 9),
    Column("类别", "Category", 18),
    Column("品牌型号", "Brand and model", 20),
    Column("问题", "Problem", 40),
    Column("结果", "Outcome", 13),
    Column("修不了的原因", "Barrier", 18),
    Column("备注", "Note", 30),
    Column("工位", "Bench", 6, "0"),
    Column("到场", "Arrived", 16, MOMENT),
    Column("开始", "Started", 16, MOMENT),
    Column("结束", "Closed", 16, MOMENT),
    Column("用时（分钟）", "Minutes", 9, "0"),
    Column("记录编号", "Record", 36),
)


def defused(value: Any) -> Any:
    """Return text that no spreadsheet takes for a formula; anything else as it is."""
    if isinstance(value, str) and value.startswith((*FORMULA, GUARD)):
        return GUARD + value
    return value


def plain(text: str) -> str:
    """Return what was typed, from a cell of ours."""
    return text.removeprefix(GUARD)


def cells(row: Any, locale: str) -> tuple[Any, ...]:
    """Return a record's cells in the order of COLUMNS; instants in its venue's zone, without one."""
    which = 1 if locale == "en" else 0
    category = BY_ID[row.category_id]
    barrier = row.barrier or ""
    starts_at = _local(row.starts_at, row.zone)
    return (
        starts_at.date() if starts_at else None,
        _text(row.title, locale),
        _text(row.venue_name, locale),
        row.number or "",
        WORDS["booked" if row.appointment_id else "walk_in"][which],
        category.en if which else category.zh,
        row.brand,
        row.problem,
        WORDS[row.standing if row.standing in WORDS else row.state][which],
        barrier if which else BARRIERS.get(barrier, barrier),
        row.note,
        row.bench,
        _local(row.arrived_at, row.zone),
        _local(row.started_at, row.zone),
        _local(row.closed_at, row.zone),
        minutes_of(row),
        row.id,
    )


def as_csv(database: Database, wanted: Wanted, locale: str) -> Iterator[bytes]:
    """Give the file piece by piece: UTF-8 with BOM, CRLF (RFC 4180), as spreadsheets open it."""
    rows = ([cells(row, locale) for row in some] for some in pieces(database, wanted))
    lines = (_lines([[_written(cell) for cell in line] for line in some]) for some in rows)
    return chain([_lines([_headings(locale)], BOM)], lines)


def as_workbook(database: Database, wanted: Wanted, locale: str) -> Iterator[bytes]:
    """Make the workbook in a temporary file, row by row in little memory; return its pieces."""
    file = TemporaryFile()  # noqa: SIM115 - closed when its last piece was given
    try:
        _fill(file, database, wanted, locale)
    except BaseException:
        file.close()
        raise
    return _read(file)


def _fill(file: IO[bytes], database: Database, wanted: Wanted, locale: str) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Records" if locale == "en" else "记录")
    formats = {given: book.add_format({"num_format": given}) for given in (DAY, MOMENT, "0")}
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, column.width)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, _headings(locale), book.add_format({"bold": True, "bottom": 1}))
    line = 0
    for rows in pieces(database, wanted):
        for row in rows:
            line += 1
            _write(sheet, line, cells(row, locale), formats)
    sheet.autofilter(0, 0, max(line, 1), len(COLUMNS) - 1)
    book.close()


def _write(sheet: Any, line: int, values: Sequence[Any], formats: dict[str, Any]) -> None:
    for number, (column, value) in enumerate(zip(COLUMNS, values, strict=True)):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            sheet.write_string(line, number, defused(value))
        elif isinstance(value, int):
            sheet.write_number(line, number, value, formats["0"])
        else:
            sheet.write_number(line, number, _serial(value), formats[str(column.format)])


def _serial(value: date) -> float:
    """Return days since the end of 1899, as spreadsheets count them (good from March 1900 on)."""
    days = value.toordinal() - EPOCH
    if not isinstance(value, datetime):
        return days
    return days + (value.hour * 3600 + value.minute * 60 + value.second) / 86400


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def _headings(locale: str) -> list[str]:
    return [column.en if locale == "en" else column.zh for column in COLUMNS]


def _text(value: dict[str, str], locale: str) -> str:
    zh, en = value.get("zh", ""), value.get("en", "")
    return (en or zh) if locale == "en" else (zh or en)


def _local(instant: datetime | None, zone: str) -> datetime | None:
    """Return the wall time at the venue: what a spreadsheet can hold."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if instant else None


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return defused(value)


def _lines(rows: Sequence[Sequence[Any]], lead: str = "") -> bytes:
    text = io.StringIO(newline="")
    text.write(lead)
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
