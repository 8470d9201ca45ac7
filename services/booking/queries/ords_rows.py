"""Lines of an Open Repair Data file as they really come: what can be read is read, the rest is said.

The published files differ from their schema: ids with an underscore where it wants a hyphen, *Item too worn
out* for *Too worn out*, brand, year and problem mostly empty, problems in several languages.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.booking.errors import UnreadableRecords
from services.booking.models.category import BY_ID, CATEGORIES
from services.booking.models.outcome import BARRIERS, END_OF_LIFE, STATUSES

NEEDED = ("id", "product_category", "repair_status", "event_date")
MOST_LINES = 20_000
ID_MOST, NAME_MOST, BRAND_MOST, PROBLEM_MOST = 80, 200, 120, 4000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
YEAR = re.compile(r"(1[89]|20)\d\d")
NO_BRAND = {"unknown", "n/a", "-", "none"}
CATEGORY_IDS = {one.en.casefold(): one.id for one in CATEGORIES}
STATUS_NAMES = {one.casefold(): one for one in STATUSES}
BARRIER_NAMES = {one.casefold(): one for one in BARRIERS}
Text = tuple[str, str]


@dataclass
class Line:
    """One line, and what was or would be done with it: new | known | own | invalid."""

    line: int
    id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    state: str = "new"
    said: list[Text] = field(default_factory=list)

    def wrong(self, zh: str, en: str) -> None:
        """Note why this line cannot be taken."""
        self.state = "invalid"
        self.said.append((zh, en))

    def hint(self, zh: str, en: str) -> None:
        """Note what is taken otherwise than it stands there."""
        self.said.append((zh, en))


def read_lines(content: bytes, today: date) -> list[Line]:
    """Read the lines of a file; one that is no such file is refused as a whole."""
    reader = csv.DictReader(io.StringIO(_decoded(content), newline=""))
    try:
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise UnreadableRecords(
                why_zh=f"缺少这些列：{'、'.join(missing)}",
                why_en=f"these columns are missing: {', '.join(missing)}",
            )
        found = list(_lines(reader, today))
    except csv.Error as problem:
        raise UnreadableRecords(why_zh="不是 CSV 表格", why_en="it is no CSV") from problem
    _refuse_repeated(found)
    return found


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableRecords(
        why_zh="文字编码不是 UTF-8 也不是 GBK", why_en="its text is neither UTF-8 nor GBK"
    )


def _lines(reader: Any, today: date) -> Iterator[Line]:
    for count, given in enumerate(reader):
        if count >= MOST_LINES:
            raise UnreadableRecords(
                why_zh=f"超过 {MOST_LINES} 行，请分成几个文件",
                why_en=f"it has more than {MOST_LINES} lines; please split it",
            )
        texts = {
            name: (value or "").strip() for name, value in given.items() if isinstance(name, str)
        }
        if any(texts.values()):
            yield _line(reader.line_num, texts, today)


def _line(number: int, given: dict[str, str], today: date) -> Line:
    line = Line(number, given.get("id", ""))
    if not line.id or len(line.id) > ID_MOST or not line.id.isprintable() or " " in line.id:
        line.wrong("编号是空的或者不像编号", "the id is empty or is none")
    values: dict[str, Any] = {"id": line.id}
    values["day"] = _day(line, given["event_date"], today)
    values["category_id"] = _category(line, given)
    values["status"] = _status(line, given["repair_status"])
    values["barrier"] = _barrier(line, given, values["status"])
    values["brand"] = _brand(line, given)
    values["year"] = _number(line, given, "year_of_manufacture", _year)
    values["age"] = _number(line, given, "product_age", _age)
    values["problem"] = _text(line, given, "problem", PROBLEM_MOST)
    values["product"] = _text(line, given, "partner_product_category", BRAND_MOST)
    values["provider"] = _text(line, given, "data_provider", NAME_MOST)
    values["group"] = _text(line, given, "group_identifier", NAME_MOST)
    values["country"] = given.get("country", "")[:3]
    line.values = values
    return line


def _day(line: Line, text: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        line.wrong(f"日期看不懂：{text[:20]}", f"the date cannot be read: {text[:20]}")
        return None
    if day > today:
        line.wrong("日期还没有到", "the date lies ahead")
    return day


def _category(line: Line, given: dict[str, str]) -> int | None:
    """Return the category by its id, else by its name; they should agree, and the name is what people chose."""
    number, name = given.get("product_category_id", ""), given["product_category"]
    by_name = CATEGORY_IDS.get(name.casefold())
    by_id = int(number) if number.isdecimal() and int(number) in BY_ID else None
    if by_name is None and by_id is None:
        line.wrong(f"没有这个类别：{name[:40]}", f"there is no such category: {name[:40]}")
        return None
    if by_name and by_id and by_name != by_id:
        line.hint(
            "类别的编号和名称不一致，按名称算", "category id and name differ; the name counts"
        )
    return by_name or by_id


def _status(line: Line, text: str) -> str | None:
    found = STATUS_NAMES.get(text.casefold())
    if found is None:
        line.wrong(f"没有这个结果：{text[:40]}", f"there is no such outcome: {text[:40]}")
    return found


def _barrier(line: Line, given: dict[str, str], status: str | None) -> str | None:
    text = given.get("repair_barrier_if_end_of_life", "")
    if not text:
        return None
    found = BARRIER_NAMES.get(text.casefold())
    if found is None:
        line.hint(f"没有这个原因，不记：{text[:40]}", f"no such barrier, left out: {text[:40]}")
    elif status != END_OF_LIFE:
        line.hint("只有“无法修复”才有原因，不记", "a barrier goes only with End of life; left out")
        return None
    return found


def _brand(line: Line, given: dict[str, str]) -> str:
    text = _text(line, given, "brand", BRAND_MOST)
    return "" if text.casefold() in NO_BRAND else text


def _number(
    line: Line, given: dict[str, str], name: str, read: Callable[[str], float | None]
) -> Any:
    text = given.get(name, "")
    found = read(text) if text else None
    if text and found is None:
        line.hint(
            f"{name} 不像数，不记：{text[:20]}", f"{name} is no number, left out: {text[:20]}"
        )
    return found


def _year(text: str) -> int | None:
    return int(text) if YEAR.fullmatch(text) else None


def _age(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,3}(\.\d+)?", text) else None


def _text(line: Line, given: dict[str, str], name: str, most: int) -> str:
    text = CONTROL.sub("", given.get(name, "").replace("\r\n", "\n"))
    if len(text) > most:
        line.hint(f"{name} 超过 {most} 字，后面的不记", f"{name} is cut after {most} characters")
    return text[:most]


def _refuse_repeated(lines: list[Line]) -> None:
    first: dict[str, int] = {}
    for line in lines:
        if line.state != "invalid" and line.id in first:
            number = first[line.id]
            line.wrong(f"编号和第 {number} 行一样", f"the same id as in line {number}")
        first.setdefault(line.id, line.line)
