"""Periods over HTTP: what a reviewer sees, and the steps of a review."""

from datetime import date, timedelta
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from services.roster.errors import NoSuchPeriod
from services.roster.models import Period
from services.roster.models.period import CLOSED, MONTH, OPEN, Stretch, stretch
from services.roster.queries import periods as queries
from services.roster.schemas.periods import PeriodListSchema, ReviewSchema, StepSchema
from services.roster.use_cases import periods as use_cases
from shared.auth import current_person
from shared.clock import now
from shared.http import Blueprint, once, reading

blueprint = Blueprint("periods", __name__, description="自查与互查 · months and quarters reviewed")
SHOWN = (
    "checked_by", "checked_at", "crossed_by", "crossed_at", "closed_by", "closed_at",
    "closed_minutes", "closed_people",
)  # fmt: skip


@blueprint.route("/periods")
@blueprint.response(200, PeriodListSchema)
def list_periods() -> dict[str, Any]:
    """List the months and quarters that have something in them."""
    with reading() as session:
        return {"items": [_period(_named(one.name), one) for one in queries.periods(session)]}


@blueprint.route("/periods/<name>")
@blueprint.response(200, ReviewSchema)
@blueprint.alt_response(404, description="no such month or quarter")
def get_period(name: str) -> dict[str, Any]:
    """Show a period under review."""
    with reading() as session:
        return _review(session, _named(name))


@blueprint.route("/periods/<name>/<act>", methods=["POST"])
@blueprint.arguments(StepSchema)
@blueprint.response(200, ReviewSchema)
@blueprint.alt_response(409, description="not over, points open, the same person, or another step")
def step(body: dict[str, Any], name: str, act: str) -> Response:
    """Do a step of the review: self-check, cross-check by somebody else, send back, close."""
    actor, note, do = current_person().id, body["note"], use_cases.STEPS.get(act)
    if do is None:
        raise NoSuchPeriod

    def work(session: Session) -> dict[str, Any]:
        do(session, name, note=note, actor=actor)
        return _review(session, _named(name))

    return once(work, ReviewSchema(), 200)


def _named(name: str) -> Stretch:
    found = stretch(name)
    if found is None:
        raise NoSuchPeriod
    return found


def _period(of: Stretch, row: Period | None) -> dict[str, Any]:
    shown = {column: getattr(row, column, None) for column in SHOWN}
    last = of.after - timedelta(days=1)
    dates: dict[str, date] = {"first": of.first, "last": last}
    state = row.state if row else OPEN
    return {"name": of.name, "kind": of.kind, "state": state, **dates, **shown} | {
        "over": now() >= of.ends_at
    }


def _review(session: Session, of: Stretch) -> dict[str, Any]:
    row = session.get(Period, of.name, populate_existing=True)
    closed = row is not None and row.state == CLOSED
    sums = queries.figures(session, of, row.closed_at if row else None)
    seen = row.entries if row and row.state not in (OPEN, CLOSED) else sums.entries
    months = () if of.kind == MONTH else of.months
    return {
        "period": _period(of, row),
        "months": [_period(_named(name), session.get(Period, name)) for name in months],
        "figures": sums,
        "open": [] if closed else queries.open_points(session, of, now()),
        "look": queries.look_points(session, of),
        "acts": queries.acts_of(session, of.name),
        "more_since": sums.entries - seen,
    }
