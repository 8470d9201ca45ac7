"""Where a person can be reached, which kinds of news they want by mail, and their calendar feed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.notify.models.base import Base
from shared.database import Id, UtcDateTime

KINDS = ("booking", "training", "shift", "reminder", "turn")
LOCALES = ("zh", "en")


class Contact(Base):
    """One person's address and language; `person_version` is identity's version last seen.

    An erased person leaves a row without address, so that late events cannot bring them back.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("locale IN ('zh', 'en')", name="locale"),
        CheckConstraint("state IN ('active', 'erased')", name="state"),
        CheckConstraint("state = 'active' OR email IS NULL", name="erased_is_empty"),
    )

    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10))
    person_version: Mapped[int] = mapped_column(default=0, server_default="0")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Preference(Base):
    """A kind of news that one person wants or does not want by mail; no row means yes."""

    __tablename__ = "preference"

    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    mail: Mapped[bool]


class Feed(Base):
    """The secret address of one person's calendar; renewing it ends the old one."""

    __tablename__ = "feed"

    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
