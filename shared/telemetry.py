"""What operators see: JSON logs without personal data, Prometheus metrics, traces that cross services."""

import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
REQUESTS = Histogram(
    "suite_request_seconds",
    "Time of a request by service, endpoint and status class.",
    ["service", "endpoint", "status"],
    registry=REGISTRY,
)
PUBLISHED = Counter("suite_published_total", "Events sent.", ["service"], registry=REGISTRY)
CONSUMED = Counter(
    "suite_consumed_total",
    "Messages by what became of them.",
    ["service", "fate"],
    registry=REGISTRY,
)
OUTBOX_AGE = Gauge(
    "suite_outbox_oldest_unsent_seconds",
    "Age of the oldest unsent event.",
    ["service"],
    registry=REGISTRY,
)
OUTBOX_UNSENT = Gauge("suite_outbox_unsent", "Unsent events.", ["service"], registry=REGISTRY)
RETRYING = Gauge(
    "suite_inbox_retrying", "Messages that wait to be retried.", ["service"], registry=REGISTRY
)
DEAD = Gauge("suite_inbox_dead_letters", "Messages laid aside.", ["service"], registry=REGISTRY)

_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)


def traceparent() -> str:
    """Return the W3C trace context of what is being done; begin one where there is none."""
    known = _traceparent.get()
    return known or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"


@contextmanager
def follow(parent: str | None) -> Iterator[None]:
    """Do the enclosed work as part of the trace ``parent``."""
    token = _traceparent.set(parent)
    try:
        yield
    finally:
        _traceparent.reset(token)


def set_traceparent(parent: str | None) -> None:
    """Take over the trace context of an incoming request."""
    _traceparent.set(parent)


def set_up_logging(level: str = "INFO") -> None:
    """Log JSON lines to standard error, the suite's and the libraries' alike."""
    shared_steps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared_steps, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(logging.getLevelName(level), logging.WARNING), stream=sys.stderr)


def exposition() -> bytes:
    """Return the metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
