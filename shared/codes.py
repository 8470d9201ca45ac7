"""Codes that prove presence or ownership: short, derived from a key, never stored."""

import base64
import hashlib
import hmac
from datetime import datetime

LENGTH = 8
READABLE = "23456789ACDEFGHJKMNPQRTUVWXY"  # no 0 and O, 1, I and L, 8 and B, 5 and S, 2 and Z
READABLE_LENGTH = 6


def rotating_code(secret: bytes, subject: str, at: datetime, window: int = 60) -> str:
    """Return the code of ``subject`` for the ``window`` (seconds) that ``at`` lies in."""
    return _code(secret, f"{subject}|{int(at.timestamp()) // window}")


def verify_code(secret: bytes, subject: str, code: str, at: datetime, window: int = 60) -> bool:
    """Tell whether ``code`` is the current one of ``subject``, or one of the two before it."""
    step = int(at.timestamp()) // window
    expected = [_code(secret, f"{subject}|{step - back}") for back in range(3)]
    given = code.strip().upper()
    fits = [hmac.compare_digest(given.encode(), one.encode()) for one in expected]
    return any(fits)  # all are compared, whichever fits


def lasting_code(secret: bytes, subject: str) -> str:
    """Return the one code of ``subject`` that does not change."""
    return _code(secret, subject)


def same_code(secret: bytes, subject: str, code: str) -> bool:
    """Tell whether ``code`` is the lasting code of ``subject``."""
    return hmac.compare_digest(_code(secret, subject).encode(), code.strip().upper().encode())


def _code(secret: bytes, message: str) -> str:
    digest = hmac.new(secret, message.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:LENGTH]


def readable_code(secret: bytes, subject: str) -> str:
    """Return the lasting code of ``subject`` for people to read out: six signs, none like another."""
    number = int.from_bytes(hmac.new(secret, subject.encode(), hashlib.sha256).digest())
    signs = []
    for _ in range(READABLE_LENGTH):
        number, place = divmod(number, len(READABLE))
        signs.append(READABLE[place])
    return "".join(signs)


def same_readable(secret: bytes, subject: str, typed: str) -> bool:
    """Tell whether ``typed`` (spaces, hyphens and small letters allowed) is ``subject``'s code."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return hmac.compare_digest(readable_code(secret, subject).encode(), plain.encode())
