"""Practical sign-offs over HTTP: who waits for one, and making one."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.models.skill import SENIOR
from services.roster.queries import sign_offs as queries
from services.roster.queries.volunteers import grants_of
from services.roster.schemas.volunteers import NewSignOffSchema, SignOffSchema, TrainedListSchema
from services.roster.use_cases import sign_offs as use_cases
from shared.auth import current_person
from shared.clock import now
from shared.http import Blueprint, once, reading

blueprint = Blueprint("sign_offs", __name__, description="技能确认 · from training to skill")


@blueprint.route("/sign-offs/waiting")
@blueprint.response(200, TrainedListSchema)
def waiting() -> dict[str, Any]:
    """List the trained volunteers whom the asker may sign off: all for staff, else own senior skills."""
    person = current_person()
    with reading() as session:
        skills = None
        if not person.is_staff:
            held = grants_of(session, person.id).values()
            skills = [one.skill for one in held if one.level >= SENIOR and one.holds(now())]
        found = queries.waiting_for_sign_off(session, skills)
    return {"items": [one for one in found if one.person_id != person.id]}


@blueprint.route("/sign-offs", methods=["POST"])
@blueprint.arguments(NewSignOffSchema)
@blueprint.response(201, SignOffSchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
@blueprint.alt_response(409, description="nobody signs off themselves")
def sign_off(body: dict[str, Any]) -> Response:
    """Note what was seen of a volunteer's work; where it was enough, they have the skill now."""
    person = current_person()
    person_id, code = str(body.pop("person_id")), body.pop("skill")
    work = partial(
        use_cases.sign_off,
        person_id=person_id,
        code=code,
        actor=person.id,
        staff=person.is_staff,
        **body,
    )
    return once(work, SignOffSchema())
