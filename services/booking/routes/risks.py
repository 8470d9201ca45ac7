"""Places at risk over HTTP: see them, act now, wait longer, keep by hand; take a new place."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.queries import appointments, at_risk
from services.booking.schemas.appointments import AppointmentSchema
from services.booking.schemas.risks import (
    RisksSchema,
    SessionRisksSchema,
    StandInRequest,
    WaitLongerRequest,
)
from services.booking.use_cases import displacing, risks
from shared.auth import SIGNED_IN, STAFF, current_person
from shared.http import Blueprint, once, reading, transaction

BLUEPRINT = Blueprint("risks", __name__, description="What is at risk when volunteers drop out")
ACCESS = {
    "risks.everywhere": STAFF,
    "risks.of_session": STAFF,
    "risks.session_stand_in": STAFF,
    "risks.offering_stand_in": STAFF,
    "risks.displace": STAFF,
    "risks.wait_longer": STAFF,
    "risks.keep": STAFF,
    "risks.accept": SIGNED_IN,
}
SHAPE = SessionRisksSchema()


@BLUEPRINT.get("/at-risk")
@BLUEPRINT.response(200, RisksSchema)
def everywhere() -> Any:
    """List what is at risk in every session, the most urgent first."""
    with reading() as session:
        return at_risk.everywhere(session)


@BLUEPRINT.get("/sessions/<uuid:id>/at-risk")
@BLUEPRINT.response(200, SessionRisksSchema)
def of_session(id: UUID) -> Any:
    """Say what is at risk in a session and why."""
    with reading() as session:
        return at_risk.of_session(session, str(id))


@BLUEPRINT.put("/sessions/<uuid:id>/stand-in")
@BLUEPRINT.arguments(StandInRequest)
@BLUEPRINT.response(200, StandInRequest)
def session_stand_in(given: dict[str, Any], id: UUID) -> Any:
    """Set how long stand-ins are looked for in this session."""
    actor = current_person().id
    with transaction() as session:
        return risks.set_stand_in(session, "session", str(id), given["minutes"], actor)


@BLUEPRINT.put("/offerings/<uuid:id>/stand-in")
@BLUEPRINT.arguments(StandInRequest)
@BLUEPRINT.response(200, StandInRequest)
def offering_stand_in(given: dict[str, Any], id: UUID) -> Any:
    """Set how long stand-ins are looked for in all sessions of an offering."""
    actor = current_person().id
    with transaction() as session:
        return risks.set_stand_in(session, "offering", str(id), given["minutes"], actor)


@BLUEPRINT.post("/slots/<uuid:id>/displace")
@BLUEPRINT.response(200, SessionRisksSchema)
def displace(id: UUID) -> Response:
    """Displace what lies above at once."""
    actor = current_person().id
    return _decide(lambda s: displacing.displace_now(s, str(id), actor))


@BLUEPRINT.post("/slots/<uuid:id>/wait-longer")
@BLUEPRINT.arguments(WaitLongerRequest)
@BLUEPRINT.response(200, SessionRisksSchema)
def wait_longer(given: dict[str, Any], id: UUID) -> Response:
    """Look for stand-ins a while longer."""
    actor = current_person().id
    return _decide(lambda s: risks.wait_longer(s, str(id), given["minutes"], actor))


@BLUEPRINT.post("/slots/<uuid:id>/keep")
@BLUEPRINT.response(200, SessionRisksSchema)
def keep(id: UUID) -> Response:
    """Keep everybody by hand."""
    actor = current_person().id
    return _decide(lambda s: risks.keep_by_hand(s, str(id), actor))


@BLUEPRINT.post("/appointments/<uuid:id>/accept")
@BLUEPRINT.response(200, AppointmentSchema)
def accept(id: UUID) -> Response:
    """Take the place one was displaced to."""
    person = current_person()
    return once(
        lambda s: appointments.plain(s, displacing.accept_place(s, str(id), person.id)),
        AppointmentSchema(),
        status=200,
    )


def _decide(act: Callable[[Session], str]) -> Response:
    return once(lambda s: at_risk.of_session(s, act(s)), SHAPE, status=200)
