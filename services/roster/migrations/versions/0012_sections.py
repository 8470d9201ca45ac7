"""When the lessons of a day begin and end, in the copies of terms."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# What the suite took for every term until terms could say it themselves.
SECTIONS = (
    "08:00-08:45", "08:55-09:40", "10:00-10:45", "10:55-11:40", "14:00-14:45", "14:55-15:40",
    "16:00-16:45", "16:55-17:40", "19:00-19:45", "19:55-20:40", "20:50-21:35", "21:45-22:30",
)  # fmt: skip


def upgrade() -> None:
    """Add the sections; the terms there are keep the times that held for them so far."""
    op.add_column("term", sa.Column("sections", Json, nullable=False, server_default="[]"))
    so_far = [{"starts": one[:5], "ends": one[6:]} for one in SECTIONS]
    op.execute(sa.update(sa.table("term", sa.column("sections", Json))).values(sections=so_far))
    with op.batch_alter_table("term") as table:
        table.alter_column("sections", server_default=None)


def downgrade() -> None:
    """Drop them again."""
    op.drop_column("term", "sections")
