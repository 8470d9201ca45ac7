"""Handing a mail to a mail server (SMTP, RFC 5321) or into a folder, and saying truly how it went."""

import os
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from services.notify.models.delivery import FAILED, SENT, UNKNOWN, WAITING

LINE_DOT = re.compile(rb"(?m)^\.")
OK, GO_AHEAD, PERMANENT = 250, 354, 500
CLOSING = 421


class ServerAway(Exception):
    """The mail server cannot be reached or does not want any mail now."""


@dataclass(frozen=True)
class Outcome:
    """How handing over went: the state it leads to (``waiting``: try later), why, and the answer."""

    state: str
    reason: str | None = None
    answer: str | None = None


class Hatch(Protocol):
    """Where mail is handed over; ``handing`` is asked just before it may have happened."""

    def hand(self, message: EmailMessage, name: str, handing: Callable[[], bool]) -> Outcome | None:
        """Hand one mail over; None when ``handing`` said no, and then nothing was sent."""


class Folder:
    """Writes each mail as a file; the same mail always into the same file, so twice is once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand(self, message: EmailMessage, name: str, handing: Callable[[], bool]) -> Outcome | None:
        """Write the mail in one step; nobody needs asking, since again gives the same file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f".{name}.{os.getpid()}.tmp"
        draft.write_bytes(message.as_bytes())
        draft.replace(self._folder / f"{name}.eml")
        return Outcome(SENT)


class Server:
    """A conversation with a mail server."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def hand(self, message: EmailMessage, name: str, handing: Callable[[], bool]) -> Outcome | None:
        """Send one mail. What fails before the text begins was surely not sent."""
        try:
            refused = self._address(message)
            if refused:
                return refused
            if not handing():
                self._smtp.rset()
                return None
            code, answer = self._smtp.docmd("DATA")
        except (OSError, smtplib.SMTPException) as problem:
            raise ServerAway(repr(problem)) from problem
        if code != GO_AHEAD:
            return self._refusal(code, answer)
        return self._transmit(message)

    def _address(self, message: EmailMessage) -> Outcome | None:
        self._smtp.ehlo_or_helo_if_needed()
        sender, recipient = str(message["From"].addresses[0].addr_spec), _recipient(message)
        options = ["SMTPUTF8"] if not recipient.isascii() else []
        if options and not self._smtp.has_extn("smtputf8"):
            return Outcome(FAILED, "bad_address", "the server does not know SMTPUTF8")
        code, answer = self._smtp.mail(sender, options)
        if code != OK:  # our own sender is refused: nothing the recipient can help
            raise ServerAway(f"MAIL {code} {_text(answer)}")
        code, answer = self._smtp.rcpt(recipient)
        return None if code in (OK, 251) else self._refusal(code, answer)

    def _transmit(self, message: EmailMessage) -> Outcome:
        text = LINE_DOT.sub(b"..", message.as_bytes())
        end = b".\r\n" if text.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            self._smtp.send(text + end)
            code, answer = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as problem:
            self._smtp.close()
            return Outcome(UNKNOWN, "no_answer", type(problem).__name__)
        if code == OK:
            return Outcome(SENT)
        return self._refusal(code, answer)

    def _refusal(self, code: int, answer: bytes) -> Outcome:
        said = f"{code} {_text(answer)}"[:200]
        if code == CLOSING or code < 0:
            raise ServerAway(said)
        with suppress(OSError, smtplib.SMTPException):
            self._smtp.rset()
        if code >= PERMANENT:
            return Outcome(FAILED, "refused", said)
        return Outcome(WAITING, "refused_for_now", said)


@contextmanager
def hatch(url: str, timeout: int) -> Iterator[Hatch]:
    """Open the way out that ``url`` names; ``ServerAway`` when it is closed."""
    where = urlsplit(url)
    if where.scheme == "drop":
        yield Folder(Path(unquote(where.path)))
        return
    smtp = _connect(where, timeout)
    try:
        yield Server(smtp)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


def _connect(where: SplitResult, timeout: int) -> smtplib.SMTP:
    host, secure = where.hostname or "localhost", where.scheme == "smtps"
    context = ssl.create_default_context()
    try:
        smtp: smtplib.SMTP = (
            smtplib.SMTP_SSL(host, where.port or 465, timeout=timeout, context=context)
            if secure
            else smtplib.SMTP(host, where.port or 25, timeout=timeout)
        )
    except (OSError, smtplib.SMTPException) as problem:
        raise ServerAway(repr(problem)) from problem
    try:
        if "starttls" in parse_qs(where.query):
            smtp.starttls(context=context)
        if where.username:
            smtp.login(unquote(where.username), unquote(where.password or ""))
    except (OSError, smtplib.SMTPException) as problem:
        smtp.close()
        raise ServerAway(repr(problem)) from problem
    return smtp


def _recipient(message: EmailMessage) -> str:
    return str(message["To"].addresses[0].addr_spec)


def _text(answer: bytes) -> str:
    return answer.decode("utf-8", "replace").replace("\n", " ")
