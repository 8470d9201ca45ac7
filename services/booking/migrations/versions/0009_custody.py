"""Devices that stay: custody, its photos, its policy; reworks; whether a repair holds."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HELD = sa.text("state IN ('stored', 'ready')")
OPEN_REWORK = sa.text("state IN ('waiting', 'started') AND rework_of IS NOT NULL")


def upgrade() -> None:
    """Make the tables, and columns that may be empty on those that stand."""
    op.add_column("photo", sa.Column("custody_id", sa.String(36), nullable=True))
    op.create_index("ix_photo_custody_id", "photo", ["custody_id"])
    op.add_column("ticket", sa.Column("rework_of", sa.String(36), nullable=True))
    op.create_index(
        "uq_ticket_open_rework",
        "ticket",
        ["rework_of"],
        unique=True,
        postgresql_where=OPEN_REWORK,
        sqlite_where=OPEN_REWORK,
    )
    _create_custody()
    _create_small()


def downgrade() -> None:
    """Drop them again."""
    for table in ("feedback", "custody_policy", "tag_counter", "custody"):
        op.drop_table(table)
    op.drop_index("uq_ticket_open_rework", table_name="ticket")
    op.drop_column("ticket", "rework_of")
    op.drop_index("ix_photo_custody_id", table_name="photo")
    op.drop_column("photo", "custody_id")


def _create_custody() -> None:
    op.create_table(
        "custody",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("tag", sa.String(12), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("accessories", Json, nullable=False),
        sa.Column("accessories_note", sa.String(400), nullable=False),
        sa.Column("condition", sa.String(1000), nullable=False),
        sa.Column("shelf", sa.String(40), nullable=False),
        sa.Column("stored_at", UtcDateTime, nullable=False),
        sa.Column("stored_by", sa.String(36), nullable=False),
        sa.Column("ready_at", UtcDateTime, nullable=True),
        sa.Column("keep_until", UtcDateTime, nullable=True),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("ended_by", sa.String(36), nullable=True),
        sa.Column("proof", sa.String(20), nullable=True),
        sa.Column("fate", sa.String(20), nullable=True),
        sa.Column("fate_note", sa.String(400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('stored', 'ready', 'collected', 'disposed')", name=op.f("ck_custody_state")
        ),
        sa.CheckConstraint(
            "state <> 'ready' OR ready_at IS NOT NULL", name=op.f("ck_custody_ready")
        ),
        sa.CheckConstraint(
            "(state IN ('collected', 'disposed')) = (ended_at IS NOT NULL AND ended_by IS NOT NULL)",
            name=op.f("ck_custody_ended"),
        ),
        sa.CheckConstraint(
            "(state = 'disposed') = (fate IS NOT NULL)", name=op.f("ck_custody_fate")
        ),
        sa.CheckConstraint(
            "(state = 'collected') = (proof IS NOT NULL)", name=op.f("ck_custody_proof")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_custody_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody")),
        sa.UniqueConstraint("tag", name=op.f("uq_custody_tag")),
    )
    op.create_index(
        "uq_custody_held_ticket",
        "custody",
        ["ticket_id"],
        unique=True,
        postgresql_where=HELD,
        sqlite_where=HELD,
    )
    op.create_index("ix_custody_ticket_id", "custody", ["ticket_id"])
    op.create_index("ix_custody_state_ready_at", "custody", ["state", "ready_at"])
    op.create_index("ix_custody_stored_at", "custody", ["stored_at", "id"])


def _create_small() -> None:
    op.create_table(
        "tag_counter",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tag_counter")),
    )
    op.create_table(
        "custody_policy",
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("rework_days", sa.Integer(), nullable=False),
        sa.Column("disposal_days", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("changed_by", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "rework_days BETWEEN 0 AND 365", name=op.f("ck_custody_policy_rework_days")
        ),
        sa.CheckConstraint(
            "disposal_days BETWEEN 14 AND 730", name=op.f("ck_custody_policy_disposal_days")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_policy")),
    )
    op.create_table(
        "feedback",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=True),
        sa.Column("works", sa.Boolean(), nullable=True),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("answered_at", UtcDateTime, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(works IS NULL) = (answered_at IS NULL)", name=op.f("ck_feedback_answered")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_feedback_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_answered_at", "feedback", ["answered_at", "ticket_id"])
