"""Volunteers and their skills over HTTP."""

from datetime import timedelta
from typing import Any

from services.roster.errors import NoSuchVolunteer
from services.roster.queries import sign_offs
from services.roster.queries import volunteers as queries
from services.roster.queries.volunteers import VolunteerView, Wanted
from services.roster.schemas.volunteers import (
    MOST_PEOPLE,
    GrantSchema,
    NewcomerSchema,
    SkillLevelSchema,
    VolunteerPage,
    VolunteerQuery,
    VolunteerSchema,
    WaySchema,
)
from services.roster.use_cases import skills as use_cases
from services.roster.use_cases.briefings import set_newcomer
from shared.auth import VOLUNTEER, current_person
from shared.clock import now
from shared.http import Blueprint, reading, transaction

blueprint = Blueprint("volunteers", __name__, description="志愿者 · people with the role")


@blueprint.route("/volunteers")
@blueprint.arguments(VolunteerQuery, location="query")
@blueprint.response(200, VolunteerPage)
def list_volunteers(query: dict[str, Any]) -> Any:
    """List the people who may take shifts, with their skills."""
    days, people = query.pop("expiring_days"), query.pop("person_ids")
    wanted = Wanted(
        skill=query.pop("skill"),
        expires_before=None if days is None else now() + timedelta(days=days),
        newcomer=query.pop("newcomer"),
        people=None if people is None else people.split(",")[:MOST_PEOPLE],
    )
    with reading() as session:
        return queries.active_volunteers(session, wanted, **query)


@blueprint.route("/volunteers/me")
@blueprint.response(200, VolunteerSchema)
def my_volunteer() -> VolunteerView:
    """Tell the asker whether they may take shifts, and their skills."""
    person = current_person()
    with reading() as session:
        known = queries.volunteer(session, person.id)
    return known or VolunteerView(person.id, person.has(VOLUNTEER))


@blueprint.route("/volunteers/<person_id>")
@blueprint.response(200, VolunteerSchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
def get_volunteer(person_id: str) -> VolunteerView:
    """Show a volunteer with the skills granted to them."""
    with reading() as session:
        return _known(queries.volunteer(session, person_id))


@blueprint.route("/volunteers/<person_id>/way")
@blueprint.response(200, WaySchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
def way_of(person_id: str) -> dict[str, Any]:
    """Show how somebody came by their skills: trainings attended, sign-offs with who and when."""
    with reading() as session:
        _known(queries.volunteer(session, person_id))
        return {
            "sign_offs": sign_offs.sign_offs_of(session, person_id),
            "trainings": sign_offs.trainings_of(session, person_id),
        }


@blueprint.route("/volunteers/<person_id>/skills", methods=["PUT"])
@blueprint.arguments(GrantSchema)
@blueprint.response(200, VolunteerSchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
def grant_skills(body: dict[str, Any], person_id: str) -> VolunteerView:
    """Let a volunteer have exactly these skills."""
    with transaction() as session:
        actor = current_person().id
        return use_cases.grant_skills(session, person_id, body["skills"], actor=actor)


@blueprint.route("/volunteers/<person_id>/skills/<code>", methods=["PUT"])
@blueprint.arguments(SkillLevelSchema)
@blueprint.response(200, VolunteerSchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
def set_skill(body: dict[str, Any], person_id: str, code: str) -> VolunteerView:
    """Let a volunteer have one skill at a level until a day; it counts as confirmed now."""
    with transaction() as session:
        return use_cases.set_skill(session, person_id, code, actor=current_person().id, **body)


@blueprint.route("/volunteers/<person_id>/skills/<code>", methods=["DELETE"])
@blueprint.response(200, VolunteerSchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
def revoke_skill(person_id: str, code: str) -> VolunteerView:
    """Take a skill away; shifts accepted before are kept."""
    with transaction() as session:
        return use_cases.revoke_skill(session, person_id, code, actor=current_person().id)


@blueprint.route("/volunteers/<person_id>/newcomer", methods=["PUT"])
@blueprint.arguments(NewcomerSchema)
@blueprint.response(200, VolunteerSchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
def put_newcomer(body: dict[str, Any], person_id: str) -> VolunteerView:
    """Say that somebody is a newcomer, or is one no longer."""
    with transaction() as session:
        actor = current_person().id
        set_newcomer(session, person_id, newcomer=body["newcomer"], actor=actor)
        return _known(queries.volunteer(session, person_id))


def _known(found: VolunteerView | None) -> VolunteerView:
    if found is None:
        raise NoSuchVolunteer
    return found
