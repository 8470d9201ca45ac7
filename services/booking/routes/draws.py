"""The draw of a session over HTTP: read it, enter, withdraw."""

from typing import Any
from uuid import UUID

from flask import Response

from services.booking.queries import draws as queries
from services.booking.schemas.draws import DrawSchema, EnterRequest
from services.booking.use_cases import draws as use_cases
from shared.auth import ANYONE, SIGNED_IN, current_person, maybe_person
from shared.http import Blueprint, once, reading, transaction
from shared.rate_limit import spend

BLUEPRINT = Blueprint("draws", __name__, description="Fair opening: one draw in the first minute")
ACCESS = {"draws.read": ANYONE, "draws.enter": SIGNED_IN, "draws.withdraw": SIGNED_IN}
SHAPE = DrawSchema()


@BLUEPRINT.get("/sessions/<uuid:id>/draw")
@BLUEPRINT.response(200, DrawSchema)
def read(id: UUID) -> Any:
    """Read a draw: the hash before it; the seed and the list of entries after it."""
    person = maybe_person()
    with reading() as session:
        return queries.shown(session, str(id), person.id if person else None)


@BLUEPRINT.post("/sessions/<uuid:id>/draw/entry")
@BLUEPRINT.arguments(EnterRequest)
@BLUEPRINT.response(201, DrawSchema)
def enter(given: dict[str, Any], id: UUID) -> Response:
    """Enter the draw, or change one's entry, within the minute."""
    person, of = _patient(), str(id)
    return once(
        lambda s: (
            use_cases.enter(s, of, person, **given),
            queries.shown(s, of, person),
        )[1],
        SHAPE,
    )


@BLUEPRINT.post("/sessions/<uuid:id>/draw/withdraw")
@BLUEPRINT.response(200, DrawSchema)
def withdraw(id: UUID) -> Response:
    """Leave the draw within the minute."""
    person, of = _patient(), str(id)
    return once(
        lambda s: (use_cases.withdraw(s, of, person), queries.shown(s, of, person))[1],
        SHAPE,
        status=200,
    )


def _patient() -> str:
    """Return who asks, unless they ask too often."""
    person = current_person()
    with transaction() as session:
        spend(session, "draw.change", person.id, capacity=20, per_seconds=60)
    return person.id
