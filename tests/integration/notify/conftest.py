"""Fixtures of notify's tests: notify itself, a clock that can be set, a real mail server."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from shared import clock
from tests.integration.notify.build import Notify
from tests.support.services import Service


@pytest.fixture
def notify(any_service: Callable[[str], Service]) -> Notify:
    """Notify on SQLite, then on PostgreSQL."""
    return Notify(any_service("notify"))


@pytest.fixture
def at_time(tmp_path: Path) -> Iterator[Callable[[datetime], None]]:
    """`at_time(instant)` sets the suite's clock, for Python and both databases."""
    simulated = clock.configure(clock.SIMULATED, tmp_path / "clock.json")
    yield simulated.set
    clock.configure(clock.REAL)


class MailServer:
    """A real SMTP server that behaves as a recipient's name says."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.controller: Controller | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Refuse who is called so."""
        if address.startswith("busy"):
            return "450 4.2.1 Mailbox busy, try again later"
        if address.startswith("nobody"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the mail; for `silent` people the answer never comes in time."""
        recipient = envelope.rcpt_tos[0]
        self.received.append((recipient, envelope.original_content))
        if recipient.startswith("silent"):
            await asyncio.sleep(3)
        return "554 5.7.1 Refused" if recipient.startswith("spam") else "250 Message accepted"

    @property
    def url(self) -> str:
        """The address of this server."""
        assert self.controller is not None
        return f"smtp://127.0.0.1:{self.controller.port}"

    def recipients(self) -> list[str]:
        """Return who got mail, in order."""
        return [recipient for recipient, _ in self.received]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A real SMTP server on a free port."""
    server = MailServer()
    server.controller = Controller(server, hostname="127.0.0.1", port=free_port())
    server.controller.start()
    yield server
    server.controller.stop()


@pytest.fixture
def no_mail_server() -> str:
    """An address on which nothing listens."""
    return f"smtp://127.0.0.1:{free_port()}"


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
