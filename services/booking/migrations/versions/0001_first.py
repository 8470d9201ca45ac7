"""The first tables of booking, and the rule that nobody is in two places at once."""

from alembic import op

from services.booking.models import Base
from shared.migrations import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LIVE = "state IN ('booked', 'arrived') AND NOT moved_along"
PG_NO_OVERLAP = f"""
ALTER TABLE appointment ADD CONSTRAINT ex_appointment_person_overlap
EXCLUDE USING gist (person_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
WHERE ({LIVE})
"""
SQLITE_NO_OVERLAP = """
CREATE TRIGGER ex_appointment_person_overlap_{name} BEFORE {act} ON appointment
WHEN NEW.state IN ('booked', 'arrived') AND NOT NEW.moved_along AND EXISTS (
  SELECT 1 FROM appointment AS other
  WHERE other.person_id = NEW.person_id AND other.id <> NEW.id
    AND other.state IN ('booked', 'arrived') AND NOT other.moved_along
    AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at)
BEGIN SELECT RAISE(ABORT, 'ex_appointment_person_overlap'); END
"""


def upgrade() -> None:
    create_plumbing(op)
    bind = op.get_bind()
    Base.metadata.create_all(bind, checkfirst=False)
    if bind.dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(PG_NO_OVERLAP)
        return
    op.execute(SQLITE_NO_OVERLAP.format(name="insert", act="INSERT"))
    columns = "UPDATE OF person_id, starts_at, ends_at, state, moved_along"
    op.execute(SQLITE_NO_OVERLAP.format(name="update", act=columns))


def downgrade() -> None:
    Base.metadata.drop_all(op.get_bind())
    drop_plumbing(op)
