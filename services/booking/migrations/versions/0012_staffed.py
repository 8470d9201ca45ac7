"""Sessions that open once every shift has its minimum of volunteers."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions that stand wait for nobody."""
    op.add_column(
        "session",
        sa.Column("opens_when_staffed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("session", sa.Column("staffed_at", UtcDateTime, nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("session", "staffed_at")
    op.drop_column("session", "opens_when_staffed")
