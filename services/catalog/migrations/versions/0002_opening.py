"""How a session's booking opens: first come, first served, or a draw."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions that stand are first come, first served."""
    op.add_column(
        "session",
        sa.Column("opening", sa.String(12), server_default="first_come", nullable=False),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("session", "opening")
