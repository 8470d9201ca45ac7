"""The pressure of a line, and from which waiting time on help is called."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    usual = sa.Column("help_minutes", sa.Integer(), server_default="60", nullable=True)
    op.add_column("line_policy", usual)
    op.create_table(
        "queue_pressure",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("high", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_queue_pressure_session_id_session")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_queue_pressure")),
    )


def downgrade() -> None:
    op.drop_table("queue_pressure")
    op.drop_column("line_policy", "help_minutes")
