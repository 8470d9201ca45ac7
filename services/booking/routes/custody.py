"""Devices that stay, over HTTP: take in, ready, hand back, undo; the shelf, and what to decide."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.errors.custody import CoordinatorMustLook
from services.booking.models.custody import Custody
from services.booking.queries import custody as queries
from services.booking.queries import visits
from services.booking.routes.line import on_site, secret
from services.booking.schemas.custody import (
    AmendRequest,
    CustodyPage,
    CustodyQuery,
    CustodySchema,
    CustodySummarySchema,
    DisposeRequest,
    KeepRequest,
    PickUpRequest,
    PolicyRequest,
    PolicySchema,
    PutOffRequest,
    SlipSchema,
)
from services.booking.use_cases import custody as use_cases
from services.booking.use_cases import disposals
from services.booking.use_cases.hand_back import Taking
from shared.auth import ON_SITE, STAFF, Person, current_person
from shared.codes import readable_code
from shared.errors import NotFound
from shared.http import (
    Blueprint,
    check_version,
    etag,
    expected_version,
    once,
    reading,
    transaction,
)
from shared.rate_limit import spend

BLUEPRINT = Blueprint("custody", __name__, description="Devices that stay here")
ACCESS = {
    "custody.keep": ON_SITE,
    "custody.shelf": ON_SITE,
    "custody.show": ON_SITE,
    "custody.slip": ON_SITE,
    "custody.amend": ON_SITE,
    "custody.ready": ON_SITE,
    "custody.hand_back": ON_SITE,
    "custody.undo": ON_SITE,
    "custody.summary": STAFF,
    "custody.dispose": STAFF,
    "custody.put_off": STAFF,
    "custody.policy": ON_SITE,
    "custody.set_policy": STAFF,
}
SHAPE = CustodySchema()


@BLUEPRINT.post("/tickets/<uuid:id>/custody")
@BLUEPRINT.arguments(KeepRequest)
@BLUEPRINT.response(201, CustodySchema)
def keep(given: dict[str, Any], id: UUID) -> Response:
    """Keep a device that somebody has brought, under a new tag."""
    given |= {name: tuple(given[name]) for name in ("accessories", "photos")}
    intake = use_cases.Intake(**given)

    def work(session: Session) -> Any:
        actor = on_site(session, visits.ticket(session, str(id)).session_id)
        return _shown(session, use_cases.keep_device(session, str(id), intake, actor.id))

    return once(work, SHAPE)


@BLUEPRINT.get("/custody")
@BLUEPRINT.arguments(CustodyQuery, location="query")
@BLUEPRINT.response(200, CustodyPage)
def shelf(given: dict[str, Any]) -> Any:
    """List what is (or was) kept here, the latest first: staff, and who has a shift these hours."""
    with reading() as session:
        _serves(session)
        return queries.listed(session, **given)


@BLUEPRINT.get("/custody/summary")
@BLUEPRINT.response(200, CustodySummarySchema)
def summary() -> Any:
    """Count what is here, overdue, and to be decided."""
    with reading() as session:
        return queries.counts(session)


@BLUEPRINT.get("/custody/<uuid:id>")
@BLUEPRINT.response(200, CustodySchema)
def show(id: UUID) -> Any:
    """Show one device on the shelf."""
    with reading() as session:
        row = _found(session, id)
        return _shown(session, row), 200, etag(row.version)


@BLUEPRINT.get("/custody/<uuid:id>/slip")
@BLUEPRINT.response(200, SlipSchema)
def slip(id: UUID) -> Any:
    """Return what is printed; only somebody without an account gets their code on paper."""
    with reading() as session:
        row = _found(session, id)
        shown = _shown(session, row)
        visit = visits.one(session, shown["visit_id"])
        paper = visit.person_id is None and row.is_held
        code = readable_code(secret(), queries.code_subject(row.id)) if paper else None
        return shown | {"code": code, "key": visit.access_key if paper else None}


@BLUEPRINT.patch("/custody/<uuid:id>")
@BLUEPRINT.arguments(AmendRequest)
@BLUEPRINT.response(200, CustodySchema)
def amend(given: dict[str, Any], id: UUID) -> Any:
    """Correct shelf, accessories or condition of a device that is here (If-Match)."""
    expected = expected_version()
    with transaction() as session:
        row = _found(session, id)
        check_version(row, expected)
        row = use_cases.amend(session, row, given, current_person().id)
        return _shown(session, row), 200, etag(row.version)


@BLUEPRINT.post("/custody/<uuid:id>/ready")
@BLUEPRINT.response(200, CustodySchema)
def ready(id: UUID) -> Response:
    """Say that it can be fetched: its owner is told, and reminded later."""
    return _act(id, lambda s, actor: use_cases.make_ready(s, str(id), actor))


@BLUEPRINT.post("/custody/<uuid:id>/hand-back")
@BLUEPRINT.arguments(PickUpRequest)
@BLUEPRINT.response(200, CustodySchema)
def hand_back(given: dict[str, Any], id: UUID) -> Response:
    """Give it to whoever has the code; without it, a coordinator looks at a card."""
    person = current_person()
    if given["proof"] != "code" and not person.is_staff:
        raise CoordinatorMustLook
    if given["proof"] == "code":
        _spend(id, person)

    def work(session: Session, actor: str) -> Custody:
        row = queries.one(session, str(id))
        if not row.is_held:
            raise use_cases.wrong_state(row)
        if given["proof"] == "code":
            use_cases.check_code(secret(), row, given["code"])
        taking = Taking(given["disabled"], given["acknowledged_by"])
        return use_cases.collect(session, row.id, given["proof"], actor, taking)

    return _act(id, work)


@BLUEPRINT.post("/custody/<uuid:id>/undo")
@BLUEPRINT.response(200, CustodySchema)
def undo(id: UUID) -> Response:
    """Take a hand-back back, within an hour."""
    return _act(id, lambda s, actor: use_cases.undo_collect(s, str(id), actor))


@BLUEPRINT.post("/custody/<uuid:id>/dispose")
@BLUEPRINT.arguments(DisposeRequest)
@BLUEPRINT.response(200, CustodySchema)
def dispose(given: dict[str, Any], id: UUID) -> Response:
    """Decide what becomes of a device that nobody fetched in time."""
    return _act(id, lambda s, actor: disposals.dispose(s, str(id), **given, actor_id=actor))


@BLUEPRINT.post("/custody/<uuid:id>/put-off")
@BLUEPRINT.arguments(PutOffRequest)
@BLUEPRINT.response(200, CustodySchema)
def put_off(given: dict[str, Any], id: UUID) -> Response:
    """Keep it on until a later day."""
    return _act(id, lambda s, actor: disposals.put_off(s, str(id), given["until"], actor))


@BLUEPRINT.get("/custody-policy")
@BLUEPRINT.response(200, PolicySchema)
def policy() -> Any:
    """Say within how many days a device is a rework, and after how many one decides."""
    with reading() as session:
        found = queries.policy(session)
        return found, 200, etag(found["version"])


@BLUEPRINT.put("/custody-policy")
@BLUEPRINT.arguments(PolicyRequest)
@BLUEPRINT.response(200, PolicySchema)
def set_policy(given: dict[str, Any]) -> Any:
    """Change it (If-Match; "0" before anybody has)."""
    expected = expected_version()
    with transaction() as session:
        disposals.set_policy(session, **given, version=expected, actor_id=current_person().id)
        found = queries.policy(session)
        return found, 200, etag(found["version"])


def _serves(session: Session, row: Custody | None = None) -> Person:
    """Return who is asking if they are staff or serve the shelf now; to others there is nothing."""
    person = current_person()
    if person.is_staff or queries.works_now(session, person.id):
        return person
    if row is not None and visits.helps(session, queries.session_of(session, row), person.id):
        return person
    raise NotFound


def _found(session: Session, id: UUID) -> Custody:
    row = queries.one(session, str(id))
    _serves(session, row)
    return row


def _spend(id: UUID, person: Person) -> None:
    """Count a try of a code: per device, and per person over all devices."""
    with reading() as session:
        _found(session, id)
    with transaction() as session:
        spend(session, "custody.code", str(id), capacity=5, per_seconds=600)
        spend(session, "custody.desk", person.id, capacity=60, per_seconds=600)


def _act(id: UUID, act: Callable[[Session, str], Custody]) -> Response:
    def work(session: Session) -> Any:
        _found(session, id)
        return _shown(session, act(session, current_person().id))

    return once(work, SHAPE, status=200)


def _shown(session: Session, row: Custody) -> dict[str, Any]:
    return queries.shown(session, [row])[0]
