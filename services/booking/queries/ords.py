"""Outcomes as Open Repair Data 0.3 (openrepair.org): columns, order and words verbatim.

The file is for machines and for the Open Repair Alliance, so nothing is defused: a brand that begins
with a hyphen stays as it was written. Spreadsheets are served elsewhere.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from services.booking.models.category import BY_ID
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from shared.database import Database

HEADER = (
    "id", "data_provider", "country", "partner_product_category", "product_category",
    "product_category_id", "brand", "year_of_manufacture", "product_age", "repair_status",
    "repair_barrier_if_end_of_life", "group_identifier", "event_date", "problem",
)  # fmt: skip
BATCH = 500
ID_BITS = (1 << 63) - 1


@dataclass(frozen=True)
class Publisher:
    """Who publishes: name, code (lower-case letters), country (ISO 3166 alpha-3), group, zone.

    An empty group stands for each session's own title.
    """

    provider: str
    code: str
    country: str
    group: str
    zone: str


@dataclass(frozen=True)
class Wanted:
    """Which outcomes: of one session, of the days `first` to `last`, with or without trials."""

    session_id: str | None = None
    first: date | None = None
    last: date | None = None
    trial: bool = False


def export(database: Database, wanted: Wanted, publisher: Publisher) -> Iterator[bytes]:
    """Give the file piece by piece, in UTF-8 with line feeds, as the published files are."""
    yield _lines([HEADER])
    statement = _select(wanted, ZoneInfo(publisher.zone))
    with database.reading() as session:
        found = session.execute(statement, execution_options={"yield_per": BATCH})
        for rows in found.partitions():
            yield _lines([_record(ticket, row, publisher) for ticket, row in rows])


def record_id(ticket_id: str, code: str) -> str:
    """Return the standard's id of a record (`^[a-z]+-[0-9]+$`): stable, whatever is exported."""
    return f"{code}-{UUID(ticket_id).int & ID_BITS}"


def _record(ticket: Ticket, row: ServiceSession, publisher: Publisher) -> tuple[Any, ...]:
    category = BY_ID[ticket.category_id]
    day = row.starts_at.astimezone(ZoneInfo(row.zone)).date()
    return (
        record_id(ticket.id, publisher.code),
        publisher.provider,
        publisher.country,
        category.zh,
        category.en,
        category.id,
        ticket.brand,
        "",  # the year of manufacture is not asked for
        "",
        ticket.status,
        ticket.barrier or "",
        publisher.group or row.title["zh"],
        day.isoformat(),
        ticket.problem,
    )


def _select(wanted: Wanted, zone: ZoneInfo) -> Select[Any]:
    statement = (
        select(Ticket, ServiceSession)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(Ticket.state == "closed")
        .order_by(ServiceSession.starts_at, ServiceSession.id, Ticket.closed_at, Ticket.id)
    )
    if not wanted.trial:
        statement = statement.where(~ServiceSession.trial)
    if wanted.session_id:
        statement = statement.where(ServiceSession.id == wanted.session_id)
    if wanted.first:
        statement = statement.where(ServiceSession.starts_at >= _midnight(wanted.first, zone))
    if wanted.last:
        after = _midnight(wanted.last + timedelta(days=1), zone)
        statement = statement.where(ServiceSession.starts_at < after)
    return statement


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _lines(rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
