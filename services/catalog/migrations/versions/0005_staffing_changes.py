"""Staffing templates, and changes to the staffing of many sessions that can be taken back."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "staffing_template",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("entries", Json, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'archived')", name=op.f("ck_staffing_template_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_template")),
    )
    op.create_table(
        "staffing_change",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("edit", Json, nullable=False),
        sa.Column("sessions", Json, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("undone_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_change")),
    )
    op.create_index(op.f("ix_staffing_change_made_at"), "staffing_change", ["made_at"])


def downgrade() -> None:
    """Drop them again."""
    op.drop_index(op.f("ix_staffing_change_made_at"), table_name="staffing_change")
    op.drop_table("staffing_change")
    op.drop_table("staffing_template")
