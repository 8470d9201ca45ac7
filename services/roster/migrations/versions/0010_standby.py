"""The standby list of full shifts."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.String(length=36)


def upgrade() -> None:
    op.create_table(
        "standby",
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_standby_shift_id_shift")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["volunteer.person_id"], name=op.f("fk_standby_person_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("shift_id", "person_id", name=op.f("pk_standby")),
    )
    op.create_index("ix_standby_person", "standby", ["person_id"])


def downgrade() -> None:
    op.drop_table("standby")
