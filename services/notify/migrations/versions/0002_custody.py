"""Devices that stay, so that a reminder is decided when it is sent."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "custody",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody")),
    )
    op.create_index("ix_custody_person_id", "custody", ["person_id"])
    op.create_index("ix_delivery_engagement_id", "delivery", ["engagement_id"])


def downgrade() -> None:
    op.drop_index("ix_delivery_engagement_id", table_name="delivery")
    op.drop_table("custody")
