"""Volunteers and their skills over HTTP."""

from typing import Any

from services.roster.queries import volunteers as queries
from services.roster.queries.volunteers import VolunteerView
from services.roster.schemas.volunteers import (
    GrantSchema,
    VolunteerPage,
    VolunteerQuery,
    VolunteerSchema,
)
from services.roster.use_cases import skills as use_cases
from shared.auth import VOLUNTEER, current_person
from shared.http import Blueprint, reading, transaction

blueprint = Blueprint("volunteers", __name__, description="志愿者 · people with the role")


@blueprint.route("/volunteers")
@blueprint.arguments(VolunteerQuery, location="query")
@blueprint.response(200, VolunteerPage)
def list_volunteers(query: dict[str, Any]) -> Any:
    """List the people who may take shifts, with their skills."""
    with reading() as session:
        return queries.active_volunteers(session, **query)


@blueprint.route("/volunteers/me")
@blueprint.response(200, VolunteerSchema)
def my_volunteer() -> VolunteerView:
    """Tell the asker whether they may take shifts, and their skills."""
    person = current_person()
    with reading() as session:
        known = queries.volunteer(session, person.id)
    return known or VolunteerView(person.id, person.has(VOLUNTEER))


@blueprint.route("/volunteers/<person_id>/skills", methods=["PUT"])
@blueprint.arguments(GrantSchema)
@blueprint.response(200, VolunteerSchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
def grant_skills(body: dict[str, Any], person_id: str) -> VolunteerView:
    """Let a volunteer have exactly these skills."""
    with transaction() as session:
        actor = current_person().id
        return use_cases.grant_skills(session, person_id, body["skills"], actor=actor)
