"""The skill that safety tests ask for, and what was granted before skills were announced."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json
from shared.messages import Event
from shared.outbox import row_of
from shared.tables import outbox

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SAFETY = {"code": "electrical_safety", "title": {"zh": "电气安全检测", "en": "Electrical safety"}}
SKILL = sa.table("skill", sa.column("code", sa.String), sa.column("title", Json))
VOLUNTEER = sa.table("volunteer", sa.column("person_id"), sa.column("acts"))
GRANTED = sa.table("volunteer_skill", sa.column("person_id"), sa.column("skill"))


def upgrade() -> None:
    """Name the skill where nobody has; tell others of every skill that stands."""
    bind = op.get_bind()
    known = sa.select(SKILL.c.code).where(SKILL.c.code == SAFETY["code"])
    if bind.scalar(known) is None:
        bind.execute(SKILL.insert().values(**SAFETY))
    held: dict[str, list[str]] = {}
    for person_id, skill in bind.execute(sa.select(GRANTED.c.person_id, GRANTED.c.skill)):
        held.setdefault(person_id, []).append(skill)
    for person_id, skills in sorted(held.items()):
        mine = VOLUNTEER.c.person_id == person_id
        bind.execute(VOLUNTEER.update().where(mine).values(acts=VOLUNTEER.c.acts + 1))
        acts = bind.scalar(sa.select(VOLUNTEER.c.acts).where(mine))
        data = {"person_id": person_id, "skills": sorted(skills), "granted": sorted(skills)}
        event = Event("skill.granted.v1", person_id, acts, data | {"revoked": []}, "/roster")
        bind.execute(outbox.insert().values(**row_of(event)))


def downgrade() -> None:
    """What was said cannot be unsaid; the skill stays, somebody may hold it."""
