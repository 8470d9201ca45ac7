"""Trainings completed: what leads to a skill, told by booking apart from who was there."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Until now a training was completed by being there: nobody is granted a skill for it a second time.
KNOWN = """
INSERT INTO training_completed (id, person_id, session_id, offering_id, version, completed, heard_at)
SELECT d.id, d.person_id, d.session_id, s.offering_id, 0, d.attended, d.heard_at
FROM training_done d JOIN session s ON s.id = d.session_id
WHERE d.attended AND s.offering_id IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "training_completed",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("offering_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_completed")),
    )
    op.create_index(
        "ix_training_completed_person", "training_completed", ["person_id", "offering_id"]
    )
    op.execute(KNOWN)


def downgrade() -> None:
    op.drop_index("ix_training_completed_person", table_name="training_completed")
    op.drop_table("training_completed")
