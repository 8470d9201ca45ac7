"""Records of service hours, numbered by year."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.String(length=36)
VALID = sa.text("state = 'valid'")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "record_year",
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_record_year")),
    )
    op.create_table(
        "service_record",
        sa.Column("id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.String(length=10), server_default="valid", nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("counted_minutes", sa.Integer(), nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("printed", Json, nullable=False),
        sa.Column("issued_by", ID, nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.Column("ended_by", ID, nullable=True),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("replaced_by", ID, nullable=True),
        sa.Column("forgotten_at", UtcDateTime, nullable=True),
        *_rules(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_record")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_service_record_year_serial")),
        sa.UniqueConstraint("code", name=op.f("uq_service_record_code")),
    )
    op.create_index(
        "ix_service_record_one_valid",
        "service_record",
        ["person_id", "first_day", "last_day"],
        unique=True,
        postgresql_where=VALID,
        sqlite_where=VALID,
    )
    op.create_index("ix_service_record_issued", "service_record", ["issued_at", "id"])


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("service_record")
    op.drop_table("record_year")


def _rules() -> list[sa.CheckConstraint]:
    rules = {
        "state": "state IN ('valid', 'replaced', 'revoked')",
        "days": "first_day <= last_day",
        "minutes": "minutes >= 0 AND counted_minutes >= 0",
        "not_oneself": "issued_by <> person_id",
        "ended": "(state = 'valid') = (ended_at IS NULL)",
    }
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_service_record_{name}"))
        for name, rule in rules.items()
    ]
