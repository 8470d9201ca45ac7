"""What waits were told and what they were; the score of each session."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("waited", sa.Float(), nullable=True))
    op.create_table(
        "wait_score",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("offering_id", sa.String(length=36), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("inside", sa.Integer(), nullable=False),
        sa.Column("untold", sa.Integer(), nullable=False),
        sa.Column("width", sa.Float(), nullable=False),
        sa.Column("naive_width", sa.Float(), nullable=False),
        sa.Column("scored_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("inside >= 0 AND inside <= told", name=op.f("ck_wait_score_inside")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_wait_score_session_id_session")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_wait_score")),
    )
    op.create_index("ix_wait_score_starts_at", "wait_score", ["starts_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_wait_score_starts_at", table_name="wait_score")
    op.drop_table("wait_score")
    op.drop_column("visit", "waited")
