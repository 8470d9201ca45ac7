"""Waitlist places of full slots, and places held by an offer."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TAKEN = "taken >= 0 AND taken <= physical_capacity"
TAKEN_AND_HELD = "taken >= 0 AND held >= 0 AND taken + held <= physical_capacity"
LIVE = "state IN ('waiting', 'offered')"


def upgrade() -> None:
    """Let a slot hold places for those who wait, and keep who waits."""
    with op.batch_alter_table("slot") as slot:
        slot.add_column(sa.Column("held", sa.Integer(), server_default="0", nullable=False))
        slot.drop_constraint("ck_slot_taken", type_="check")
        slot.create_check_constraint(op.f("ck_slot_taken"), TAKEN_AND_HELD)
    counter = sa.Column("next_waitlist_rank", sa.Integer(), server_default="1", nullable=False)
    op.add_column("session", counter)
    _create_entries()


def downgrade() -> None:
    """Forget who waits."""
    op.drop_table("waitlist_entry")
    op.drop_column("session", "next_waitlist_rank")
    with op.batch_alter_table("slot") as slot:
        slot.drop_constraint("ck_slot_taken", type_="check")
        slot.drop_column("held")
        slot.create_check_constraint(op.f("ck_slot_taken"), TAKEN)


def _create_entries() -> None:
    op.create_table(
        "waitlist_entry",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("devices", sa.Integer(), nullable=False),
        sa.Column("wishes", Json, nullable=False),
        sa.Column("passed", Json, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.String(36), nullable=True),
        sa.Column("expires_at", UtcDateTime, nullable=True),
        sa.Column("pair_id", sa.String(36), nullable=True),
        sa.Column("pair_seat", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(10), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'claimed', 'expired', 'left', 'ended', 'over')",
            name=op.f("ck_waitlist_entry_state"),
        ),
        sa.CheckConstraint("devices >= 1", name=op.f("ck_waitlist_entry_devices")),
        sa.CheckConstraint(
            "(state = 'offered') = (slot_id IS NOT NULL AND expires_at IS NOT NULL)",
            name=op.f("ck_waitlist_entry_offer"),
        ),
        sa.CheckConstraint(
            "(pair_id IS NULL) = (pair_seat IS NULL) AND (pair_seat IS NULL OR pair_seat IN (1, 2))",
            name=op.f("ck_waitlist_entry_pair"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_waitlist_entry_session_id_session")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name=op.f("fk_waitlist_entry_slot_id_slot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entry")),
    )
    op.create_index("ix_waitlist_entry_person_id", "waitlist_entry", ["person_id"])
    op.create_index("ix_waitlist_entry_session_id_rank", "waitlist_entry", ["session_id", "rank"])
    op.create_index("ix_waitlist_entry_state_expires_at", "waitlist_entry", ["state", "expires_at"])
    op.create_index(
        "uq_waitlist_entry_live_person_session",
        "waitlist_entry",
        ["person_id", "session_id"],
        unique=True,
        postgresql_where=sa.text(LIVE),
        sqlite_where=sa.text(LIVE),
    )
    op.create_index(
        "uq_waitlist_entry_live_pair_seat",
        "waitlist_entry",
        ["pair_id", "pair_seat"],
        unique=True,
        postgresql_where=sa.text(LIVE),
        sqlite_where=sa.text(LIVE),
    )
