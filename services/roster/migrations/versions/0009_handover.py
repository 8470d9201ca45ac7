"""The layout of the table for the unit's own platform."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; without a row the usual layout holds."""
    op.create_table(
        "handover_layout",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_layout")),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("handover_layout")
