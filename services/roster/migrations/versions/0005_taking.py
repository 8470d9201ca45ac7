"""Taking shifts: when one was dropped, calls for help, offers that keep a place, rounds of offers."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.String(length=36)
OPEN = sa.text("state = 'open'")
OFFERED = sa.text("state = 'offered'")
# As both databases read them; SQLite drops a column with its own CHECK.
NEW_COLUMNS = {
    "assignment": "dropped_at {instant}",
    "shift": (
        "held INTEGER DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_shift_held CHECK (held >= 0 AND accepted + held <= places)"
    ),
    "volunteer_profile": "help BOOLEAN DEFAULT false NOT NULL",
}


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    instant = "TIMESTAMP WITH TIME ZONE" if postgresql else "VARCHAR(27)"
    for table, column in NEW_COLUMNS.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(instant=instant)}")
    op.create_index("ix_assignment_dropped_at", "assignment", ["dropped_at"])
    _help()
    _offers()


def downgrade() -> None:
    for table in ("offer_round", "offer", "help_ask", "help_call"):
        op.drop_table(table)
    op.drop_index("ix_assignment_dropped_at", table_name="assignment")
    for table, column in NEW_COLUMNS.items():
        op.drop_column(table, column.split()[0])


def _help() -> None:
    op.create_table(
        "help_call",
        sa.Column("id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("state", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'full', 'ended')", name=op.f("ck_help_call_state")),
        sa.CheckConstraint(
            "(state = 'ended') = (reason IS NOT NULL)"
            " AND (reason IS NULL OR reason IN ('eased', 'by_hand', 'time', 'session'))",
            name=op.f("ck_help_call_reason"),
        ),
        sa.CheckConstraint(
            "wanted >= 1 AND joined >= 0 AND joined <= wanted", name=op.f("ck_help_call_joined")
        ),
        sa.CheckConstraint("opened_at < ends_at", name=op.f("ck_help_call_range")),
        _to("help_call", "session"),
        _to("help_call", "shift"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_call")),
    )
    op.create_index(
        "ix_help_call_one_open",
        "help_call",
        ["session_id"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.create_index("ix_help_call_session", "help_call", ["session_id", "opened_at"])
    op.create_table(
        "help_ask",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("call_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.String(length=10), server_default="asked", nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'joined', 'declined', 'filled', 'closed')",
            name=op.f("ck_help_ask_state"),
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["help_call.id"], name=op.f("fk_help_ask_call_id_help_call")
        ),
        _of_a_volunteer("help_ask"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_ask")),
        sa.UniqueConstraint("call_id", "person_id", name=op.f("uq_help_ask_call_id_person_id")),
    )
    op.create_index("ix_help_ask_person", "help_ask", ["person_id", "state"])


def _offers() -> None:
    op.create_table(
        "offer",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.String(length=10), server_default="offered", nullable=False),
        sa.Column("holds", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("why", Json, nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'declined', 'expired', 'withdrawn', 'filled')",
            name=op.f("ck_offer_state"),
        ),
        sa.CheckConstraint("made_at < expires_at", name=op.f("ck_offer_range")),
        sa.CheckConstraint(
            "(state = 'offered') = (answered_at IS NULL)", name=op.f("ck_offer_answered")
        ),
        _to("offer", "session"),
        _to("offer", "shift"),
        _of_a_volunteer("offer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(
        "ix_offer_one_open",
        "offer",
        ["shift_id", "person_id"],
        unique=True,
        postgresql_where=OFFERED,
        sqlite_where=OFFERED,
    )
    op.create_index(
        "ix_offer_due", "offer", ["expires_at"], postgresql_where=OFFERED, sqlite_where=OFFERED
    )
    op.create_index("ix_offer_person", "offer", ["person_id", "made_at"])
    op.create_index("ix_offer_session", "offer", ["session_id"])
    op.create_table(
        "offer_round",
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("state", sa.String(length=12), server_default="one_by_one", nullable=False),
        sa.Column("started_by", sa.String(length=36), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('one_by_one', 'to_all', 'done', 'stopped')",
            name=op.f("ck_offer_round_state"),
        ),
        _to("offer_round", "shift"),
        sa.PrimaryKeyConstraint("shift_id", name=op.f("pk_offer_round")),
    )


def _to(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id_{other}")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name)


def _of_a_volunteer(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id_volunteer")
    return sa.ForeignKeyConstraint(["person_id"], ["volunteer.person_id"], name=name)
