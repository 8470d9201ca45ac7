"""Acts that wait for a person's decision; displays and when they were last heard."""

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Json, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = "'check_in', 'walk_in', 'call', 'absent', 'back', 'leave', 'start', 'outcome'"


def upgrade() -> None:
    _acts()
    _conflicts()
    _displays()


def downgrade() -> None:
    op.drop_index("ix_display_seen_at", table_name="display")
    op.drop_table("display")
    op.drop_index("ix_desk_conflict_session_id_state", table_name="desk_conflict")
    op.drop_table("desk_conflict")
    op.drop_index("ix_desk_act_session_id", table_name="desk_act")
    op.drop_table("desk_act")


def _acts() -> None:
    op.create_table(
        "desk_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("given", Json, nullable=False),
        sa.Column("occurred_at", UtcDateTime, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_desk_act_kind")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_desk_act_session_id_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_act")),
    )
    op.create_index("ix_desk_act_session_id", "desk_act", ["session_id"], unique=False)


def _conflicts() -> None:
    op.create_table(
        "desk_conflict",
        sa.Column("act_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("reason_zh", sa.String(length=300), nullable=False),
        sa.Column("reason_en", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'mine', 'theirs', 'dismissed')", name=op.f("ck_desk_conflict_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_desk_conflict_decided")
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["desk_act.id"], name=op.f("fk_desk_conflict_act_id_desk_act")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_desk_conflict_session_id_session")
        ),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_desk_conflict")),
    )
    op.create_index(
        "ix_desk_conflict_session_id_state", "desk_conflict", ["session_id", "state"], unique=False
    )


def _displays() -> None:
    op.create_table(
        "display",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("sound", sa.String(length=10), nullable=False),
        sa.Column("shown", BigId, nullable=True),
        sa.Column("behind_since", UtcDateTime, nullable=True),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("left_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "sound IN ('voice', 'chime', 'blocked', 'off')", name=op.f("ck_display_sound")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_display_session_id_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "id", name=op.f("pk_display")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_display_session_id_number")),
    )
    op.create_index("ix_display_seen_at", "display", ["seen_at"], unique=False)
