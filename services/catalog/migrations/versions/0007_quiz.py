"""Quizzes: what is asked after a training."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "quiz",
        sa.Column("offering_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("wait_hours", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(3), nullable=False),
        sa.CheckConstraint("state IN ('on', 'off')", name=op.f("ck_quiz_state")),
        sa.CheckConstraint(
            "pass_percent >= 1 AND pass_percent <= 100", name=op.f("ck_quiz_pass_percent")
        ),
        sa.CheckConstraint("drawn >= 1", name=op.f("ck_quiz_drawn")),
        sa.CheckConstraint("attempts >= 1 AND wait_hours >= 1", name=op.f("ck_quiz_attempts")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_quiz_offering_id_offering")
        ),
        sa.PrimaryKeyConstraint("offering_id", name=op.f("pk_quiz")),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("quiz")
