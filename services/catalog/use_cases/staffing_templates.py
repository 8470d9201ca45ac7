"""Staffing templates: add, change, archive. They are nobody else's business, so nothing is announced."""

from typing import Any

from sqlalchemy.orm import Session as Db

from services.catalog.errors import Archived
from services.catalog.models import StaffingTemplate
from services.catalog.queries.staffing import template_by_id
from shared import audit
from shared.errors import Stale
from shared.ids import new_id


def add_template(db: Db, actor_id: str, fields: dict[str, Any]) -> StaffingTemplate:
    """Add a template."""
    template = StaffingTemplate(id=new_id(), version=1, state="active", **fields)
    db.add(template)
    db.flush()
    audit.record(db, actor_id, "staffing_template.add", template.id)
    return template


def change_template(
    db: Db, actor_id: str, id: str, expected: int, fields: dict[str, Any]
) -> StaffingTemplate:
    """Change a template; sessions that were made from it stay as they are."""
    template = template_by_id(db, id, lock=True)
    if template.version != expected:
        raise Stale
    if template.state == "archived":
        raise Archived
    for name, value in fields.items():
        setattr(template, name, value)
    template.version += 1
    db.flush()
    audit.record(db, actor_id, "staffing_template.change", template.id)
    return template


def archive_template(db: Db, actor_id: str, id: str) -> StaffingTemplate:
    """Offer it no longer; archiving twice changes nothing."""
    template = template_by_id(db, id, lock=True)
    if template.state != "archived":
        template.state = "archived"
        template.version += 1
        db.flush()
        audit.record(db, actor_id, "staffing_template.archive", template.id)
    return template
