"""Codes that prove presence or ownership: short, derived from a key, never stored."""

import base64
import hashlib
import hmac
from datetime import datetime

LENGTH = 8


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
