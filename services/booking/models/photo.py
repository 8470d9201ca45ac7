"""A photo of a device: the re-encoded file's name, owner and the day it goes away."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime


class Photo(Base):
    """The file is `<data dir>/photos/<id>.jpg`; row and file go after `purge_after`.

    A photo of the state in which a device was taken in belongs to its custody, and stays while the
    device does.
    """

    __tablename__ = "photo"
    __table_args__ = (Index("ix_photo_purge_after", "purge_after"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(Id, index=True)
    custody_id: Mapped[str | None] = mapped_column(Id, index=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    purge_after: Mapped[datetime] = mapped_column(UtcDateTime)
