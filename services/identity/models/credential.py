"""Passwords: the rules for a good one, and its argon2id hash."""

from datetime import datetime
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.errors import WeakPassword
from services.identity.models.base import Base
from services.identity.models.person import searchable
from shared.database import Id, UtcDateTime
from shared.errors import Away

SHORTEST = 8
LONGEST = 200
GUESSED_FIRST = frozenset({
    "12345678", "123456789", "1234567890", "87654321", "88888888", "00000000", "11111111",
    "66666666", "11223344", "password", "password1", "passw0rd", "qwertyui", "qwerty123",
    "1qaz2wsx", "a1234567", "a12345678", "abc12345", "abcd1234", "aa123456", "iloveyou",
    "woaini1314", "5201314520", "xiuhao123", "asdfghjk", "zxcvbnm1", "letmein1", "admin123",
    "administrator",
})  # fmt: skip
# OWASP password storage: argon2id with 19 MiB, two passes, one lane
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
_AT_ONCE = BoundedSemaphore(4)  # a wave of sign-ins must not take 19 MiB each without end
_PATIENCE = 8.0


class Credential(Base):
    """The password of a person; who never chose one has no row."""

    __tablename__ = "credential"

    person_id: Mapped[str] = mapped_column(
        Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    password_hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def check_strength(password: str, login: str | None, field: str = "password") -> None:
    """Refuse a password that is short, famous, or the login itself."""
    if len(password) < SHORTEST:
        texts = (f"密码至少 {SHORTEST} 个字符。", f"A password has at least {SHORTEST} characters.")
    elif len(password) > LONGEST:
        texts = (f"密码最多 {LONGEST} 个字符。", f"A password has at most {LONGEST} characters.")
    elif password.lower() in GUESSED_FIRST or len(set(password)) < 3:
        texts = (
            "这个密码太常见，很容易被猜到。",
            "This password is too common and easily guessed.",
        )
    elif login and searchable(password) == searchable(login):
        texts = ("密码不能和账号一样。", "The password cannot be the login.")
    else:
        return
    raise WeakPassword(fields={field: texts})


def hashed(password: str) -> str:
    """Return the argon2id hash of a password. Slow by design: never inside a transaction."""
    with _turn():
        return _HASHER.hash(password)


def matches(password: str, known: str | None) -> bool:
    """Tell whether the password fits the hash; without a hash, take as long and say no."""
    with _turn():
        try:
            return _HASHER.verify(known or _nobody(), password) and known is not None
        except (VerificationError, InvalidHashError):
            return False


class _turn:  # noqa: N801 - reads as the sentence it is: with a turn
    """One of the few places where a hash may be computed; who waits too long is told so."""

    def __enter__(self) -> None:
        if not _AT_ONCE.acquire(timeout=_PATIENCE):
            raise Away

    def __exit__(self, *_: object) -> None:
        _AT_ONCE.release()


def _nobody() -> str:
    global _NOBODY  # made once, when the first unknown account signs in
    if _NOBODY is None:
        _NOBODY = _HASHER.hash("nobody signs in with this")
    return _NOBODY


_NOBODY: str | None = None
