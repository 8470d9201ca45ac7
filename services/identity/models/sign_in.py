"""Sign-in sessions and reset links: random secrets that only their hashes are kept of."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.models.base import Base
from shared.database import Id, UtcDateTime

IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)
IDLE_STAFF = timedelta(hours=12)
LONGEST_STAFF = timedelta(days=7)
GRACE = timedelta(seconds=60)
RESET_LASTS = timedelta(hours=1)
STAFF = frozenset({"coordinator", "admin"})


class SignIn(Base):
    """One signed-in browser. Ends when idle, when too old, or when revoked."""

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(
        Id, ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    previous_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    rotated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rotate: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def stands(self, at: datetime, roles: list[str]) -> bool:
        """Tell whether this sign-in is still good at ``at``; staff's ends sooner."""
        staff = bool(STAFF & set(roles))
        idle, longest = (IDLE_STAFF, LONGEST_STAFF) if staff else (IDLE, LONGEST)
        return (
            self.revoked_at is None and at < self.seen_at + idle and at < self.created_at + longest
        )

    def knows(self, secret_hash: str, at: datetime) -> bool:
        """Tell whether this secret opens it: the newest one, or shortly the one before."""
        if self.secret_hash == secret_hash:
            return True
        return self.rotated_at is not None and at < self.rotated_at + GRACE


class PasswordReset(Base):
    """A link that lets somebody choose a new password: once, within an hour."""

    __tablename__ = "password_reset"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(
        Id, ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def new_secret() -> str:
    """Return 256 random bits as text that fits a cookie and an address."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret. It is random, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
