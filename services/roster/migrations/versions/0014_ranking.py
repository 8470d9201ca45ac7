"""The weekly ranking: who takes part, the weeks published, the places in them."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "ranking_member",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_ranking_member_name")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["volunteer.person_id"],
            name=op.f("fk_ranking_member_person_id_volunteer"),
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_ranking_member")),
        sa.UniqueConstraint("code", name=op.f("uq_ranking_member_code")),
    )
    op.create_table(
        "ranking_week",
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("first_day", name=op.f("pk_ranking_week")),
    )
    op.create_table(
        "ranking_place",
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_ranking_place_minutes")),
        sa.ForeignKeyConstraint(
            ["first_day"],
            ["ranking_week.first_day"],
            name=op.f("fk_ranking_place_first_day_ranking_week"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["ranking_member.person_id"],
            name=op.f("fk_ranking_place_person_id_ranking_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("first_day", "person_id", name=op.f("pk_ranking_place")),
    )
    op.create_index(op.f("ix_ranking_place_person_id"), "ranking_place", ["person_id"])


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("ranking_place")
    op.drop_table("ranking_week")
    op.drop_table("ranking_member")
