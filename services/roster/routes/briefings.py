"""Briefings over HTTP: reading and confirming them, and (for staff) writing them."""

import re
from functools import partial
from typing import Any

from flask import Response

from services.roster.errors import NoSuchVolunteer
from services.roster.queries import briefings as queries
from services.roster.queries.briefings import BriefingView
from services.roster.queries.volunteers import volunteer
from services.roster.schemas.briefings import (
    BriefingListSchema,
    BriefingSchema,
    NewBriefingSchema,
    ReadDoneSchema,
    ReadSchema,
)
from services.roster.schemas.skills import CODE
from services.roster.use_cases import briefings as use_cases
from shared.auth import current_person
from shared.errors import NotFound
from shared.http import Blueprint, expected_version, once, reading, transaction

blueprint = Blueprint(
    "briefings", __name__, description="须知 · what volunteers read before serving"
)


@blueprint.route("/briefings")
@blueprint.response(200, BriefingListSchema)
def list_briefings() -> dict[str, Any]:
    """List every briefing in its newest version, those that the asker has not read first."""
    with reading() as session:
        return {"items": queries.briefings_for(session, current_person().id)}


@blueprint.route("/volunteers/<person_id>/briefings")
@blueprint.response(200, BriefingListSchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
def briefings_of(person_id: str) -> dict[str, Any]:
    """List every briefing as a volunteer stands to it."""
    with reading() as session:
        if volunteer(session, person_id) is None:
            raise NoSuchVolunteer
        return {"items": queries.briefings_for(session, person_id)}


@blueprint.route("/briefings/<code>", methods=["PUT"])
@blueprint.arguments(NewBriefingSchema)
@blueprint.response(200, BriefingSchema)
@blueprint.alt_response(
    412, description="somebody wrote a version meanwhile (If-Match: 0 for a new one)"
)
def put_briefing(body: dict[str, Any], code: str) -> BriefingView:
    """Write the next version of a briefing; a needed one is asked to be read anew."""
    if not re.fullmatch(CODE, code):
        raise NotFound
    seen = expected_version()
    with transaction() as session:
        actor = current_person().id
        made = use_cases.write_briefing(session, code, seen, body, actor=actor)
        return BriefingView(made, None, None)


@blueprint.route("/briefings/<code>/read", methods=["POST"])
@blueprint.arguments(ReadSchema)
@blueprint.response(201, ReadDoneSchema)
@blueprint.alt_response(404, description="no such briefing")
@blueprint.alt_response(409, description="there is a newer version")
def read_briefing(body: dict[str, Any], code: str) -> Response:
    """Confirm that the asker has read a version."""
    person_id = current_person().id
    work = partial(use_cases.read_briefing, person_id=person_id, code=code, version=body["version"])
    return once(work, ReadDoneSchema())
