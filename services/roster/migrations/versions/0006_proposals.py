"""Proposals of a roster: what was asked, the plan, its gaps, whom the coordinator keeps off."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.String(length=36)
AT_WORK = sa.text("state IN ('waiting', 'solving')")
PARTS = ("proposal_ban", "proposal_gap", "proposal_cell")


def upgrade() -> None:
    _proposal()
    _cells()
    op.create_table(
        "proposal_gap",
        *_place("proposal_gap"),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.Column("ways", Json, nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "shift_id", name=op.f("pk_proposal_gap")),
    )
    op.create_table(
        "proposal_ban",
        *_place("proposal_ban"),
        sa.Column("person_id", ID, nullable=False),
        sa.PrimaryKeyConstraint(
            "proposal_id", "shift_id", "person_id", name=op.f("pk_proposal_ban")
        ),
    )
    op.create_index("ix_proposal_ban_person", "proposal_ban", ["person_id"])


def downgrade() -> None:
    for table in (*PARTS, "proposal"):
        op.drop_table(table)


def _proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", ID, nullable=False),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("unknown_too", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease", ID, nullable=True),
        sa.Column("leased_until", UtcDateTime, nullable=True),
        sa.Column("stop_asked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("solved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("solved_at", UtcDateTime, nullable=True),
        sa.Column("progress", Json, server_default="[]", nullable=False),
        sa.Column("figures", Json, server_default="{}", nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'solving', 'ready', 'failed', 'discarded', 'published')",
            name=op.f("ck_proposal_state"),
        ),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_proposal_days")),
        sa.CheckConstraint("seconds BETWEEN 1 AND 600", name=op.f("ck_proposal_seconds")),
        sa.CheckConstraint("tries BETWEEN 0 AND 2", name=op.f("ck_proposal_tries")),
        sa.CheckConstraint(
            "(state = 'solving') = (leased_until IS NOT NULL)", name=op.f("ck_proposal_lease")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(
        "ix_proposal_at_work",
        "proposal",
        ["asked_at"],
        postgresql_where=AT_WORK,
        sqlite_where=AT_WORK,
    )
    op.create_index("ix_proposal_made", "proposal", ["made_at", "id"])


def _cells() -> None:
    op.create_table(
        "proposal_cell",
        *_place("proposal_cell"),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("made_by", sa.String(length=6), server_default="solver", nullable=False),
        sa.Column("locked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("why", Json, server_default="[]", nullable=False),
        sa.Column("state", sa.String(length=8), server_default="planned", nullable=False),
        sa.Column("refusal", Json, nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'out', 'refused')", name=op.f("ck_proposal_cell_state")
        ),
        sa.CheckConstraint("made_by IN ('solver', 'hand')", name=op.f("ck_proposal_cell_made_by")),
        sa.PrimaryKeyConstraint(
            "proposal_id", "shift_id", "person_id", name=op.f("pk_proposal_cell")
        ),
    )
    op.create_index("ix_proposal_cell_person", "proposal_cell", ["person_id"])


def _place(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """A shift of a proposal."""
    return (
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("shift_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f(f"fk_{table}_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name=op.f(f"fk_{table}_shift_id_shift")
        ),
    )
