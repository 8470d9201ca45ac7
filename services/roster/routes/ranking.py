"""The weekly ranking over HTTP: the weeks, a list, and one's own part in it."""

from typing import Any

from services.roster.errors.ranking import NoSuchWeek
from services.roster.models import RankingMember
from services.roster.models.ranking import WEEK, due_at, newest_due
from services.roster.queries import ranking as queries
from services.roster.schemas.ranking import (
    MyPartSchema,
    RankingNameSchema,
    RankingSchema,
    RankingWeeksSchema,
    TakePartSchema,
)
from services.roster.use_cases import ranking as use_cases
from shared.auth import current_person
from shared.clock import now
from shared.http import Blueprint, reading, transaction

blueprint = Blueprint(
    "ranking", __name__, description="每周排行 · the weekly ranking, by opting in"
)


@blueprint.route("/ranking/weeks")
@blueprint.response(200, RankingWeeksSchema)
def list_weeks() -> dict[str, Any]:
    """List the weeks that were published and are kept."""
    with reading() as session:
        return {"items": queries.weeks(session), "next_at": _next_at()}


@blueprint.route("/ranking/weeks/<first_day>")
@blueprint.response(200, RankingSchema)
@blueprint.alt_response(404, description="no list of a week that begins so")
def get_week(first_day: str) -> dict[str, Any]:
    """Show the list of a week; ``first_day`` is its Monday."""
    asker = current_person().id
    with reading() as session:
        week = next(
            (one for one in queries.weeks(session) if str(one.first_day) == first_day), None
        )
        if week is None:
            raise NoSuchWeek
        found = queries.places(session, week.first_day)
        told = queries.counted(session, week.first_day, [one.person_id for one in found])
    mine = next((one for one in found if one.person_id == asker), None)
    return {
        **_week(week),
        "items": [_line(one, asker) for one in found[: queries.MOST_SHOWN]],
        "mine": _own(mine, told) if mine else None,
        "corrected": sum(told.get(one.person_id, 0) != one.minutes for one in found),
    }


@blueprint.route("/ranking/mine")
@blueprint.response(200, MyPartSchema)
def my_part() -> dict[str, Any]:
    """Show whether and how the asker takes part, and where they stand."""
    with reading() as session:
        person_id = current_person().id
        places = queries.places_of(session, person_id)
        return _part(queries.member(session, person_id)) | {"places": places}


@blueprint.route("/ranking/mine", methods=["PUT"])
@blueprint.arguments(TakePartSchema)
@blueprint.response(200, TakePartSchema)
@blueprint.alt_response(409, description="not a volunteer")
def put_part(body: dict[str, Any]) -> dict[str, Any]:
    """Take part under a code, or leave: then one is off every list at once."""
    with transaction() as session:
        if body["takes_part"]:
            use_cases.take_part(session, current_person().id)
        else:
            use_cases.leave_ranking(session, current_person().id)
    return body


@blueprint.route("/ranking/people/<person_id>", methods=["PUT"])
@blueprint.arguments(RankingNameSchema)
@blueprint.response(200, RankingNameSchema)
@blueprint.alt_response(409, description="not a volunteer")
def put_name(body: dict[str, Any], person_id: str) -> dict[str, Any]:
    """Let somebody take part under their name, which the front vouches for."""
    with transaction() as session:
        use_cases.take_part(session, person_id, body["name"])
    return body


def _next_at() -> Any:
    """The next Monday morning, whether or not the list before is late."""
    return due_at(newest_due(now()) + WEEK)


def _part(row: RankingMember | None) -> dict[str, Any]:
    return {
        "takes_part": row is not None,
        "name": row.name if row else None,
        "code": row.code if row else None,
        "since": row.joined_at if row else None,
        "next_at": _next_at(),
    }


def _week(week: queries.Published) -> dict[str, Any]:
    names = ("first_day", "last_day", "published_at", "people")
    return {name: getattr(week, name) for name in names}


def _line(one: queries.Placed, asker: str) -> dict[str, Any]:
    line = {name: getattr(one, name) for name in ("rank", "name", "code", "minutes")}
    return line | {"mine": one.person_id == asker}


def _own(one: queries.Placed, told: dict[str, int]) -> dict[str, int]:
    now_told = told.get(one.person_id, 0)
    return {"rank": one.rank, "minutes": one.minutes, "minutes_now": now_told}
