"""Records of others that were imported: counts for the figures, the batches they came in."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models.past_record import ImportBatch, PastRecord
from services.booking.queries.records import Wanted

MOST_BATCHES = 100


def counts(session: Session, wanted: Wanted) -> Iterator[tuple[date, int, str, int]]:
    """Give (day, category, outcome, devices) of the days that are wanted."""
    statement = select(PastRecord.day, PastRecord.category_id, PastRecord.status, func.count())
    if wanted.first:
        statement = statement.where(PastRecord.day >= wanted.first)
    if wanted.last:
        statement = statement.where(PastRecord.day <= wanted.last)
    groups = (PastRecord.day, PastRecord.category_id, PastRecord.status)
    for row in session.execute(statement.group_by(*groups)):
        yield row[0], row[1], row[2], row[3]


def batches(session: Session) -> list[ImportBatch]:
    """Return the files that were taken in, the latest first."""
    order = (ImportBatch.imported_at.desc(), ImportBatch.id)
    return list(session.scalars(select(ImportBatch).order_by(*order).limit(MOST_BATCHES)))
