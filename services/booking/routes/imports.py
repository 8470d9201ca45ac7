"""Taking in records of others, over HTTP."""

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.queries import past
from services.booking.schemas.imports import (
    BatchesSchema,
    BatchSchema,
    ImportRequest,
    ImportSchema,
)
from services.booking.use_cases import importing
from services.booking.use_cases.importing import Import
from shared.auth import STAFF, current_person
from shared.http import Blueprint, once, reading, reply, settings_of_app

BLUEPRINT = Blueprint("imports", __name__, description="Records of others, as Open Repair Data")
ACCESS = {"imports.batches": STAFF, "imports.take": STAFF, "imports.undo": STAFF}


@BLUEPRINT.get("/record-imports")
@BLUEPRINT.response(200, BatchesSchema)
def batches() -> Any:
    """List the files that were taken in, the latest first."""
    with reading() as session:
        return {"items": past.batches(session)}


@BLUEPRINT.post("/record-imports")
@BLUEPRINT.arguments(ImportRequest)
@BLUEPRINT.response(201, ImportSchema)
def take(given: dict[str, Any]) -> Response:
    """Take in what is new of an Open Repair Data file; a dry run says what that would be (200)."""
    settings, actor = settings_of_app(), current_person().id
    content, ours = given["content"], {"own": settings.ords_code, "zone": settings.zone}
    if given["dry_run"]:
        with reading() as session:
            return reply(ImportSchema().dump(_shown(importing.look(session, content, **ours))))

    def work(session: Session) -> Any:
        return _shown(importing.take(session, content, given["name"], actor_id=actor, **ours))

    return once(work, ImportSchema())


@BLUEPRINT.post("/record-imports/<uuid:id>/undo")
@BLUEPRINT.response(200, BatchSchema)
def undo(id: UUID) -> Response:
    """Take a batch back whole."""
    actor = current_person().id
    return once(lambda session: importing.undo(session, str(id), actor), BatchSchema(), 200)


def _shown(found: Import) -> dict[str, Any]:
    first, last = found.days or (None, None)
    lines = [
        {
            "line": line.line,
            "id": line.id[:80],
            "state": line.state,
            "said": [{"zh": zh, "en": en} for zh, en in line.said],
        }
        for line in found.shown
    ]
    days = {"first": first, "last": last}
    return {"batch_id": found.batch_id, "counts": found.counts, "lines": lines} | days
