"""Where a told waiting range was cut out of the plays."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("level_low", sa.Float(), nullable=True))
    op.add_column("visit", sa.Column("level_high", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("visit", "level_high")
    op.drop_column("visit", "level_low")
