"""A volunteer's time over HTTP: mine, and (for staff) somebody's."""

from collections import defaultdict
from datetime import date
from functools import partial
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from services.roster.errors import NoSuchVolunteer
from services.roster.models.week import Span
from services.roster.queries import availability as queries
from services.roster.queries.volunteers import volunteer
from services.roster.schemas.availability import (
    AvailabilitySchema,
    DaysQuery,
    ExceptionSchema,
    LimitsSchema,
    NewExceptionSchema,
    WeeklySchema,
)
from services.roster.use_cases import availability as use_cases
from shared.auth import current_person
from shared.clock import now
from shared.http import Blueprint, once, reading, transaction

blueprint = Blueprint(
    "availability", __name__, description="可服务时间 · when volunteers have time"
)


@blueprint.route("/availability/mine")
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, AvailabilitySchema)
def my_availability(query: dict[str, Any]) -> dict[str, Any]:
    """Show what the asker said about their time, and the days ahead as they follow from it."""
    with reading() as session:
        return _shown(session, current_person().id, **query)


@blueprint.route("/volunteers/<person_id>/availability")
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, AvailabilitySchema)
@blueprint.alt_response(404, description="the roster does not know this person (yet)")
def availability_of(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """Show a volunteer's time to staff; what their lessons are called is nobody's business."""
    with reading() as session:
        if volunteer(session, person_id) is None:
            raise NoSuchVolunteer
        found = _shown(session, person_id, **query)
    for lesson in found["lessons"]:
        lesson.title = ""
    return found


@blueprint.route("/availability/mine/weekly", methods=["PUT"])
@blueprint.arguments(WeeklySchema)
@blueprint.response(200, AvailabilitySchema)
def put_weekly(body: dict[str, Any]) -> dict[str, Any]:
    """Replace the asker's weekly hours."""
    hours: dict[int, list[Span]] = defaultdict(list)
    for one in body["hours"]:
        hours[one["weekday"]].append((one["starts"], one["ends"]))
    with transaction() as session:
        use_cases.put_weekly(session, current_person().id, hours)
        return _shown(session, current_person().id)


@blueprint.route("/availability/mine/limits", methods=["PUT"])
@blueprint.arguments(LimitsSchema)
@blueprint.response(200, LimitsSchema)
def put_limits(body: dict[str, Any]) -> Any:
    """Replace the asker's limits; they hold from the next shift taken."""
    with transaction() as session:
        return use_cases.put_limits(session, current_person().id, body)


@blueprint.route("/availability/mine/exceptions", methods=["POST"])
@blueprint.arguments(NewExceptionSchema)
@blueprint.response(201, ExceptionSchema)
@blueprint.alt_response(409, description="there is an entry for these hours already")
def add_exception(body: dict[str, Any]) -> Response:
    """Note a day that differs from the asker's week."""
    span = body["starts"], body["ends"]
    person_id = current_person().id
    work = partial(
        use_cases.add_exception,
        person_id=person_id,
        on_date=body["on"],
        kind=body["kind"],
        span=span,
    )
    return once(work, ExceptionSchema())


@blueprint.route("/availability/mine/exceptions/<entry_id>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.alt_response(404, description="no such entry, or somebody else's")
def remove_exception(entry_id: str) -> None:
    """Take an entry back."""
    with transaction() as session:
        use_cases.remove_exception(session, current_person().id, entry_id)


def _shown(
    session: Session, person_id: str, first: date | None = None, days: int = 14
) -> dict[str, Any]:
    week = queries.week_of(session, person_id)
    begin = first or now().astimezone(use_cases.ZONE).date()
    return {
        "person_id": person_id,
        "weekly": week.weekly,
        "lessons": week.lessons,
        "exceptions": week.exceptions,
        "limits": queries.limits_of(session, person_id),
        "days": [week.day(on) for on in queries.days_from(begin, days)],
    }
