"""The ledger of hours: entries that nobody changes, periods that close, policies, objections, absences."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime
from shared.ids import new_id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.String(length=36)
PERIOD = sa.String(length=7)
ZONE = ZoneInfo("Asia/Shanghai")
TABLES = ("absence", "objection", "hours_entry", "period_act", "hours_period", "hours_policy")
NEW_COLUMNS = (
    "served_on DATE DEFAULT '1970-01-01' NOT NULL",
    "month VARCHAR(7) DEFAULT '' NOT NULL",
    "pause_minutes INTEGER DEFAULT 0 NOT NULL",
    "look VARCHAR(10) DEFAULT '' NOT NULL",
)
# What never changes once it stands. Who it was, and typed words, can be taken out of it (erasure).
KEPT = {
    "hours_entry": (
        "id, assignment_id, number, kind, month, quarter, minutes, change, checked_in_at,"
        " checked_out_at, pause_minutes, recorded_at"
    ),
    "period_act": "id, period, act, minutes, entries, done_at",
    "hours_policy": (
        "version, rounding, step_minutes, day_cap_minutes, objection_days, valid_from, made_at"
    ),
}
WORDS = {"hours_entry": "reason", "period_act": "note"}
FIGURES = "name, kind, state, checked_at, crossed_at, closed_at, closed_minutes, closed_people"

PG_FUNCTIONS = (
    """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%_kept', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$
""",
    # Reads the periods under a share lock, as they stand after whoever holds them: closing waits
    # for the entries that are on their way, and what comes after closing sees that it is closed.
    """
CREATE FUNCTION refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_closed boolean;
BEGIN
  SELECT bool_or(held.state = 'closed') INTO is_closed FROM (
    SELECT state FROM hours_period WHERE name IN (NEW.month, NEW.quarter) ORDER BY name FOR SHARE
  ) AS held;
  IF is_closed THEN
    RAISE EXCEPTION 'hours_period_closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    """
CREATE FUNCTION refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'hours_period_closed' USING ERRCODE = 'check_violation';
END $$
""",
)
SQLITE_CLOSED = """
CREATE TRIGGER {name} BEFORE {verb} ON {table}
WHEN {only}EXISTS (
  SELECT 1 FROM hours_period AS held
  WHERE held.name IN (NEW.month, NEW.quarter) AND held.state = 'closed'
)
BEGIN SELECT RAISE(ABORT, 'hours_period_closed'); END
"""
CLOSED = (  # trigger, table, when, and for which rows
    ("hours_entry_closed", "hours_entry", "INSERT", "NEW.kind <> 'correction'"),
    ("absence_closed_insert", "absence", "INSERT", ""),
    ("absence_closed_update", "absence", "UPDATE OF excused", ""),
)


def upgrade() -> None:
    for column in NEW_COLUMNS:
        op.execute(f"ALTER TABLE hours ADD COLUMN {column}")
    op.create_index("ix_hours_month", "hours", ["month", "checked_in_at"])
    _policy()
    _period()
    _entry()
    _objection()
    _carry_over(op.get_bind())
    _guards()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if _postgresql():
        for function in ("refuse_change", "refuse_closed", "refuse_reopening"):
            op.execute(f"DROP FUNCTION {function}()")
    op.drop_index("ix_hours_month", table_name="hours")
    for column in reversed(NEW_COLUMNS):
        op.drop_column("hours", column.split()[0])


def _policy() -> None:
    op.create_table(
        "hours_policy",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rounding", sa.String(length=10), nullable=False),
        sa.Column("step_minutes", sa.Integer(), nullable=False),
        sa.Column("day_cap_minutes", sa.Integer(), nullable=True),
        sa.Column("objection_days", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_hours_policy_version")),
        sa.CheckConstraint(
            "rounding IN ('exact', 'down', 'nearest', 'up')", name=op.f("ck_hours_policy_rounding")
        ),
        sa.CheckConstraint(
            "step_minutes >= 1 AND step_minutes <= 240", name=op.f("ck_hours_policy_step")
        ),
        sa.CheckConstraint(
            "day_cap_minutes >= 60 AND day_cap_minutes <= 1440",
            name=op.f("ck_hours_policy_day_cap"),
        ),
        sa.CheckConstraint(
            "objection_days >= 1 AND objection_days <= 60",
            name=op.f("ck_hours_policy_objection_days"),
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_hours_policy")),
    )


def _period() -> None:
    op.create_table(
        "hours_period",
        sa.Column("name", PERIOD, nullable=False),
        sa.Column("kind", PERIOD, nullable=False),
        sa.Column("state", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("entries", sa.Integer(), server_default="0", nullable=False),
        *(
            column
            for act in ("checked", "crossed", "closed")
            for column in (
                sa.Column(f"{act}_by", ID, nullable=True),
                sa.Column(f"{act}_at", UtcDateTime, nullable=True),
            )
        ),
        sa.Column("closed_minutes", sa.Integer(), nullable=True),
        sa.Column("closed_people", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('month', 'quarter')", name=op.f("ck_hours_period_kind")),
        sa.CheckConstraint("crossed_by <> checked_by", name=op.f("ck_hours_period_not_the_same")),
        sa.CheckConstraint(
            "(state = 'open' AND checked_by IS NULL AND crossed_by IS NULL AND closed_by IS NULL)"
            " OR (state = 'checked' AND checked_by IS NOT NULL AND crossed_by IS NULL"
            " AND closed_by IS NULL)"
            " OR (state = 'crossed' AND checked_by IS NOT NULL AND crossed_by IS NOT NULL"
            " AND closed_by IS NULL)"
            " OR (state = 'closed' AND checked_by IS NOT NULL AND crossed_by IS NOT NULL"
            " AND closed_by IS NOT NULL AND closed_at IS NOT NULL)",
            name=op.f("ck_hours_period_state"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hours_period")),
    )
    op.create_table(
        "period_act",
        sa.Column("id", ID, nullable=False),
        sa.Column("period", PERIOD, nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("done_by", ID, nullable=False),
        sa.Column("done_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "act IN ('check', 'cross_check', 'send_back', 'close')", name=op.f("ck_period_act_act")
        ),
        _in_period("period_act", "period"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_act")),
    )
    op.create_index("ix_period_act_period", "period_act", ["period", "done_at"])


def _entry() -> None:
    op.create_table(
        "hours_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("assignment_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("month", PERIOD, nullable=False),
        sa.Column("quarter", PERIOD, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("checked_in_at", UtcDateTime, nullable=False),
        sa.Column("checked_out_at", UtcDateTime, nullable=False),
        sa.Column("pause_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("noted_by", ID, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_hours_entry_number")),
        sa.CheckConstraint(
            "minutes >= 0 AND pause_minutes >= 0", name=op.f("ck_hours_entry_minutes")
        ),
        sa.CheckConstraint("checked_in_at <= checked_out_at", name=op.f("ck_hours_entry_range")),
        sa.CheckConstraint(
            "kind IN ('recorded', 'by_rule', 'put_right', 'correction')",
            name=op.f("ck_hours_entry_kind"),
        ),
        sa.CheckConstraint(
            "kind IN ('recorded', 'by_rule') OR noted_by <> person_id",
            name=op.f("ck_hours_entry_not_oneself"),
        ),
        _of_assignment("hours_entry"),
        _in_period("hours_entry", "month"),
        _in_period("hours_entry", "quarter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_entry")),
        sa.UniqueConstraint(
            "assignment_id", "number", name=op.f("uq_hours_entry_assignment_id_number")
        ),
    )
    op.create_index("ix_hours_entry_month", "hours_entry", ["month"])


def _objection() -> None:
    op.create_table(
        "objection",
        sa.Column("id", ID, nullable=False),
        sa.Column("assignment_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("month", PERIOD, nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("raised_at", UtcDateTime, nullable=False),
        sa.Column("answer", sa.String(length=500), server_default="", nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'declined')", name=op.f("ck_objection_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL)",
            name=op.f("ck_objection_decided"),
        ),
        sa.CheckConstraint("decided_by <> person_id", name=op.f("ck_objection_not_oneself")),
        _of_assignment("objection"),
        _in_period("objection", "month"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint(
            "assignment_id", "about", name=op.f("uq_objection_assignment_id_about")
        ),
    )
    op.create_index("ix_objection_month", "objection", ["month", "state"])
    op.create_index("ix_objection_state", "objection", ["state", "raised_at"])
    op.create_table(
        "absence",
        sa.Column("assignment_id", ID, nullable=False),
        sa.Column("month", PERIOD, nullable=False),
        sa.Column("quarter", PERIOD, nullable=False),
        sa.Column("excused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("noted_by", ID, nullable=False),
        sa.Column("noted_at", UtcDateTime, nullable=False),
        _of_assignment("absence"),
        _in_period("absence", "month"),
        _in_period("absence", "quarter"),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_month", "absence", ["month"])


def _of_assignment(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_assignment_id_assignment")
    return sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=name)


def _in_period(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_hours_period")
    return sa.ForeignKeyConstraint([column], ["hours_period.name"], name=name)


def _carry_over(bind: sa.Connection) -> None:
    """Write what was recorded before as the first line of the ledger, and the first policy."""
    hours = sa.table("hours", *(sa.column(name) for name in (
        "assignment_id", "version", "person_id", "minutes", "closed_by_rule", "month",
    )), sa.column("served_on", sa.Date()), *(
        sa.column(name, UtcDateTime()) for name in ("checked_in_at", "checked_out_at", "recorded_at")
    ))  # fmt: skip
    entry = sa.table("hours_entry", *(sa.column(name) for name in (
        "id", "assignment_id", "number", "kind", "person_id", "month", "quarter", "minutes",
        "change", "noted_by",
    )), *(
        sa.column(name, UtcDateTime()) for name in ("checked_in_at", "checked_out_at", "recorded_at")
    ))  # fmt: skip
    period = sa.table("hours_period", sa.column("name"), sa.column("kind"))
    known: set[str] = set()
    for row in bind.execute(sa.select(hours)).all():
        day = row.checked_in_at.astimezone(ZONE).date()
        month, quarter = f"{day.year}-{day.month:02d}", f"{day.year}-Q{(day.month + 2) // 3}"
        for name, kind in ((month, "month"), (quarter, "quarter")):
            if name not in known:
                bind.execute(sa.insert(period).values(name=name, kind=kind))
                known.add(name)
        bind.execute(
            sa.update(hours)
            .where(hours.c.assignment_id == row.assignment_id)
            .values(served_on=day, month=month)
        )
        bind.execute(
            sa.insert(entry).values(
                id=new_id(),
                assignment_id=row.assignment_id,
                number=row.version,
                kind="by_rule" if row.closed_by_rule else "recorded",
                person_id=row.person_id,
                month=month,
                quarter=quarter,
                minutes=row.minutes,
                change=row.minutes,
                checked_in_at=row.checked_in_at,
                checked_out_at=row.checked_out_at,
                noted_by="rule",
                recorded_at=row.recorded_at,
            )
        )
    policy = sa.table(
        "hours_policy",
        *(
            sa.column(n)
            for n in ("version", "rounding", "step_minutes", "objection_days", "made_by")
        ),
        sa.column("valid_from", sa.Date()),
        sa.column("made_at", UtcDateTime()),
    )
    bind.execute(
        sa.insert(policy).values(
            version=1,
            rounding="exact",
            step_minutes=1,
            objection_days=7,
            made_by="start",
            valid_from=date(2000, 1, 1),
            made_at=datetime(2000, 1, 1, tzinfo=ZONE),
        )
    )


def _guards() -> None:
    (_postgresql_guards if _postgresql() else _sqlite_guards)()


def _postgresql_guards() -> None:
    for function in PG_FUNCTIONS:
        op.execute(function)
    row = "FOR EACH ROW {when}EXECUTE FUNCTION {function}()"
    for table, columns in KEPT.items():
        change = row.format(when="", function="refuse_change")
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {columns} ON {table} {change}")
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {change}")
    for table, words in WORDS.items():
        only = row.format(when=f"WHEN (NEW.{words} <> '') ", function="refuse_change")
        op.execute(f"CREATE TRIGGER {table}_words BEFORE UPDATE OF {words} ON {table} {only}")
    for name, table, verb, rows in CLOSED:
        only = row.format(when=f"WHEN ({rows}) " if rows else "", function="refuse_closed")
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {only}")
    only = row.format(when="WHEN (OLD.state = 'closed') ", function="refuse_reopening")
    op.execute(
        f"CREATE TRIGGER hours_period_kept BEFORE UPDATE OF {FIGURES} ON hours_period {only}"
    )
    op.execute(f"CREATE TRIGGER hours_period_stays BEFORE DELETE ON hours_period {only}")


def _sqlite_guards() -> None:
    def guard(name: str, what: str, table: str, rows: str, says: str) -> None:
        when = f" WHEN {rows}" if rows else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )

    for table, columns in KEPT.items():
        guard(f"{table}_kept", f"UPDATE OF {columns}", table, "", f"{table}_kept")
        guard(f"{table}_stays", "DELETE", table, "", f"{table}_kept")
    for table, words in WORDS.items():
        guard(f"{table}_words", f"UPDATE OF {words}", table, f"NEW.{words} <> ''", f"{table}_kept")
    for name, table, verb, rows in CLOSED:
        only = f"{rows} AND " if rows else ""
        op.execute(SQLITE_CLOSED.format(name=name, verb=verb, table=table, only=only))
    was_closed = "OLD.state = 'closed'"
    guard(
        "hours_period_kept",
        f"UPDATE OF {FIGURES}",
        "hours_period",
        was_closed,
        "hours_period_closed",
    )
    guard("hours_period_stays", "DELETE", "hours_period", was_closed, "hours_period_closed")


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
