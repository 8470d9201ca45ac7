"""RabbitMQ through pika: the only module that knows it.

One topic exchange for events; per consumer one quorum queue with a single active consumer, a
delivery limit and a dead-letter queue of its own. Publishing waits for the broker's confirms in
windows (pika's blocking channel waits for each message, seven times slower). A connection belongs
to the thread that made it: pika's connections must not be shared.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any

import pika
import structlog
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError

from shared.bus import BusAway, Message, Receiver

EXCHANGE = "suite.events"
DEAD_EXCHANGE = "suite.dead"
DELIVERY_LIMIT = 20
PREFETCH = 100
CONFIRM_SECONDS = 10.0
RECONNECT_SECONDS = 1.0
DEAD_SUFFIX = ".dead"
log = structlog.get_logger(__name__)
logging.getLogger("pika").setLevel(logging.CRITICAL)  # a broker that is away is told in our words


def queue_arguments(consumer: str) -> dict[str, Any]:
    """Return the arguments of a consumer's queue; they must be the same at every declaration."""
    return {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_EXCHANGE,
        "x-dead-letter-routing-key": consumer,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


class RabbitBus:
    """The bus over one broker; see ``shared.bus.Bus``."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = threading.local()

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """See ``Bus.publish``: one window, confirmed as a whole."""
        try:
            window = self._window()
            return window.publish(messages)
        except (AMQPError, OSError, AssertionError) as problem:
            self._forget()
            raise BusAway(repr(problem)) from problem

    def declare(self, consumer: str, types: Iterable[str]) -> None:
        """See ``Bus.declare``; may be repeated at any time."""
        try:
            connection = self._connect()
            try:
                declare(connection.channel(), consumer, types)
            finally:
                connection.close()
        except (AMQPError, OSError) as problem:
            raise BusAway(repr(problem)) from problem

    def consume(
        self, consumer: str, types: Iterable[str], receiver: Receiver, stop: threading.Event
    ) -> None:
        """See ``Bus.consume``; reconnects for ever, acknowledges only what ``receiver`` kept."""
        types = list(types)
        while not stop.is_set():
            try:
                # asked before each subscription: redeliveries count against the delivery limit
                receiver.ready()
                self._consume_once(consumer, types, receiver, stop)
            except Exception as problem:  # noqa: BLE001 - pika also raises bare assertions
                log.warning("bus.reconnects", consumer=consumer, error=repr(problem))
                stop.wait(RECONNECT_SECONDS)

    def close(self) -> None:
        """See ``Bus.close``: closes the calling thread's connection."""
        self._forget()

    def _consume_once(
        self, consumer: str, types: list[str], receiver: Receiver, stop: threading.Event
    ) -> None:
        connection = self._connect()
        try:
            channel = connection.channel()
            declare(channel, consumer, types)
            channel.basic_qos(prefetch_count=PREFETCH)
            for queue in (consumer, consumer + DEAD_SUFFIX):
                channel.basic_consume(queue, _take(receiver))
            while not stop.is_set():
                connection.process_data_events(time_limit=0.2)
        finally:
            if connection.is_open:
                connection.close()

    def _connect(self) -> pika.BlockingConnection:
        parameters = pika.URLParameters(self._url)
        parameters.heartbeat = 30
        parameters.blocked_connection_timeout = CONFIRM_SECONDS
        parameters.socket_timeout = 5
        return pika.BlockingConnection(parameters)

    def _window(self) -> "_Window":
        window: _Window | None = getattr(self._local, "window", None)
        if window is None:
            window = _Window(self._connect())
            self._local.window = window
        window.breathe()
        return window

    def _forget(self) -> None:
        window: _Window | None = getattr(self._local, "window", None)
        self._local.window = None
        if window is not None:
            window.close()


def declare(channel: BlockingChannel, consumer: str, types: Iterable[str]) -> None:
    """Declare exchanges, the queue of ``consumer``, its dead-letter queue and its bindings."""
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    channel.exchange_declare(DEAD_EXCHANGE, "direct", durable=True)
    dead = consumer + DEAD_SUFFIX
    channel.queue_declare(dead, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(dead, DEAD_EXCHANGE, consumer)
    channel.queue_declare(consumer, durable=True, arguments=queue_arguments(consumer))
    for type in types:
        channel.queue_bind(consumer, EXCHANGE, type)


def _take(receiver: Receiver) -> Any:
    def on_message(channel: BlockingChannel, method: Any, _: Any, body: bytes) -> None:
        # raises when it could not be kept: the connection closes unacknowledged and the broker
        # brings it again after the pause; it is never nacked
        receiver.receive(body)
        channel.basic_ack(method.delivery_tag)

    return on_message


class _Window:
    """A connection that publishes a whole window before it waits for the confirms."""

    def __init__(self, connection: pika.BlockingConnection) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._unconfirmed: dict[int, Message] = {}
        self._returned: set[str] = set()
        self._nacked = False
        self._next_tag = 1
        # the blocking channel's own confirm mode waits for every message; the channel beneath
        # reports confirms as they come
        self._impl: Any = vars(self._channel)["_impl"]  # pika offers no public way
        self._impl.confirm_delivery(self._on_confirm, callback=lambda _frame: None)
        self._impl.add_on_return_callback(self._on_return)
        self._connection.process_data_events(time_limit=0)

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """Publish in order, wait for every confirm, return the ids that a queue took."""
        self._returned.clear()
        self._nacked = False
        for message in messages:
            self._unconfirmed[self._next_tag] = message
            self._next_tag += 1
            self._impl.basic_publish(
                EXCHANGE, message.type, message.body, _properties(message), mandatory=True
            )
        self._wait_for_confirms()
        if self._nacked:
            raise BusAway("the broker refused a message")
        return _taken(messages, self._returned)

    def _wait_for_confirms(self) -> None:
        """Wait as long as confirms keep coming; a broker silent for ``CONFIRM_SECONDS`` is away."""
        left, ends = len(self._unconfirmed), monotonic() + CONFIRM_SECONDS
        while self._unconfirmed:
            self._connection.process_data_events(time_limit=0.05)
            if len(self._unconfirmed) < left:
                left, ends = len(self._unconfirmed), monotonic() + CONFIRM_SECONDS
            elif monotonic() > ends:
                raise BusAway("the broker did not confirm in time")

    def breathe(self) -> None:
        """Answer heartbeats and notice a connection that was closed meanwhile."""
        self._connection.process_data_events(time_limit=0)

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        try:
            self._connection.close()
        except (AMQPError, OSError):
            log.debug("bus.was_closed")

    def _on_confirm(self, frame: Any) -> None:
        method = frame.method
        up_to = int(method.delivery_tag)
        tags = [tag for tag in self._unconfirmed if tag <= up_to] if method.multiple else [up_to]
        self._nacked |= method.NAME == "Basic.Nack"
        for tag in tags:
            self._unconfirmed.pop(tag, None)

    def _on_return(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        self._returned.add(properties.message_id)


def _taken(messages: Sequence[Message], returned: set[str]) -> set[str]:
    """Return what counts as sent: nothing of an aggregate from its first returned message on.

    A later message of a held aggregate may have reached its queues already; it is sent again and
    recognised by its id there.
    """
    held: set[str] = set()
    taken: set[str] = set()
    for message in messages:
        if message.event_id in returned or message.aggregate in held:
            held.add(message.aggregate)
        else:
            taken.add(message.event_id)
    return taken


def _properties(message: Message) -> pika.BasicProperties:
    return pika.BasicProperties(
        content_type="application/cloudevents+json",
        delivery_mode=pika.DeliveryMode.Persistent,
        message_id=message.event_id,
        type=message.type,
    )
