"""Volunteers in full: their time, limits, levels and expiry of skills, sign-offs, briefings; the calendar."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.String(length=36)
WITHIN_A_DAY = "from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440"
# Column, type and rule, as both databases read them; SQLite drops a column with its own CHECK.
NEW_COLUMNS = {
    "skill": (
        "offering_id VARCHAR(36)",
        (
            "proof VARCHAR(10) DEFAULT 'sign_off' NOT NULL"
            " CONSTRAINT ck_skill_proof CHECK (proof IN ('none', 'quiz', 'sign_off'))"
        ),
        (
            "valid_months INTEGER CONSTRAINT ck_skill_valid_months"
            " CHECK (valid_months > 0 AND valid_months <= 120)"
        ),
    ),
    "volunteer_skill": (
        (
            "level INTEGER DEFAULT 2 NOT NULL"
            " CONSTRAINT ck_volunteer_skill_level CHECK (level >= 1 AND level <= 3)"
        ),
        "expires_at {instant} CONSTRAINT ck_volunteer_skill_expiry CHECK (expires_at > granted_at)",
        "lapsed BOOLEAN DEFAULT false NOT NULL",
    ),
    "shift": (
        (
            "level INTEGER DEFAULT 1 NOT NULL"
            " CONSTRAINT ck_shift_level CHECK (level >= 1 AND level <= 3)"
        ),
    ),
    "session": ("offering_id VARCHAR(36)",),
}
NO_OVERLAP = {"weekly_free": "weekday", "exception_day": "on_date"}
PG_NO_OVERLAP = """
ALTER TABLE {table} ADD CONSTRAINT {table}_overlap EXCLUDE USING gist (
  person_id WITH =, {day} WITH =, int4range(from_minute, to_minute, '[)') WITH &&
)
"""
SQLITE_NO_OVERLAP = """
CREATE TRIGGER {table}_overlap_{verb} BEFORE {verb} ON {table}
WHEN EXISTS (
  SELECT 1 FROM {table} AS other
  WHERE other.person_id = NEW.person_id AND other.{day} = NEW.{day}{another}
    AND other.from_minute < NEW.to_minute AND NEW.from_minute < other.to_minute
)
BEGIN SELECT RAISE(ABORT, '{table}_overlap'); END
"""
# Who has served often enough is no newcomer: the rule as it stands when it begins to hold.
EXPERIENCED = """
INSERT INTO volunteer_profile (person_id, experienced_at, experienced_by)
SELECT person_id, MAX(recorded_at), 'rule' FROM hours
WHERE NOT trial AND person_id IN (SELECT person_id FROM volunteer)
GROUP BY person_id HAVING COUNT(*) >= 3
"""


def upgrade() -> None:
    _new_columns()
    op.create_index(
        "ix_volunteer_skill_expiry",
        "volunteer_skill",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("NOT lapsed"),
        sqlite_where=sa.text("NOT lapsed"),
    )
    _calendar_and_time()
    _profile()
    _sign_offs()
    _briefings()
    _refuse_overlaps()
    op.execute(EXPERIENCED)


def downgrade() -> None:
    for table in ("briefing_read", "briefing", "sign_off", "training_done", "volunteer_profile"):
        op.drop_table(table)
    for table in ("lesson", "exception_day", "weekly_free", "term"):
        op.drop_table(table)
    op.drop_index("ix_volunteer_skill_expiry", table_name="volunteer_skill")
    for table, columns in NEW_COLUMNS.items():
        for column in reversed(columns):
            op.drop_column(table, column.split()[0])


def _new_columns() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if _postgresql() else "VARCHAR(27)"
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(instant=instant)}")


def _calendar_and_time() -> None:
    op.create_table(
        "term",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", Json, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("exam_weeks", Json, nullable=False),
        sa.Column("holidays", Json, nullable=False),
        sa.Column("moved_days", Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )
    op.create_table(
        "weekly_free",
        _person(),
        sa.Column("weekday", sa.Integer(), nullable=False),
        *_minutes(),
        sa.CheckConstraint(WITHIN_A_DAY, name=op.f("ck_weekly_free_range")),
        sa.CheckConstraint("weekday >= 1 AND weekday <= 7", name=op.f("ck_weekly_free_weekday")),
        _of_a_volunteer("weekly_free"),
        sa.PrimaryKeyConstraint("person_id", "weekday", "from_minute", name=op.f("pk_weekly_free")),
    )
    op.create_table(
        "exception_day",
        sa.Column("id", ID, nullable=False),
        _person(),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("from_minute", sa.Integer(), server_default="0", nullable=False),
        sa.Column("to_minute", sa.Integer(), server_default="1440", nullable=False),
        sa.CheckConstraint(WITHIN_A_DAY, name=op.f("ck_exception_day_range")),
        sa.CheckConstraint("kind IN ('off', 'also')", name=op.f("ck_exception_day_kind")),
        _of_a_volunteer("exception_day"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exception_day")),
    )
    op.create_index("ix_exception_day_person", "exception_day", ["person_id", "on_date"])
    op.create_table(
        "lesson",
        sa.Column("id", ID, nullable=False),
        _person(),
        sa.Column("title", sa.String(length=80), nullable=False),
        *_minutes(),
        sa.Column("term_id", ID, nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("weeks", Json, nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.CheckConstraint(WITHIN_A_DAY, name=op.f("ck_lesson_range")),
        sa.CheckConstraint(
            "(on_date IS NULL AND weekday IS NOT NULL AND term_id IS NOT NULL AND weeks IS NOT NULL)"
            " OR (on_date IS NOT NULL AND weekday IS NULL AND term_id IS NULL AND weeks IS NULL)",
            name=op.f("ck_lesson_when"),
        ),
        sa.CheckConstraint("weekday >= 1 AND weekday <= 7", name=op.f("ck_lesson_weekday")),
        _of_a_volunteer("lesson"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    op.create_index("ix_lesson_person", "lesson", ["person_id"])


def _profile() -> None:
    op.create_table(
        "volunteer_profile",
        _person(),
        sa.Column("week_shifts", sa.Integer(), nullable=True),
        sa.Column("rest_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("row_minutes", sa.Integer(), nullable=True),
        sa.Column("exam_weeks", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("experienced_at", UtcDateTime, nullable=True),
        sa.Column("experienced_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "week_shifts BETWEEN 1 AND 14", name=op.f("ck_volunteer_profile_week_shifts")
        ),
        sa.CheckConstraint(
            "rest_minutes BETWEEN 0 AND 2880", name=op.f("ck_volunteer_profile_rest")
        ),
        sa.CheckConstraint("row_minutes BETWEEN 30 AND 720", name=op.f("ck_volunteer_profile_row")),
        sa.CheckConstraint(
            "(experienced_at IS NULL) = (experienced_by IS NULL)",
            name=op.f("ck_volunteer_profile_experienced"),
        ),
        _of_a_volunteer("volunteer_profile"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_volunteer_profile")),
    )


def _sign_offs() -> None:
    op.create_table(
        "training_done",
        sa.Column("id", ID, nullable=False),
        _person(),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("heard_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_done")),
    )
    op.create_index("ix_training_done_person", "training_done", ["person_id"])
    op.create_table(
        "sign_off",
        sa.Column("id", ID, nullable=False),
        _person(),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("signed_by", ID, nullable=False),
        sa.Column("signed_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("level >= 1 AND level <= 3", name=op.f("ck_sign_off_level")),
        sa.CheckConstraint("signed_by <> person_id", name=op.f("ck_sign_off_not_oneself")),
        _of_a_volunteer("sign_off"),
        sa.ForeignKeyConstraint(["skill"], ["skill.code"], name=op.f("fk_sign_off_skill_skill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
    )
    op.create_index("ix_sign_off_person", "sign_off", ["person_id", "signed_at"])


def _briefings() -> None:
    op.create_table(
        "briefing",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("text", Json, nullable=False),
        sa.Column("needed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("written_by", ID, nullable=False),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_briefing_version")),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_briefing")),
    )
    op.create_table(
        "briefing_read",
        _person(),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["code", "version"], ["briefing.code", "briefing.version"], name="fk_briefing_read"
        ),
        _of_a_volunteer("briefing_read"),
        sa.PrimaryKeyConstraint("person_id", "code", "version", name=op.f("pk_briefing_read")),
    )


def _refuse_overlaps() -> None:
    for table, day in NO_OVERLAP.items():
        if _postgresql():
            op.execute(PG_NO_OVERLAP.format(table=table, day=day))
            continue
        for verb, another in (("insert", ""), ("update", " AND other.rowid <> NEW.rowid")):
            op.execute(SQLITE_NO_OVERLAP.format(table=table, day=day, verb=verb, another=another))


def _person() -> sa.Column[str]:
    return sa.Column("person_id", ID, nullable=False)


def _minutes() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
    )


def _of_a_volunteer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_id"], ["volunteer.person_id"], name=op.f(f"fk_{table}_person_id_volunteer")
    )


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
