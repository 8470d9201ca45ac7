"""The policy of an offering, the term calendar's copy, counters and waivers."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("policy", "waiver_accepted", "waiver", "person_count", "term")


def upgrade() -> None:
    """Make the tables, and columns that hold what binds on those that stand."""
    for column in _of_sessions():
        op.add_column("session", column)
    for column in _of_appointments():
        op.add_column("appointment", column)
    _create_waivers()
    _create_policies()
    _create_counts()
    _create_terms()


def downgrade() -> None:
    """Drop them again."""
    for table in TABLES:
        op.drop_table(table)
    for column in _of_appointments():
        op.drop_column("appointment", column.name)
    for column in _of_sessions():
        op.drop_column("session", column.name)


def _of_sessions() -> list[sa.Column[object]]:
    counted = {"server_default": "0", "nullable": False}
    return [
        sa.Column("announced", Json, nullable=True),
        sa.Column("move_cutoff_minutes", sa.Integer(), nullable=True),
        sa.Column("notice_minutes", sa.Integer(), **counted),
        sa.Column("buffer_minutes", sa.Integer(), **counted),
        sa.Column("week_key", sa.String(90), nullable=True),
        sa.Column("term_key", sa.String(90), nullable=True),
        sa.Column("week_limit", sa.Integer(), nullable=True),
        sa.Column("term_limit", sa.Integer(), nullable=True),
        sa.Column("closed_for", Json, nullable=True),
        sa.Column("category_minutes", Json, nullable=True),
        sa.Column("waiver_version", sa.Integer(), nullable=True),
    ]


def _of_appointments() -> list[sa.Column[object]]:
    return [
        sa.Column("cancel_cutoff_minutes", sa.Integer(), nullable=True),
        sa.Column("move_cutoff_minutes", sa.Integer(), nullable=True),
        sa.Column("week_key", sa.String(90), nullable=True),
        sa.Column("term_key", sa.String(90), nullable=True),
        sa.Column("waiver_version", sa.Integer(), nullable=True),
    ]


def _create_waivers() -> None:
    op.create_table(
        "waiver",
        sa.Column("offering_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("offering_id", "version", name=op.f("pk_waiver")),
    )
    op.create_table(
        "waiver_accepted",
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("offering_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("accepted_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint(
            "person_id", "offering_id", "version", name=op.f("pk_waiver_accepted")
        ),
    )


def _create_policies() -> None:
    op.create_table(
        "policy",
        sa.Column("offering_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opens_days", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.String(5), nullable=True),
        sa.Column("horizon_days", sa.Integer(), nullable=True),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("cancel_cutoff_minutes", sa.Integer(), nullable=True),
        sa.Column("move_cutoff_minutes", sa.Integer(), nullable=True),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("max_devices", sa.Integer(), nullable=True),
        sa.Column("week_limit", sa.Integer(), nullable=True),
        sa.Column("term_limit", sa.Integer(), nullable=True),
        sa.Column("categories", Json, nullable=False),
        sa.Column("blackouts", Json, nullable=False),
        sa.Column("closed_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("closed_in_exam_weeks", sa.Boolean(), nullable=False),
        sa.Column("waiver_version", sa.Integer(), nullable=True),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "(opens_days IS NULL) = (opens_at IS NULL)", name=op.f("ck_policy_opens")
        ),
        sa.CheckConstraint(
            "notice_minutes >= 0 AND buffer_minutes >= 0", name=op.f("ck_policy_minutes")
        ),
        sa.CheckConstraint(
            "week_limit > 0 AND term_limit > 0 AND max_devices > 0", name=op.f("ck_policy_limits")
        ),
        sa.ForeignKeyConstraint(
            ["offering_id", "waiver_version"],
            ["waiver.offering_id", "waiver.version"],
            name=op.f("fk_policy_waiver"),
        ),
        sa.PrimaryKeyConstraint("offering_id", name=op.f("pk_policy")),
    )


def _create_counts() -> None:
    op.create_table(
        "person_count",
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("period", sa.String(90), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "held >= 0 AND (most IS NULL OR held <= most)", name=op.f("ck_person_count_held")
        ),
        sa.PrimaryKeyConstraint("person_id", "period", name=op.f("pk_person_count")),
    )


def _create_terms() -> None:
    op.create_table(
        "term",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", Json, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("exam_weeks", Json, nullable=False),
        sa.Column("holidays", Json, nullable=False),
        sa.Column("moved_days", Json, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )
