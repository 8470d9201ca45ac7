"""The term calendar."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of terms."""
    op.create_table(
        "term",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", Json, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("exam_weeks", Json, nullable=False),
        sa.Column("holidays", Json, nullable=False),
        sa.Column("moved_days", Json, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.CheckConstraint("weeks > 0", name=op.f("ck_term_weeks")),
        sa.CheckConstraint("state IN ('active', 'archived')", name=op.f("ck_term_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("term")
