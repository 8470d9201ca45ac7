"""Hours over HTTP: the ledger, corrections, what people served, and the policy."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.errors import NoSuchHours
from services.roster.models import HoursPolicy
from services.roster.queries import hours as queries
from services.roster.queries import policies
from services.roster.queries.hours import Wanted
from services.roster.schemas.hours import (
    CorrectionSchema,
    HoursPage,
    HoursQuery,
    HoursSchema,
    NewPolicySchema,
    PolicyListSchema,
    PolicySchema,
    TotalListSchema,
    TotalQuery,
    TriedListSchema,
    TryPolicySchema,
)
from services.roster.use_cases.corrections import Right, correct_hours
from services.roster.use_cases.policies import make_policy
from shared.auth import current_person
from shared.clock import now
from shared.http import Blueprint, once, reading
from shared.schemas import PageQuery

blueprint = Blueprint("hours", __name__, description="服务时长 · minutes really served")


@blueprint.route("/hours/mine")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, HoursPage)
def my_hours(query: dict[str, Any]) -> dict[str, Any]:
    """List the asker's hours and their total, without trials."""
    return _page(Wanted(person_id=current_person().id), **query)


@blueprint.route("/hours")
@blueprint.arguments(HoursQuery, location="query")
@blueprint.response(200, HoursPage)
def list_hours(query: dict[str, Any]) -> dict[str, Any]:
    """List a volunteer's hours, or everybody's, and the total without trials."""
    ids = query.pop("person_ids")
    people = ids.split(",") if ids is not None else None
    asked = {name: query.pop(name) for name in ("person_id", "month", "show")}
    return _page(Wanted(people=people, **asked), **query)


@blueprint.route("/hours/totals")
@blueprint.arguments(TotalQuery, location="query")
@blueprint.response(200, TotalListSchema)
def totals(query: dict[str, Any]) -> dict[str, Any]:
    """List what everybody served, exact and rounded; of one month where it is named."""
    with reading() as session:
        found = policies.totals(session, month=query["month"])
    return {
        "items": [
            {"person_id": who, "minutes": one.minutes, "rounded": one.rounded}
            for who, one in sorted(found.items())
        ]
    }


@blueprint.route("/hours/<assignment_id>")
@blueprint.response(200, HoursSchema)
@blueprint.alt_response(404, description="nothing recorded, or somebody else's")
def get_hours(assignment_id: str) -> Any:
    """Show the hours of one assignment to its volunteer or to staff."""
    person = current_person()
    with reading() as session:
        found = queries.hours_of_assignment(session, assignment_id)
    if found is None or not (person.is_staff or found.hours.person_id == person.id):
        raise NoSuchHours
    return found


@blueprint.route("/hours/<assignment_id>/corrections", methods=["POST"])
@blueprint.arguments(CorrectionSchema)
@blueprint.response(201, HoursSchema)
@blueprint.alt_response(409, description="one's own hours, or nothing to correct yet")
@blueprint.alt_response(412, description="somebody corrected it meanwhile")
def correct(body: dict[str, Any], assignment_id: str) -> Response:
    """Add an entry that puts hours right, with a reason; also in a closed period."""
    seen, actor = body.pop("seen"), current_person().id

    def work(session: Any) -> Any:
        correct_hours(session, assignment_id, Right(**body), seen=seen, actor=actor)
        return queries.hours_of_assignment(session, assignment_id)

    return once(work, HoursSchema())


@blueprint.route("/hours-policies")
@blueprint.response(200, PolicyListSchema)
def list_policies() -> dict[str, Any]:
    """List every version of the policy."""
    with reading() as session:
        found = policies.policies(session)
        return {"items": found[::-1], "current": policies.policy_at(session, now())}


@blueprint.route("/hours-policies", methods=["POST"])
@blueprint.arguments(NewPolicySchema)
@blueprint.response(201, PolicySchema)
@blueprint.alt_response(412, description="there is a newer version")
def new_policy(body: dict[str, Any]) -> Response:
    """Make the next version of the policy; it holds from today on, or later."""
    seen, valid_from, actor = body.pop("seen"), body.pop("valid_from"), current_person().id
    work = partial(make_policy, values=body, valid_from=valid_from, seen=seen, actor=actor)
    return once(work, PolicySchema())


@blueprint.route("/hours-policies/preview", methods=["POST"])
@blueprint.arguments(TryPolicySchema)
@blueprint.response(200, TriedListSchema)
def try_policy(body: dict[str, Any]) -> dict[str, Any]:
    """Show what a policy would make of some days; nothing is kept."""
    minutes = body.pop("minutes")
    policy = HoursPolicy(**body)
    return {"items": [{"minutes": one, "shown": policy.of_a_day(one)} for one in minutes]}


def _page(wanted: Wanted, cursor: str | None, limit: int) -> dict[str, Any]:
    with reading() as session:
        found = queries.hours_of(session, wanted, cursor=cursor, limit=limit)
        mine = [wanted.person_id] if wanted.person_id else []
        rounded = policies.totals(session, mine, month=wanted.month) if mine else {}
        whole = wanted.show is None and mine
        return {
            "items": found.items,
            "next_cursor": found.next_cursor,
            "total_minutes": queries.total_minutes(session, wanted),
            "rounded_minutes": sum(one.rounded for one in rounded.values()) if whole else None,
            "policy": policies.policy_at(session, now()),
        }
