"""The first tables of catalog, and the rule that two published sessions never share a venue."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime
from shared.migrations import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PG_NO_OVERLAP = """
ALTER TABLE session ADD CONSTRAINT ex_session_venue_overlap
EXCLUDE USING gist (venue_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
WHERE (state = 'published')
"""
SQLITE_NO_OVERLAP = """
CREATE TRIGGER ex_session_venue_overlap_{name} BEFORE {act} ON session
WHEN NEW.state = 'published' AND EXISTS (
  SELECT 1 FROM session AS other
  WHERE other.venue_id = NEW.venue_id AND other.id <> NEW.id AND other.state = 'published'
    AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at)
BEGIN SELECT RAISE(ABORT, 'ex_session_venue_overlap'); END
"""


def upgrade() -> None:
    create_plumbing(op)
    op.create_table(
        "offering",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("skill", sa.String(length=60), nullable=True),
        sa.Column("categories", Json, nullable=False),
        sa.Column("minutes_per_device", sa.Integer(), nullable=False),
        sa.Column("devices_per_bench", sa.Integer(), nullable=False),
        sa.Column("max_devices", sa.Integer(), nullable=False),
        sa.Column("cancel_cutoff_minutes", sa.Integer(), nullable=False),
        sa.Column("staffing", Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "kind IN ('repair', 'training', 'service')", name=op.f("ck_offering_kind")
        ),
        sa.CheckConstraint("state IN ('active', 'archived')", name=op.f("ck_offering_state")),
        sa.CheckConstraint(
            "max_devices > 0 AND cancel_cutoff_minutes >= 0", name=op.f("ck_offering_limits")
        ),
        sa.CheckConstraint(
            "minutes_per_device > 0 AND devices_per_bench > 0", name=op.f("ck_offering_pace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("theme_day", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('active', 'archived')", name=op.f("ck_programme_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_table(
        "venue",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", Json, nullable=False),
        sa.Column("place", Json, nullable=False),
        sa.Column("stations", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('active', 'archived')", name=op.f("ck_venue_state")),
        sa.CheckConstraint("stations >= 0 AND seats >= 0", name=op.f("ck_venue_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.String(length=36), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("detached", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("programme_id", sa.String(length=36), nullable=True),
        sa.Column("offering_id", sa.String(length=36), nullable=False),
        sa.Column("venue_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=True),
        sa.Column("benches", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("booking_opens_at", UtcDateTime, nullable=False),
        sa.Column("booking_closes_at", UtcDateTime, nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("minutes_per_device", sa.Integer(), nullable=False),
        sa.Column("devices_per_bench", sa.Integer(), nullable=False),
        sa.Column("max_devices", sa.Integer(), nullable=False),
        sa.Column("cancel_cutoff_minutes", sa.Integer(), nullable=False),
        sa.Column("staffing", Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", Json, nullable=True),
        sa.Column("trial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "kind <> 'repair' OR (slot_minutes > 0 AND benches > 0)", name=op.f("ck_session_repair")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'cancelled')", name=op.f("ck_session_state")
        ),
        sa.CheckConstraint("benches >= 0 AND seats >= 0", name=op.f("ck_session_room")),
        sa.CheckConstraint("booking_closes_at > booking_opens_at", name=op.f("ck_session_window")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_session_duration")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_session_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_session_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_session_series_id_series")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_session_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_offering_id"), "session", ["offering_id"], unique=False)
    op.create_index(op.f("ix_session_programme_id"), "session", ["programme_id"], unique=False)
    op.create_index(op.f("ix_session_series_id"), "session", ["series_id"], unique=False)
    op.create_index("ix_session_starts_at_id", "session", ["starts_at", "id"], unique=False)
    op.create_index(
        "ix_session_venue_id_starts_at", "session", ["venue_id", "starts_at"], unique=False
    )
    _refuse_overlaps()


def _refuse_overlaps() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(PG_NO_OVERLAP)
        return
    op.execute(SQLITE_NO_OVERLAP.format(name="insert", act="INSERT"))
    columns = "UPDATE OF venue_id, starts_at, ends_at, state"
    op.execute(SQLITE_NO_OVERLAP.format(name="update", act=columns))


def downgrade() -> None:
    op.drop_index("ix_session_venue_id_starts_at", table_name="session")
    op.drop_index("ix_session_starts_at_id", table_name="session")
    op.drop_index(op.f("ix_session_series_id"), table_name="session")
    op.drop_index(op.f("ix_session_programme_id"), table_name="session")
    op.drop_index(op.f("ix_session_offering_id"), table_name="session")
    op.drop_table("session")
    op.drop_table("venue")
    op.drop_table("series")
    op.drop_table("programme")
    op.drop_table("offering")
    drop_plumbing(op)
