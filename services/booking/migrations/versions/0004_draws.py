"""Fair opening: entries, the seed's hash and the seed; places at risk."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENTS = ("displaced_at", "displaced_from", "accepted_at")


def upgrade() -> None:
    """Make the tables, and columns that may be empty on those that stand."""
    opening = sa.Column("opening", sa.String(12), server_default="first_come", nullable=False)
    op.add_column("session", opening)
    for table in ("session", "offering"):
        op.add_column(table, sa.Column("stand_in_minutes", sa.Integer(), nullable=True))
    for name in MOMENTS:
        op.add_column("appointment", sa.Column(name, UtcDateTime, nullable=True))
    _create_risks()
    _create_draws()


def downgrade() -> None:
    """Drop them again."""
    for table in ("draw_entry", "draw", "dropped_shift", "risk"):
        op.drop_table(table)
    for name in MOMENTS:
        op.drop_column("appointment", name)
    for table in ("offering", "session"):
        op.drop_column(table, "stand_in_minutes")
    op.drop_column("session", "opening")


def _create_risks() -> None:
    op.create_table(
        "risk",
        sa.Column("slot_id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("kept", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("kept >= 0", name=op.f("ck_risk_kept")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_risk_slot_id_slot")),
        sa.PrimaryKeyConstraint("slot_id", name=op.f("pk_risk")),
    )
    op.create_index("ix_risk_session_id", "risk", ["session_id"])
    op.create_index("ix_risk_until", "risk", ["until"])
    op.create_table(
        "dropped_shift",
        sa.Column("assignment_id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("role", Json, nullable=True),
        sa.Column("skill", sa.String(80), nullable=True),
        sa.Column("starts_at", UtcDateTime, nullable=True),
        sa.Column("ends_at", UtcDateTime, nullable=True),
        sa.Column("dropped_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_dropped_shift")),
    )
    op.create_index("ix_dropped_shift_session_id", "dropped_shift", ["session_id"])
    op.create_index("ix_dropped_shift_person_id", "dropped_shift", ["person_id"])


def _create_draws() -> None:
    op.create_table(
        "draw",
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("seed_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("drawn_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "(state = 'drawn') = (drawn_at IS NOT NULL)", name=op.f("ck_draw_state")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_draw_session_id_session")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_draw")),
    )
    op.create_table(
        "draw_entry",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=True),
        sa.Column("pseudonym", sa.String(32), nullable=False),
        sa.Column("wishes", Json, nullable=False),
        sa.Column("devices", Json, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.String(36), nullable=True),
        sa.Column("slot_id", sa.String(36), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('in', 'withdrawn', 'seated', 'waitlisted', 'unplaced')",
            name=op.f("ck_draw_entry_state"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["draw.session_id"], name=op.f("fk_draw_entry_session_id_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_entry")),
        sa.UniqueConstraint(
            "session_id", "person_id", name=op.f("uq_draw_entry_session_id_person_id")
        ),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_draw_entry_pseudonym")),
    )
    op.create_index("ix_draw_entry_person_id", "draw_entry", ["person_id"])
