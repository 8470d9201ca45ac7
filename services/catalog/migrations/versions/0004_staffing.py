"""Keys of staffing entries that are never used twice; sessions that open once they are staffed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Entries that stand keep their place in the list as their key."""
    op.add_column(
        "session", sa.Column("positions_used", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "session",
        sa.Column("opens_when_staffed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """Forget both."""
    op.drop_column("session", "opens_when_staffed")
    op.drop_column("session", "positions_used")
