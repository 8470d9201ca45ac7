"""The first tables of the roster, and the rule that one volunteer's shifts do not overlap."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime
from shared.migrations import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# PostgreSQL: btree_gist is a trusted extension (13+): whoever may CREATE in the database may make
# it, so the service's own role can, as the owner of its database.
PG_NO_OVERLAP = """
ALTER TABLE assignment ADD CONSTRAINT assignment_overlap EXCLUDE USING gist (
  person_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&
) WHERE (state IN ('accepted', 'attended'))
"""

# SQLite: the same rule in two triggers; instants are fixed-width text, which sorts as time does.
# A later migration that rebuilds the table (batch mode) must write them again.
SQLITE_NO_OVERLAP = """
CREATE TRIGGER assignment_overlap_{verb} BEFORE {when} ON assignment
WHEN NEW.state IN ('accepted', 'attended') AND EXISTS (
  SELECT 1 FROM assignment AS other
  WHERE other.person_id = NEW.person_id AND other.id <> NEW.id
    AND other.state IN ('accepted', 'attended')
    AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at
)
BEGIN SELECT RAISE(ABORT, 'assignment_overlap'); END
"""
SQLITE_WHEN = {
    "insert": "INSERT",
    "update": "UPDATE OF person_id, state, starts_at, ends_at",
}


def upgrade() -> None:
    create_plumbing(op)
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("staffing_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("venue_name", Json, nullable=False),
        sa.Column("venue_place", Json, nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("trial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_table(
        "skill",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skill")),
    )
    op.create_table(
        "volunteer",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="active", nullable=False),
        sa.Column("acts", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("state IN ('active', 'erased')", name=op.f("ck_volunteer_state")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_volunteer")),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", Json, nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=True),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("at_most", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(length=20), server_default="open", nullable=False),
        sa.CheckConstraint("state IN ('open', 'cancelled')", name=op.f("ck_shift_state")),
        sa.CheckConstraint("accepted >= 0 AND accepted <= places", name=op.f("ck_shift_places")),
        sa.CheckConstraint(
            "needed >= 0 AND at_most >= 0 AND places >= at_most", name=op.f("ck_shift_bounds")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_shift_range")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_shift_session_id_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint("session_id", "position", name=op.f("uq_shift_session_id_position")),
    )
    op.create_index(
        "ix_shift_upcoming",
        "shift",
        ["starts_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "volunteer_skill",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("granted_by", sa.String(length=36), nullable=False),
        sa.Column("granted_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["volunteer.person_id"],
            name=op.f("fk_volunteer_skill_person_id_volunteer"),
        ),
        sa.ForeignKeyConstraint(
            ["skill"], ["skill.code"], name=op.f("fk_volunteer_skill_skill_skill")
        ),
        sa.PrimaryKeyConstraint("person_id", "skill", name=op.f("pk_volunteer_skill")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("shift_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), server_default="accepted", nullable=False),
        sa.Column("changed_by", sa.String(length=10), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("accepted_at", UtcDateTime, nullable=False),
        sa.Column("checked_in_at", UtcDateTime, nullable=True),
        sa.Column("check_in_recorded_at", UtcDateTime, nullable=True),
        sa.Column("checked_out_at", UtcDateTime, nullable=True),
        sa.Column("check_out_recorded_at", UtcDateTime, nullable=True),
        sa.Column("closed_by_rule", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "changed_by IN ('self', 'staff', 'session')", name=op.f("ck_assignment_changed_by")
        ),
        sa.CheckConstraint(
            "state IN ('accepted', 'attended', 'absent', 'dropped', 'released', 'moving')",
            name=op.f("ck_assignment_state"),
        ),
        sa.CheckConstraint(
            "checked_out_at IS NULL OR checked_in_at <= checked_out_at",
            name=op.f("ck_assignment_served_range"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_assignment_range")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_assignment_session_id_session")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name=op.f("fk_assignment_shift_id_shift")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(
        "ix_assignment_forgotten",
        "assignment",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("state = 'attended' AND checked_out_at IS NULL"),
        sqlite_where=sa.text("state = 'attended' AND checked_out_at IS NULL"),
    )
    op.create_index(
        "ix_assignment_one_live",
        "assignment",
        ["shift_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('accepted', 'attended')"),
        sqlite_where=sa.text("state IN ('accepted', 'attended')"),
    )
    op.create_index("ix_assignment_person", "assignment", ["person_id", "ends_at"], unique=False)
    op.create_index("ix_assignment_session", "assignment", ["session_id"], unique=False)
    op.create_table(
        "hours",
        sa.Column("assignment_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("checked_in_at", UtcDateTime, nullable=False),
        sa.Column("checked_out_at", UtcDateTime, nullable=False),
        sa.Column("closed_by_rule", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("trial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("checked_in_at <= checked_out_at", name=op.f("ck_hours_range")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_hours_minutes")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_hours_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_hours_session_id_session")
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_hours")),
    )
    op.create_index("ix_hours_person", "hours", ["person_id", "checked_in_at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(PG_NO_OVERLAP)
    else:
        for verb, when in SQLITE_WHEN.items():
            op.execute(SQLITE_NO_OVERLAP.format(verb=verb, when=when))


def downgrade() -> None:
    for table in ("hours", "assignment", "shift", "session", "volunteer_skill"):
        op.drop_table(table)
    op.drop_table("volunteer")
    op.drop_table("skill")
    drop_plumbing(op)
