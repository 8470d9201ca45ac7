"""Open Repair Data files: reading them as they really are, and comparing two of them.

Source: Open Repair Data Standard 0.3 (tableschema.json beside the published files). What the
published files do and the schema does not say: ids join provider and number with an underscore,
the barrier "Too worn out" is written "Item too worn out", free text holds several languages.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

NEEDED = (
    "product_category",
    "product_category_id",
    "brand",
    "repair_status",
    "repair_barrier_if_end_of_life",
    "group_identifier",
    "event_date",
    "problem",
)


class NotRepairData(Exception):
    """The file cannot be read as Open Repair Data; the text says where and why."""


@dataclass(frozen=True)
class Outcome:
    """What one repair attempt came to, in the fields that hold no id."""

    status: str
    category_id: int
    barrier: str
    brand: str
    problem: str


Event = tuple[str, date]
Events = dict[Event, list[Outcome]]


def read(path: Path) -> Events:
    """Return the outcomes of each event, by (group, date), events in order of their date."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return grouped(_rows(csv.DictReader(file)))
    except (OSError, UnicodeDecodeError) as problem:
        raise NotRepairData(f"{path.name} cannot be read: {problem}") from problem


def parsed(text: str) -> Events:
    """Return the outcomes of a file's text, as `read` does."""
    return grouped(_rows(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))))


def grouped(rows: Iterable[tuple[Event, Outcome]]) -> Events:
    """Gather rows by their event."""
    events: Events = defaultdict(list)
    for event, outcome in rows:
        events[event].append(outcome)
    return dict(sorted(events.items(), key=lambda item: (item[0][1], item[0][0])))


def differences(ours: Events, theirs: Events) -> list[str]:
    """Say, event by event, what one side has and the other has not (multisets)."""
    found = []
    for event in sorted({*ours, *theirs}, key=lambda one: (one[1], one[0])):
        mine, other = Counter(ours.get(event, [])), Counter(theirs.get(event, []))
        missing, extra = other - mine, mine - other
        if missing or extra:
            group, day = event
            found.append(
                f"{group} {day}: {missing.total()} missing, {extra.total()} too many;"
                f" first missing {next(iter(missing), None)}, first extra {next(iter(extra), None)}"
            )
    return found


def _rows(reader: "csv.DictReader[str]") -> Iterator[tuple[Event, Outcome]]:
    missing = [name for name in NEEDED if name not in (reader.fieldnames or [])]
    if missing:
        raise NotRepairData(f"columns missing: {', '.join(missing)}")
    for row in reader:
        yield _row(reader.line_num, row)


def _row(line: int, row: dict[str, str]) -> tuple[Event, Outcome]:
    try:
        event = (row["group_identifier"], date.fromisoformat(row["event_date"]))
        outcome = Outcome(
            status=row["repair_status"],
            category_id=int(row["product_category_id"]),
            barrier=row["repair_barrier_if_end_of_life"],
            brand=row["brand"],
            problem=row["problem"],
        )
    except (ValueError, TypeError) as problem:
        raise NotRepairData(f"line {line}: {problem}") from problem
    return event, outcome
