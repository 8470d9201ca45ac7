"""The bus: bytes go in by type, every service that listens gets them at least once.

Two adapters with one behaviour: in this process, and RabbitMQ (``shared.rabbitmq``). Which one is
chosen by a URL and by nothing else.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Receiver(Protocol):
    """Who takes a consumer's messages (``shared.inbox.Consumer``)."""

    def ready(self) -> None:
        """Raise while messages could not be kept; nothing is taken from the bus then."""

    def receive(self, body: bytes) -> None:
        """Take one message durably (handled, or kept for later); raise when it cannot be kept."""


class BusAway(Exception):
    """The bus cannot take or confirm messages now."""


@dataclass(frozen=True)
class Message:
    """One event on its way: ``body`` is its envelope, ``aggregate`` the thing it happened to."""

    event_id: str
    type: str
    aggregate: str
    body: bytes


class Bus(Protocol):
    """What a relay and a consumer need."""

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """Hand over messages in order and return the event ids that were taken for good.

        A message that no queue takes is *returned*: it and every later one of its aggregate are
        not among the ids. Raises ``BusAway`` when nothing can be confirmed.
        """

    def declare(self, consumer: str, types: Iterable[str]) -> None:
        """Make the queue of ``consumer`` and bind it to the event types it listens to."""

    def consume(
        self, consumer: str, types: Iterable[str], receiver: Receiver, stop: threading.Event
    ) -> None:
        """Give every message of ``consumer`` to ``receiver`` until ``stop`` is set."""

    def close(self) -> None:
        """Let go of connections."""


class InProcessBus:
    """Delivers inside this process: a message is taken when every listener has kept it.

    Nothing is queued in memory. Whatever a listener cannot keep (its database is away) is not
    confirmed, so the relay brings it again; listeners that had kept it know it by its id.
    """

    def __init__(self) -> None:
        self._types: dict[str, set[str]] = defaultdict(set)
        self._receivers: dict[str, Receiver] = {}
        self._ready = threading.Condition()

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """See ``Bus.publish``."""
        taken: set[str] = set()
        held: set[str] = set()
        for message in messages:
            if message.aggregate in held:
                continue
            if self._deliver(message):
                taken.add(message.event_id)
            else:
                held.add(message.aggregate)
        return taken

    def _deliver(self, message: Message) -> bool:
        with self._ready:
            listeners = [name for name, types in self._types.items() if message.type in types]
            receivers = [self._receivers.get(name) for name in listeners]
        if not listeners:
            return False
        for receiver in receivers:
            if receiver is None:
                raise BusAway("a listener has not started yet")
            try:
                receiver.receive(message.body)
            except Exception as problem:  # a listener that cannot keep it: bring it again later
                raise BusAway(f"a listener could not keep {message.type}") from problem
        return True

    def declare(self, consumer: str, types: Iterable[str]) -> None:
        """See ``Bus.declare``."""
        with self._ready:
            self._types[consumer] = set(types)

    def consume(
        self, consumer: str, types: Iterable[str], receiver: Receiver, stop: threading.Event
    ) -> None:
        """See ``Bus.consume``."""
        self.declare(consumer, types)
        with self._ready:
            self._receivers[consumer] = receiver
        stop.wait()
        with self._ready:
            self._receivers.pop(consumer, None)

    def close(self) -> None:
        """See ``Bus.close``."""


def connect_bus(url: str) -> Bus:
    """Return the bus that ``url`` names: ``inprocess://`` or ``amqp(s)://…``."""
    if url.startswith("inprocess:"):
        return InProcessBus()
    if url.startswith(("amqp:", "amqps:")):
        from shared.rabbitmq import RabbitBus  # pika is imported only where RabbitMQ is used

        return RabbitBus(url)
    raise ValueError("BUS_URL is inprocess:// or amqp://user:password@host:port/")
