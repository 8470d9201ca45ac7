"""Records of others, or of a time before this suite: imported as Open Repair Data, a batch at a time.

They live beside the tickets and not among them: nobody stood in our line for these devices, nobody of ours
is behind them, and a batch can be taken back whole.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime


class ImportBatch(Base):
    """One file that was taken in: `records` of it were new. Undone, it holds none any more."""

    __tablename__ = "import_batch"
    __table_args__ = (CheckConstraint("records >= 0", name="records"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    records: Mapped[int]
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    by: Mapped[str] = mapped_column(Id)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PastRecord(Base):
    """One device in the words of the standard; `id` is the publisher's, underscore or hyphen as it came."""

    __tablename__ = "past_record"
    __table_args__ = (
        CheckConstraint(
            "status IN ('Fixed', 'Repairable', 'End of life', 'Unknown')", name="status"
        ),
        CheckConstraint("barrier IS NULL OR status = 'End of life'", name="barrier"),
        Index("ix_past_record_category_id_brand", "category_id", "brand"),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    batch_id: Mapped[str] = mapped_column(Id, ForeignKey("import_batch.id"), index=True)
    provider: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(3))
    group: Mapped[str] = mapped_column(String(200))
    day: Mapped[date] = mapped_column(Date, index=True)
    category_id: Mapped[int]
    product: Mapped[str] = mapped_column(String(120))
    brand: Mapped[str] = mapped_column(String(120))
    year: Mapped[int | None]
    age: Mapped[float | None] = mapped_column(Float)
    status: Mapped[str] = mapped_column(String(20))
    barrier: Mapped[str | None] = mapped_column(String(80))
    problem: Mapped[str] = mapped_column(String(4000))
