"""Findings, actions, parts, safety tests with their limits, hand-back; who may test."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Written as columns with their CHECK, not as a batch: a batch drops and rewrites the table on SQLite.
COLUMNS = {
    "supply": "VARCHAR(8) CONSTRAINT ck_ticket_supply CHECK (supply IN ('mains', 'battery'))",
    "safety": "VARCHAR(8) CONSTRAINT ck_ticket_safety CHECK (safety IN ('passed', 'failed'))",
    "handed_back": "VARCHAR(10) CONSTRAINT ck_ticket_handed_back CHECK ("
    "handed_back IS NULL OR (state = 'closed' AND ("
    "(handed_back = 'no_test' AND COALESCE(supply, '') = 'battery')"
    " OR (handed_back = 'tested' AND COALESCE(safety, '') = 'passed')"
    " OR (handed_back = 'disabled' AND COALESCE(safety, '') = 'failed'))))",
    "handed_back_at": "{instant} CONSTRAINT ck_ticket_handed_back_at CHECK ("
    "(handed_back IS NULL) = (handed_back_at IS NULL))",
    "work_version": "INTEGER DEFAULT '1' NOT NULL",
}
PASSES = (
    "visual_ok AND polarity <> 'wrong'"
    " AND (protection_class <> 'I' OR polarity = 'right')"
    " AND (protection_class <> 'I' OR COALESCE(earth_ohm <= earth_limit, false))"
    " AND (insulation_mohm IS NULL OR COALESCE(insulation_mohm >= insulation_limit, false))"
    " AND (protection_class = 'III' OR insulation_omitted OR insulation_mohm IS NOT NULL)"
    " AND (protection_class = 'III' OR COALESCE(leakage_ma <= leakage_limit, false))"
)
TEST_OF_HAND_BACK = (
    "(how = 'no_test' AND safety_test_id IS NULL AND test_passed IS NULL)"
    " OR (how = 'tested' AND safety_test_id IS NOT NULL AND COALESCE(test_passed, false))"
    " OR (how = 'disabled' AND safety_test_id IS NOT NULL AND NOT COALESCE(test_passed, true))"
)
STANDS = sa.text("undone_at IS NULL")
EN_50678 = "EN 50678:2020 (DIN VDE 0701-0702:2008), 0.3 Ω: ≤ 5 m"
FIRST = (("I", 0.3, 1.0, 3.5), ("II", None, 2.0, 0.5), ("III", None, 0.25, None))


def upgrade() -> None:
    """Add the columns of a ticket, make the tables, and write the first limits."""
    instant = "VARCHAR(27)" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMPTZ"
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE ticket ADD COLUMN {name} {kind.format(instant=instant)}")
    op.create_table(
        "volunteer_skills",
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("skills", Json, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_volunteer_skills")),
    )
    _create_work()
    _create_limits()
    _create_tests()
    _create_hand_backs()


def downgrade() -> None:
    """Drop them again; the columns from the last, whose CHECK names the others."""
    for table in ("hand_back", "safety_test", "safety_limit", "part_used", "ticket_code"):
        op.drop_table(table)
    op.drop_table("volunteer_skills")
    for name in reversed(COLUMNS):
        op.drop_column("ticket", name)


def _create_work() -> None:
    op.create_table(
        "ticket_code",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("by", sa.String(36), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("kind IN ('found', 'done')", name=op.f("ck_ticket_code_kind")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_code_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "kind", "code", name=op.f("pk_ticket_code")),
    )
    cost = "cost_cents IS NULL OR (source = 'centre' AND cost_cents BETWEEN 0 AND 10000000)"
    op.create_table(
        "part_used",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(36), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "source IN ('centre', 'owner', 'reused')", name=op.f("ck_part_used_source")
        ),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name=op.f("ck_part_used_quantity")),
        sa.CheckConstraint(cost, name=op.f("ck_part_used_cost")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_part_used_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_used")),
    )
    op.create_index("ix_part_used_ticket_id", "part_used", ["ticket_id"])


def _create_limits() -> None:
    table = op.create_table(
        "safety_limit",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("protection_class", sa.String(3), nullable=False),
        sa.Column("earth_ohm", sa.Float(), nullable=True),
        sa.Column("insulation_mohm", sa.Float(), nullable=False),
        sa.Column("leakage_ma", sa.Float(), nullable=True),
        sa.Column("source", sa.String(400), nullable=False),
        sa.Column("created_by", sa.String(36), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "protection_class IN ('I', 'II', 'III')", name=op.f("ck_safety_limit_class")
        ),
        sa.CheckConstraint(
            "protection_class <> 'I' OR earth_ohm IS NOT NULL", name=op.f("ck_safety_limit_earth")
        ),
        sa.CheckConstraint(
            "protection_class = 'III' OR leakage_ma IS NOT NULL",
            name=op.f("ck_safety_limit_leakage"),
        ),
        sa.PrimaryKeyConstraint("version", "protection_class", name=op.f("pk_safety_limit")),
    )
    at = op.get_bind().scalar(sa.select(sa.func.suite_now()))
    for name, earth, insulation, leakage in FIRST:
        op.get_bind().execute(
            table.insert().values(
                version=1,
                protection_class=name,
                earth_ohm=earth,
                insulation_mohm=insulation,
                leakage_ma=leakage,
                source=EN_50678,
                created_by="-",
                created_at=UtcDateTime().process_result_value(at, op.get_bind().dialect),
            )
        )


def _create_tests() -> None:
    op.create_table(
        "safety_test",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("protection_class", sa.String(3), nullable=False),
        sa.Column("visual_ok", sa.Boolean(), nullable=False),
        sa.Column("polarity", sa.String(14), nullable=False),
        sa.Column("earth_ohm", sa.Float(), nullable=True),
        sa.Column("insulation_mohm", sa.Float(), nullable=True),
        sa.Column("insulation_omitted", sa.Boolean(), nullable=False),
        sa.Column("leakage_ma", sa.Float(), nullable=True),
        sa.Column("limits_version", sa.Integer(), nullable=False),
        sa.Column("earth_limit", sa.Float(), nullable=True),
        sa.Column("insulation_limit", sa.Float(), nullable=False),
        sa.Column("leakage_limit", sa.Float(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("failed", Json, nullable=False),
        sa.Column("instrument", sa.String(80), nullable=False),
        sa.Column("instrument_serial", sa.String(80), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("tester_id", sa.String(36), nullable=False),
        sa.Column("tested_at", UtcDateTime, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "protection_class IN ('I', 'II', 'III')", name=op.f("ck_safety_test_class")
        ),
        sa.CheckConstraint(
            "polarity IN ('right', 'wrong', 'not_polarised')", name=op.f("ck_safety_test_polarity")
        ),
        sa.CheckConstraint(f"NOT passed OR ({PASSES})", name=op.f("ck_safety_test_passed")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_safety_test_ticket_id_ticket")
        ),
        sa.ForeignKeyConstraint(
            ["limits_version", "protection_class"],
            ["safety_limit.version", "safety_limit.protection_class"],
            name=op.f("fk_safety_test_limits_version_protection_class_safety_limit"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_test")),
        sa.UniqueConstraint(
            "id", "ticket_id", "passed", name=op.f("uq_safety_test_id_ticket_id_passed")
        ),
    )
    op.create_index(
        "ix_safety_test_ticket_id_number", "safety_test", ["ticket_id", "number"], unique=True
    )


def _create_hand_backs() -> None:
    op.create_table(
        "hand_back",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("safety_test_id", sa.String(36), nullable=True),
        sa.Column("test_passed", sa.Boolean(), nullable=True),
        sa.Column("acknowledged_by", sa.String(120), nullable=False),
        sa.Column("by", sa.String(36), nullable=False),
        sa.Column("handed_back_at", UtcDateTime, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("undone_at", UtcDateTime, nullable=True),
        sa.Column("undone_by", sa.String(36), nullable=True),
        sa.CheckConstraint(
            "how IN ('no_test', 'tested', 'disabled')", name=op.f("ck_hand_back_how")
        ),
        sa.CheckConstraint(TEST_OF_HAND_BACK, name=op.f("ck_hand_back_test")),
        sa.CheckConstraint(
            "how = 'disabled' OR acknowledged_by = ''", name=op.f("ck_hand_back_acknowledged")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_hand_back_ticket_id_ticket")
        ),
        sa.ForeignKeyConstraint(
            ["safety_test_id", "ticket_id", "test_passed"],
            ["safety_test.id", "safety_test.ticket_id", "safety_test.passed"],
            name=op.f("fk_hand_back_safety_test_id_ticket_id_test_passed_safety_test"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_back")),
    )
    op.create_index(
        "uq_hand_back_ticket_id",
        "hand_back",
        ["ticket_id"],
        unique=True,
        postgresql_where=STANDS,
        sqlite_where=STANDS,
    )
