"""The first tables of booking, and the rule that nobody is in two places at once."""

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Json, UtcDateTime
from shared.migrations import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LIVE = "state IN ('booked', 'arrived') AND NOT moved_along"
PG_NO_OVERLAP = f"""
ALTER TABLE appointment ADD CONSTRAINT ex_appointment_person_overlap
EXCLUDE USING gist (person_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
WHERE ({LIVE})
"""
SQLITE_NO_OVERLAP = """
CREATE TRIGGER ex_appointment_person_overlap_{name} BEFORE {act} ON appointment
WHEN NEW.state IN ('booked', 'arrived') AND NOT NEW.moved_along AND EXISTS (
  SELECT 1 FROM appointment AS other
  WHERE other.person_id = NEW.person_id AND other.id <> NEW.id
    AND other.state IN ('booked', 'arrived') AND NOT other.moved_along
    AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at)
BEGIN SELECT RAISE(ABORT, 'ex_appointment_person_overlap'); END
"""

TABLES = (
    "helper",
    "live_version",
    "offering",
    "photo",
    "session",
    "staffing",
    "enrolment",
    "slot",
    "appointment",
    "visit",
    "ticket",
)


def upgrade() -> None:
    create_plumbing(op)
    bind = op.get_bind()
    _create_tables()
    if bind.dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(PG_NO_OVERLAP)
        return
    op.execute(SQLITE_NO_OVERLAP.format(name="insert", act="INSERT"))
    columns = "UPDATE OF person_id, starts_at, ends_at, state, moved_along"
    op.execute(SQLITE_NO_OVERLAP.format(name="update", act=columns))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    drop_plumbing(op)


def _create_tables() -> None:
    op.create_table(
        "helper",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helper")),
    )
    op.create_index(op.f("ix_helper_person_id"), "helper", ["person_id"], unique=False)
    op.create_index(op.f("ix_helper_session_id"), "helper", ["session_id"], unique=False)
    op.create_table(
        "live_version",
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("version", BigId, nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_live_version")),
    )
    op.create_table(
        "offering",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("skill", sa.String(length=80), nullable=True),
        sa.Column("categories", Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering")),
    )
    op.create_table(
        "photo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("purge_after", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    op.create_index(op.f("ix_photo_owner_id"), "photo", ["owner_id"], unique=False)
    op.create_index("ix_photo_purge_after", "photo", ["purge_after"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.String(length=36), nullable=True),
        sa.Column("programme_id", sa.String(length=36), nullable=True),
        sa.Column("offering_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("venue_id", sa.String(length=36), nullable=False),
        sa.Column("venue_name", Json, nullable=False),
        sa.Column("venue_place", Json, nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
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
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", Json, nullable=True),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("enrolled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seat_ceiling", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_rank", sa.Integer(), server_default="1", nullable=False),
        sa.Column("next_booked_number", sa.Integer(), server_default="1", nullable=False),
        sa.Column("next_walkin_number", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "enrolled >= 0 AND enrolled <= seat_ceiling", name=op.f("ck_session_seats")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_offering_id"), "session", ["offering_id"], unique=False)
    op.create_index("ix_session_starts_at", "session", ["starts_at"], unique=False)
    op.create_table(
        "staffing",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("intervals", Json, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_staffing")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waitlisted') = (rank IS NOT NULL)", name=op.f("ck_enrolment_rank")
        ),
        sa.CheckConstraint(
            "state IN ('enrolled', 'waitlisted', 'left', 'attended', 'absent')",
            name=op.f("ck_enrolment_state"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_enrolment_session_id_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    op.create_index(
        "ix_enrolment_session_id_rank", "enrolment", ["session_id", "rank"], unique=False
    )
    op.create_index(
        "uq_enrolment_live_person_session",
        "enrolment",
        ["person_id", "session_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'left'"),
        sqlite_where=sa.text("state <> 'left'"),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("physical_capacity", sa.Integer(), nullable=False),
        sa.Column("open_capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "open_capacity >= 0 AND open_capacity <= physical_capacity", name=op.f("ck_slot_open")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_slot_range")),
        sa.CheckConstraint("taken >= 0 AND taken <= physical_capacity", name=op.f("ck_slot_taken")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_slot_session_id_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("session_id", "position", name=op.f("uq_slot_session_id_position")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("slot_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("devices", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=True),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("moved_along", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('booked', 'arrived', 'served', 'no_show', 'cancelled')",
            name=op.f("ck_appointment_state"),
        ),
        sa.CheckConstraint("devices >= 1", name=op.f("ck_appointment_devices")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointment_range")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_appointment_session_id_session")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_appointment_slot_id_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(
        "ix_appointment_person_id_starts_at",
        "appointment",
        ["person_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        "ix_appointment_session_id_starts_at",
        "appointment",
        ["session_id", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_appointment_slot_id"), "appointment", ["slot_id"], unique=False)
    op.create_index(
        "uq_appointment_live_person_session",
        "appointment",
        ["person_id", "session_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('booked', 'arrived')"),
        sqlite_where=sa.text("state IN ('booked', 'arrived')"),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("appointment_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("access_key", sa.String(length=43), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("bench", sa.Integer(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("slot_starts_at", UtcDateTime, nullable=True),
        sa.Column("turn_at", UtcDateTime, nullable=False),
        sa.Column("arrived_at", UtcDateTime, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("called_at", UtcDateTime, nullable=True),
        sa.Column("absent_at", UtcDateTime, nullable=True),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.Column("told_low", sa.Integer(), nullable=True),
        sa.Column("told_high", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'closed', 'absent', 'left')",
            name=op.f("ck_visit_state"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_visit_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_visit_session_id_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_visit_session_id_number")),
    )
    op.create_index(op.f("ix_visit_appointment_id"), "visit", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_visit_person_id"), "visit", ["person_id"], unique=False)
    op.create_index(
        "ix_visit_session_id_state_turn_at",
        "visit",
        ["session_id", "state", "turn_at"],
        unique=False,
    )
    op.create_index(
        "uq_visit_bench",
        "visit",
        ["session_id", "bench"],
        unique=True,
        postgresql_where=sa.text("state IN ('called', 'serving')"),
        sqlite_where=sa.text("state IN ('called', 'serving')"),
    )
    op.create_index(
        "uq_visit_live_person",
        "visit",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('waiting', 'called', 'serving', 'absent') AND person_id IS NOT NULL"
        ),
        sqlite_where=sa.text(
            "state IN ('waiting', 'called', 'serving', 'absent') AND person_id IS NOT NULL"
        ),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("appointment_id", sa.String(length=36), nullable=True),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(length=120), nullable=False),
        sa.Column("problem", sa.String(length=4000), nullable=False),
        sa.Column("photo_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("barrier", sa.String(length=80), nullable=True),
        sa.Column("note", sa.String(length=4000), server_default="", nullable=False),
        sa.Column("bench", sa.Integer(), nullable=True),
        sa.Column("volunteer_id", sa.String(length=36), nullable=True),
        sa.Column("started_at", UtcDateTime, nullable=True),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (status IS NOT NULL)", name=op.f("ck_ticket_status")
        ),
        sa.CheckConstraint(
            "barrier IS NULL OR status = 'End of life'", name=op.f("ck_ticket_barrier")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'started', 'closed', 'cancelled')", name=op.f("ck_ticket_state")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_ticket_appointment_id_appointment"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_ticket_session_id_session")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_ticket_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
    )
    op.create_index(op.f("ix_ticket_appointment_id"), "ticket", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_ticket_person_id"), "ticket", ["person_id"], unique=False)
    op.create_index(op.f("ix_ticket_photo_id"), "ticket", ["photo_id"], unique=False)
    op.create_index("ix_ticket_session_id_state", "ticket", ["session_id", "state"], unique=False)
    op.create_index(op.f("ix_ticket_visit_id"), "ticket", ["visit_id"], unique=False)
    op.create_index(
        "uq_ticket_bench",
        "ticket",
        ["session_id", "bench"],
        unique=True,
        postgresql_where=sa.text("state = 'started' AND bench IS NOT NULL"),
        sqlite_where=sa.text("state = 'started' AND bench IS NOT NULL"),
    )
