"""A record of service hours (志愿服务时长记录单): what was printed, under a number, with a code to verify it by.

A record is a snapshot of the ledger on the day it was issued. It never changes: a correction later means
another record, which replaces it. Fields as in 民发〔2015〕149号, without anything of identity documents.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, UniqueConstraint, text, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import Update

from services.roster.models.base import Base
from shared.database import Id, Json, UtcDateTime

VALID, REPLACED, REVOKED = STATES = ("valid", "replaced", "revoked")
KEPT_YEARS = 10  # records of voluntary service are kept that long at least
ONE_VALID = "ix_service_record_one_valid"


class ServiceRecord(Base):
    """`lines` are what was printed of each service, `printed` the names and words around them.

    One valid record per person and stretch of days: a partial unique index refuses a second one.
    Nobody issues their own (a CHECK): who records certifies, for others.
    """

    __tablename__ = "service_record"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        UniqueConstraint("code"),
        CheckConstraint("state IN ('valid', 'replaced', 'revoked')", name="state"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("minutes >= 0 AND counted_minutes >= 0", name="minutes"),
        CheckConstraint("issued_by <> person_id", name="not_oneself"),
        CheckConstraint("(state = 'valid') = (ended_at IS NULL)", name="ended"),
        Index(
            ONE_VALID,
            "person_id",
            "first_day",
            "last_day",
            unique=True,
            postgresql_where=text("state = 'valid'"),
            sqlite_where=text("state = 'valid'"),
        ),
        Index("ix_service_record_issued", "issued_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    serial: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(10), server_default=VALID)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    minutes: Mapped[int] = mapped_column(Integer)
    counted_minutes: Mapped[int] = mapped_column(Integer)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    printed: Mapped[dict[str, Any]] = mapped_column(Json())
    issued_by: Mapped[str] = mapped_column(Id)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_by: Mapped[str | None] = mapped_column(Id)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    reason: Mapped[str] = mapped_column(String(300), server_default="")
    replaced_by: Mapped[str | None] = mapped_column(Id)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    @property
    def number(self) -> str:
        """Return the number that is printed: 2026-00042."""
        return f"{self.year}-{self.serial:05d}"

    @classmethod
    def end(cls, record_id: str, **values: Any) -> Update:
        """End a record that is valid; no row changes where it is not."""
        return (
            update(cls)
            .where(cls.id == record_id, cls.state == VALID)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


class RecordYear(Base):
    """The last number given in a year. It is counted in the transaction that issues, so there are no gaps."""

    __tablename__ = "record_year"

    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
