"""Quizzes after trainings: the read-copy, attempts, and which trainings are completed."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
        sa.PrimaryKeyConstraint("offering_id", name=op.f("pk_quiz")),
    )
    op.create_table(
        "quiz_attempt",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("offering_id", sa.String(36), nullable=False),
        sa.Column("enrolment_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("quiz_version", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(36), nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'passed', 'failed')", name=op.f("ck_quiz_attempt_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)", name=op.f("ck_quiz_attempt_ended")
        ),
        sa.CheckConstraint(
            "correct >= 0 AND correct <= asked", name=op.f("ck_quiz_attempt_correct")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_quiz_attempt_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
        sa.UniqueConstraint(
            "person_id",
            "offering_id",
            "number",
            name=op.f("uq_quiz_attempt_person_id_offering_id_number"),
        ),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_quiz_attempt_open_person_offering",
        "quiz_attempt",
        ["person_id", "offering_id"],
        unique=True,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )
    op.create_index("ix_quiz_attempt_enrolment_id", "quiz_attempt", ["enrolment_id"])
    op.create_table(
        "training_completion",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('completed', 'withdrawn')", name=op.f("ck_training_completion_state")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["enrolment.id"], name=op.f("fk_training_completion_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_completion")),
    )


def downgrade() -> None:
    op.drop_table("training_completion")
    op.drop_index("ix_quiz_attempt_enrolment_id", table_name="quiz_attempt")
    op.drop_index("uq_quiz_attempt_open_person_offering", table_name="quiz_attempt")
    op.drop_table("quiz_attempt")
    op.drop_table("quiz")
