"""Records of service hours over HTTP: who could get one, issue, show, revoke, verify by the printed code."""

from typing import Any

from flask import Response

from services.roster.errors.records import NoSuchRecord
from services.roster.queries import records as queries
from services.roster.schemas.records import (
    IssueSchema,
    OutcomesSchema,
    ReadyPeopleSchema,
    ReasonSchema,
    RecordPage,
    RecordQuery,
    RecordSchema,
    StretchQuery,
    VerifiedSchema,
    WholeRecordSchema,
)
from services.roster.use_cases import records as use_cases
from shared.auth import current_person
from shared.http import Blueprint, once, reading, reply
from shared.schemas import PageQuery

blueprint = Blueprint("records", __name__, description="服务时长记录单 · records of service hours")


@blueprint.route("/records")
@blueprint.arguments(RecordQuery, location="query")
@blueprint.response(200, RecordPage)
def list_records(query: dict[str, Any]) -> Any:
    """List records, the newest first."""
    with reading() as session:
        return queries.records(session, **query)


@blueprint.route("/records/mine")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, RecordPage)
def my_records(query: dict[str, Any]) -> Any:
    """List the asker's own records."""
    with reading() as session:
        return queries.records(session, person_id=current_person().id, **query)


@blueprint.route("/records/ready")
@blueprint.arguments(StretchQuery, location="query")
@blueprint.response(200, ReadyPeopleSchema)
@blueprint.alt_response(422, description="the days do not fit")
def ready(query: dict[str, Any]) -> Any:
    """Show who served between two days, and whether there is a record of it."""
    first, last = query["first"], query["last"]
    with reading() as session:
        use_cases.check_stretch(session, first, last)
        found = queries.served(session, first, last)
        known = queries.valid_records(session, first, last, [one.person_id for one in found])
        return {"items": [_ready(one, known.get(one.person_id)) for one in found]}


@blueprint.route("/records", methods=["POST"])
@blueprint.arguments(IssueSchema)
@blueprint.response(201, OutcomesSchema)
@blueprint.alt_response(409, description="somebody issued for the same people just now")
def issue(body: dict[str, Any]) -> Response:
    """Issue records for these people from the ledger; what stands is replaced where it differs."""
    asked = use_cases.Asked(current_person().id, body["first"], body["last"], body["details"])
    return once(
        lambda session: _outcomes(use_cases.issue_records(session, asked, body["people"])),
        status=201,
    )


@blueprint.route("/records/<record_id>")
@blueprint.response(200, WholeRecordSchema)
@blueprint.alt_response(404, description="no such record, or somebody else's")
def get_record(record_id: str) -> Response:
    """Show a record to its volunteer or to staff."""
    person = current_person()
    with reading() as session:
        row = use_cases.visible_record(
            session, record_id, person_id=None if person.is_staff else person.id
        )
        now = {"minutes_now": queries.minutes_now(session, row)}
        return reply(WholeRecordSchema().dump(row) | now)


@blueprint.route("/records/<record_id>/revoke", methods=["POST"])
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, RecordSchema)
@blueprint.alt_response(409, description="replaced or revoked already")
def revoke(body: dict[str, Any], record_id: str) -> Response:
    """Say that a record does not hold, and why."""
    actor = current_person().id
    return once(
        lambda session: use_cases.revoke_record(session, actor, record_id, body["reason"]),
        RecordSchema(),
        200,
    )


@blueprint.route("/records/verify/<code>")
@blueprint.response(200, VerifiedSchema)
@blueprint.alt_response(404, description="no record has this code")
def verify(code: str) -> Any:
    """Tell anybody with a printed code whether the record holds, and nothing more."""
    with reading() as session:
        found = queries.by_code(session, code)
        if found is None:
            raise NoSuchRecord
        return {"state": found.state}


def _ready(one: queries.Served, known: Any) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "minutes": one.minutes,
        "counted_minutes": one.counted,
        "services": len(one.lines),
        "number": known.number if known else None,
        "changes": known is None or not one.is_as_in(known),
    }


def _outcomes(done: list[use_cases.Outcome]) -> dict[str, Any]:
    return {
        "items": [
            {
                "person_id": one.person_id,
                "outcome": one.outcome,
                "record_id": one.record.id if one.record else None,
                "number": one.record.number if one.record else None,
            }
            for one in done
        ]
    }
