"""The tables that the plumbing keeps in every service's database, beside the service's own."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from shared.database import NAMING, BigId, Id, Json, UtcDateTime

plumbing = MetaData(naming_convention=NAMING)

outbox = Table(
    "outbox",
    plumbing,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("event_id", Id, nullable=False, unique=True),
    Column("type", String(80), nullable=False),
    Column("aggregate", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("sent", Boolean, nullable=False, server_default=text("false")),
    Column("sent_at", UtcDateTime),
    Column("returns", Integer, nullable=False, server_default=text("0")),
)
Index(
    "ix_outbox_unsent",
    outbox.c.id,
    postgresql_where=text("NOT sent"),
    sqlite_where=text("NOT sent"),
)

inbox = Table(
    "inbox",
    plumbing,
    Column("consumer", String(40), primary_key=True),
    Column("event_id", Id, primary_key=True),
    Column("received_at", UtcDateTime, nullable=False),
)

retry = Table(
    "retry",
    plumbing,
    Column("consumer", String(40), primary_key=True),
    Column("event_id", Id, primary_key=True),
    Column("type", String(80), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False, index=True),
    Column("error", Text, nullable=False),
)

dead_letter = Table(
    "dead_letter",
    plumbing,
    Column("id", Id, primary_key=True),
    Column("consumer", String(40), nullable=False),
    Column("event_id", Id),
    Column("type", String(80)),
    Column("body", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("died_at", UtcDateTime, nullable=False, index=True),
)

idempotency_key = Table(
    "idempotency_key",
    plumbing,
    Column("key", String(200), primary_key=True),
    Column("person_id", String(60), primary_key=True),
    Column("route", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("answer", Json),
    Column("kept_at", UtcDateTime, nullable=False, index=True),
)

rate_bucket = Table(
    "rate_bucket",
    plumbing,
    Column("bucket", String(40), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("filled_at", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    plumbing,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("actor", String(60), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("seal", String(64)),
)
Index(
    "ix_audit_unsealed",
    audit.c.id,
    postgresql_where=text("seal IS NULL"),
    sqlite_where=text("seal IS NULL"),
)
