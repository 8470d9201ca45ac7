"""Swaps: which shift is wanted for one's own, and what is given in return."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("swap_shift_id", sa.String(length=36), nullable=True))
    op.add_column("offer", sa.Column("in_return", sa.String(length=36), nullable=True))
    op.create_index("ix_offer_in_return", "offer", ["in_return"])


def downgrade() -> None:
    op.drop_index("ix_offer_in_return", table_name="offer")
    op.drop_column("offer", "in_return")
    op.drop_column("assignment", "swap_shift_id")
