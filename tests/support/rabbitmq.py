"""RabbitMQ for tests: a given broker, or a throw-away one; one virtual host per test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx

from deploy.local_servers import debian, rabbitmq
from tests.support.run import Run

GIVEN = "TEST_RABBITMQ_URL"
GIVEN_MANAGEMENT = "TEST_RABBITMQ_MANAGEMENT_URL"


@dataclass(frozen=True)
class Broker:
    """A broker's AMQP address and the address of its management API (None: it has none)."""

    url: str
    management_url: str | None

    def _vhost(self, method: str, name: str) -> None:
        answer = httpx.request(method, f"{self.management_url}/api/vhosts/{name}", timeout=30)
        answer.raise_for_status()

    @contextmanager
    def virtual_host(self) -> Iterator[str]:
        """Give an AMQP address whose exchanges and queues nobody else sees."""
        if self.management_url is None:
            yield self.url
            return
        name = f"test-{uuid4().hex[:10]}"
        self._vhost("PUT", name)
        parts = urlsplit(self.url)
        yield f"{parts.scheme}://{parts.netloc}/{quote(name, safe='')}"
        self._vhost("DELETE", name)


def says() -> str:
    """One line for the header of a run: what is used and from where."""
    if os.environ.get(GIVEN):
        host = "" if os.environ.get(GIVEN_MANAGEMENT) else ", all tests in its one virtual host"
        return f"RabbitMQ: the broker given by {GIVEN}{host}"
    found = rabbitmq.find_rabbitmq()
    if found:
        where = found.server.parent.parent
        return f"RabbitMQ: {where}, started in a temporary folder when first needed"
    return f"RabbitMQ: {debian.how_to_get(rabbitmq.PACKAGES)}"


def server(run: Run) -> Broker:
    """Return the run's broker."""
    given = os.environ.get(GIVEN)
    if given:
        return Broker(given, os.environ.get(GIVEN_MANAGEMENT))
    told = run.server("rabbitmq")
    return Broker(told["url"], told["management_url"])
