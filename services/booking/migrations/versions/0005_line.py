"""The policy of the line, turns put off, pauses for parts, and what a desk can take back."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = "state IN ('waiting', 'called', 'serving', 'closed', 'absent', 'left')"
AFTER = "state IN ('waiting', 'called', 'serving', 'closed', 'absent', 'left', 'paused')"
FLAGS = ("rework", "resumed")
COUNTS = ("late_minutes", "away_minutes", "snoozes", "switches")
MOMENTS = ("snoozed_until", "snoozed_from", "paused_at")


def upgrade() -> None:
    """Let turns be put off, repairs pause and taps be taken back."""
    late = sa.Column("late_minutes", sa.Integer(), server_default="0", nullable=False)
    op.add_column("appointment", late)
    with op.batch_alter_table("visit") as visit:
        for name in FLAGS:
            off = sa.text("false")
            visit.add_column(sa.Column(name, sa.Boolean(), server_default=off, nullable=False))
        for name in COUNTS:
            visit.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
        for name in MOMENTS:
            visit.add_column(sa.Column(name, UtcDateTime, nullable=True))
        visit.add_column(sa.Column("ended_by", sa.String(10), nullable=True))
        visit.drop_constraint("ck_visit_state", type_="check")
        visit.create_check_constraint(op.f("ck_visit_state"), AFTER)
        visit.create_check_constraint(
            op.f("ck_visit_snoozed"), "(snoozed_until IS NULL) = (snoozed_from IS NULL)"
        )
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("paused_at", UtcDateTime, nullable=True))
        ticket.create_check_constraint(
            op.f("ck_ticket_paused"), "paused_at IS NULL OR state IN ('waiting', 'cancelled')"
        )
    _create_policies()
    _create_acts()


def downgrade() -> None:
    """Take it all back; who waits for parts is gone."""
    op.drop_table("tap")
    op.drop_table("line_policy")
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_constraint("ck_ticket_paused", type_="check")
        ticket.drop_column("paused_at")
    op.execute("UPDATE visit SET state = 'left' WHERE state = 'paused'")
    with op.batch_alter_table("visit") as visit:
        visit.drop_constraint("ck_visit_snoozed", type_="check")
        visit.drop_constraint("ck_visit_state", type_="check")
        for name in (*FLAGS, *COUNTS, *MOMENTS, "ended_by"):
            visit.drop_column(name)
        visit.create_check_constraint(op.f("ck_visit_state"), BEFORE)
    op.drop_column("appointment", "late_minutes")


def _create_policies() -> None:
    counts = (
        "keep_turn_minutes", "late_minutes", "late_times", "snooze_minutes", "snooze_times",
        "version",
    )  # fmt: skip
    op.create_table(
        "line_policy",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("recall_seconds", sa.Integer(), nullable=False),
        sa.Column("calls_before_absent", sa.Integer(), nullable=False),
        sa.Column("absent_mode", sa.String(10), nullable=False),
        sa.Column("close_absent_minutes", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.CheckConstraint("kind IN ('session', 'offering')", name=op.f("ck_line_policy_kind")),
        sa.CheckConstraint(
            "absent_mode IN ('suggest', 'auto')", name=op.f("ck_line_policy_absent_mode")
        ),
        sa.CheckConstraint(
            "recall_seconds >= 10 AND calls_before_absent >= 1", name=op.f("ck_line_policy_calls")
        ),
        sa.CheckConstraint(
            "close_absent_minutes IS NULL OR close_absent_minutes >= keep_turn_minutes",
            name=op.f("ck_line_policy_closes_after_keeping"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_policy")),
    )


def _create_acts() -> None:
    op.create_table(
        "tap",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("actor_id", sa.String(36), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("visit_id", sa.String(36), nullable=False),
        sa.Column("ticket_id", sa.String(36), nullable=True),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("bench", sa.Integer(), nullable=True),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("undone_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_tap_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tap")),
    )
    op.create_index("ix_tap_at", "tap", ["at"])
    op.create_index("ix_tap_visit_id", "tap", ["visit_id"])
    op.create_index("ix_tap_session_id_actor_id_at", "tap", ["session_id", "actor_id", "at"])
