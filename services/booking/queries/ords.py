"""Outcomes as Open Repair Data 0.3 (openrepair.org): columns, order and words verbatim.

The file is for machines and for the Open Repair Alliance, so nothing is defused: a brand that begins
with a hyphen stays as it was written. Spreadsheets are served elsewhere.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from services.booking.models.category import BY_ID
from services.booking.queries import records
from services.booking.queries.records import Wanted
from shared.database import Database

HEADER = (
    "id", "data_provider", "country", "partner_product_category", "product_category",
    "product_category_id", "brand", "year_of_manufacture", "product_age", "repair_status",
    "repair_barrier_if_end_of_life", "group_identifier", "event_date", "problem",
)  # fmt: skip
ID_BITS = (1 << 63) - 1


@dataclass(frozen=True)
class Publisher:
    """Who publishes: name, code (lower-case letters), country (ISO 3166 alpha-3), group.

    An empty group stands for each session's own title.
    """

    provider: str
    code: str
    country: str
    group: str


def export(database: Database, wanted: Wanted, publisher: Publisher) -> Iterator[bytes]:
    """Give the file piece by piece, in UTF-8 with line feeds, as the published files are."""
    closed = (
        [row for row in rows if row.state == "closed"] for rows in records.pieces(database, wanted)
    )
    lines = (_lines([_record(row, publisher) for row in rows]) for rows in closed)
    return chain([_lines([HEADER])], lines)


def record_id(ticket_id: str, code: str) -> str:
    """Return the standard's id of a record (`^[a-z]+-[0-9]+$`): stable, whatever is exported."""
    return f"{code}-{UUID(ticket_id).int & ID_BITS}"


def _record(row: Row[Any], publisher: Publisher) -> tuple[Any, ...]:
    category = BY_ID[row.category_id]
    day = row.starts_at.astimezone(ZoneInfo(row.zone)).date()
    return (
        record_id(row.id, publisher.code),
        publisher.provider,
        publisher.country,
        category.zh,
        category.en,
        category.id,
        row.brand,
        "",  # the year of manufacture is not asked for
        "",
        row.status,
        row.barrier or "",
        publisher.group or row.title["zh"],
        day.isoformat(),
        row.problem,
    )


def _lines(rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
