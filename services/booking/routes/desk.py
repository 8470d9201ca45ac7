"""A desk without a connection, over HTTP: its acts, their conflicts, the paper sheet typed in later."""

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.models.desk_act import DeskAct, DeskConflict
from services.booking.models.visit import Visit
from services.booking.queries import conflicts as conflict_queries
from services.booking.queries.sheet import sheet as sheet_of
from services.booking.routes.line import on_site, secret
from services.booking.schemas.desk import (
    ActRequest,
    ActSchema,
    ConflictSchema,
    ConflictsSchema,
    DecideRequest,
    SheetDoneSchema,
    SheetRowRequest,
    SheetSchema,
)
from services.booking.use_cases import conflicts, desk_acts
from services.booking.use_cases import sheet as sheets
from shared.auth import ON_SITE
from shared.errors import NotFound
from shared.http import Blueprint, once, reading

BLUEPRINT = Blueprint("desk", __name__, description="A desk that survives bad Wi-Fi")
ACCESS = {
    "desk.act": ON_SITE,
    "desk.conflicts_of": ON_SITE,
    "desk.decide": ON_SITE,
    "desk.sheet": ON_SITE,
    "desk.type_in": ON_SITE,
}
ACT, CONFLICT, DONE = ActSchema(), ConflictSchema(), SheetDoneSchema()


@BLUEPRINT.post("/sessions/<uuid:id>/desk-acts")
@BLUEPRINT.arguments(ActRequest)
@BLUEPRINT.response(200, ActSchema)
def act(given: dict[str, Any], id: UUID) -> Response:
    """Do one act that was made offline, once for ever; what does not fit becomes a conflict."""

    def work(session: Session) -> Any:
        person = on_site(session, str(id))
        made = desk_acts.Act(actor_id=person.id, secret=secret(), **given)
        return _became(session, *desk_acts.replay(session, str(id), made))

    return once(work, ACT, status=200)


@BLUEPRINT.get("/sessions/<uuid:id>/desk-conflicts")
@BLUEPRINT.response(200, ConflictsSchema)
def conflicts_of(id: UUID) -> Any:
    """Show what waits for a person's decision, and what was decided."""
    with reading() as session:
        on_site(session, str(id))
        count = conflict_queries.open_count(session, str(id))
        return {"open": count, "items": conflict_queries.of_session(session, str(id))}


@BLUEPRINT.post("/desk-conflicts/<uuid:id>/decide")
@BLUEPRINT.arguments(DecideRequest)
@BLUEPRINT.response(200, ConflictSchema)
def decide(given: dict[str, Any], id: UUID) -> Response:
    """Keep mine (do it now), keep theirs (what stands is right), or put it aside."""

    def work(session: Session) -> Any:
        actor = _decider(session, str(id))
        conflicts.decide(session, str(id), given["decision"], actor, secret())
        return conflict_queries.one(session, str(id))

    return once(work, CONFLICT, status=200)


@BLUEPRINT.get("/sessions/<uuid:id>/sheet")
@BLUEPRINT.response(200, SheetSchema)
def sheet(id: UUID) -> Any:
    """Show what the fallback sheet prints."""
    with reading() as session:
        on_site(session, str(id))
        return sheet_of(session, str(id))


@BLUEPRINT.post("/sessions/<uuid:id>/sheet-rows")
@BLUEPRINT.arguments(SheetRowRequest)
@BLUEPRINT.response(200, SheetDoneSchema)
def type_in(given: dict[str, Any], id: UUID) -> Response:
    """Take one row of the paper in, whole or not at all."""

    def work(session: Session) -> Any:
        person = on_site(session, str(id))
        row = sheets.Row(**given)
        return sheets.type_in(session, str(id), row, person.id, secret())

    return once(work, DONE, status=200)


def _became(session: Session, act: DeskAct, conflict: DeskConflict | None) -> dict[str, Any]:
    visit = session.get(Visit, act.visit_id) if act.visit_id else None
    waits = conflict is not None and conflict.state == "open"
    return {
        "id": act.id,
        "result": "conflict" if waits else "done",
        "number": visit.number if visit else None,
        "reason": {"zh": conflict.reason_zh, "en": conflict.reason_en} if conflict else None,
    }


def _decider(session: Session, act_id: str) -> str:
    conflict = session.get(DeskConflict, act_id)
    if conflict is None:
        raise NotFound
    return on_site(session, conflict.session_id).id
