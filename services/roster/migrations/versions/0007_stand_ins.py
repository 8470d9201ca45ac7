"""Stand-ins: since when one is looked for, and instead of whom a shift is offered."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("stand_in_since", UtcDateTime(), nullable=True))
    op.add_column("offer", sa.Column("instead_of", sa.String(length=36), nullable=True))
    op.create_index("ix_offer_instead_of", "offer", ["instead_of"])


def downgrade() -> None:
    op.drop_index("ix_offer_instead_of", table_name="offer")
    op.drop_column("offer", "instead_of")
    op.drop_column("assignment", "stand_in_since")
