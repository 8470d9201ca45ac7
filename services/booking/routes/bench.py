"""The bench over HTTP: what was found and done, parts, safety tests and their limits, hand-back."""

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.models.safety import CLASSES, SKILL, Readings
from services.booking.models.ticket import Ticket
from services.booking.queries import bench as queries
from services.booking.queries import safety as safety_queries
from services.booking.queries import visits
from services.booking.routes.line import on_site
from services.booking.schemas.bench import (
    BenchTicketSchema,
    HandBackRequest,
    LimitsListSchema,
    LimitsRequest,
    LimitsSchema,
    PartRequest,
    PowerRequest,
    RepairCodesSchema,
    SafetyTestSchema,
    TestRequest,
    WorkRequest,
)
from services.booking.schemas.visits import PartSchema, TicketSchema
from services.booking.use_cases import hand_back as hand_backs
from services.booking.use_cases import safety, work
from shared.auth import ON_SITE, SIGNED_IN, STAFF, Person, current_person
from shared.http import Blueprint, etag, expected_version, once, reading, reply, transaction

BLUEPRINT = Blueprint("bench", __name__, description="What is written down at the bench")
ACCESS = {
    "bench.show": ON_SITE,
    "bench.repair_codes": SIGNED_IN,
    "bench.record_work": ON_SITE,
    "bench.add_part": ON_SITE,
    "bench.remove_part": ON_SITE,
    "bench.say_power": ON_SITE,
    "bench.record_test": ON_SITE,
    "bench.hand_back": ON_SITE,
    "bench.take_back": ON_SITE,
    "bench.show_limits": ON_SITE,
    "bench.set_limits": STAFF,
}
DETAIL, TICKET, PART, TEST = BenchTicketSchema(), TicketSchema(), PartSchema(), SafetyTestSchema()
READINGS = (
    "protection_class", "visual_ok", "polarity", "earth_ohm", "insulation_mohm",
    "insulation_omitted", "leakage_ma",
)  # fmt: skip


@BLUEPRINT.get("/repair-codes")
@BLUEPRINT.response(200, RepairCodesSchema)
def repair_codes() -> dict[str, Any]:
    """List the findings and actions to choose from, in both languages."""
    return queries.offered()


@BLUEPRINT.get("/tickets/<uuid:id>")
@BLUEPRINT.response(200, BenchTicketSchema)
def show(id: UUID) -> Response:
    """Show a device with everything that was written down; the ETag is that of its findings."""
    with reading() as session:
        ticket, person = _at(session, id)
        shown = DETAIL.dump(queries.bench_ticket(session, ticket, person.id))
        return reply(shown, 200, etag(ticket.work_version))


@BLUEPRINT.put("/tickets/<uuid:id>/work")
@BLUEPRINT.arguments(WorkRequest)
@BLUEPRINT.response(200, TicketSchema)
def record_work(given: dict[str, Any], id: UUID) -> Response:
    """Write down what was found and done (If-Match with the ETag of the device)."""
    expected = expected_version()
    with transaction() as session:
        _, person = _at(session, id)
        ticket = work.record_work(
            session, str(id), work.Work(**given), expected=expected, actor_id=person.id
        )
        shown = TICKET.dump(_shown(session, ticket))
    return reply(shown, 200, etag(ticket.work_version))


@BLUEPRINT.post("/tickets/<uuid:id>/parts")
@BLUEPRINT.arguments(PartRequest)
@BLUEPRINT.response(201, PartSchema)
def add_part(given: dict[str, Any], id: UUID) -> Response:
    """Note a part that went in; a cost is the centre's, nobody is charged."""
    part = work.Part(**given)
    return once(lambda s: work.add_part(s, str(id), part, _at(s, id)[1].id), PART)


@BLUEPRINT.delete("/tickets/<uuid:id>/parts/<uuid:part_id>")
@BLUEPRINT.response(204)
def remove_part(id: UUID, part_id: UUID) -> None:
    """Strike a part that did not go in after all."""
    with transaction() as session:
        work.remove_part(session, str(id), str(part_id), _at(session, id)[1].id)


@BLUEPRINT.put("/tickets/<uuid:id>/power")
@BLUEPRINT.arguments(PowerRequest)
@BLUEPRINT.response(200, TicketSchema)
def say_power(given: dict[str, Any], id: UUID) -> Response:
    """Say what the device runs on; battery is for testers and staff to say."""
    with transaction() as session:
        _, person = _at(session, id)
        ticket = safety.say_power(
            session, str(id), given["power"], actor_id=person.id, staff=person.is_staff
        )
        return reply(TICKET.dump(_shown(session, ticket)))


@BLUEPRINT.post("/tickets/<uuid:id>/safety-tests")
@BLUEPRINT.arguments(TestRequest)
@BLUEPRINT.response(201, SafetyTestSchema)
def record_test(given: dict[str, Any], id: UUID) -> Response:
    """Record a safety test (volunteers with the skill); the answer says whether it passed."""
    readings = Readings(**{name: given.pop(name) for name in READINGS})

    def test(session: Session) -> Any:
        _, person = _at(session, id)
        said = given | {"tester_id": given["tester_id"] or person.id}
        record = safety.TestRecord(readings, **said)
        return safety.record_test(
            session, str(id), record, actor_id=person.id, staff=person.is_staff
        )

    return once(test, TEST)


@BLUEPRINT.post("/tickets/<uuid:id>/hand-back")
@BLUEPRINT.arguments(HandBackRequest)
@BLUEPRINT.response(200, TicketSchema)
def hand_back(given: dict[str, Any], id: UUID) -> Response:
    """Give the device back; a mains device only with a passed test, a failed one only disabled."""
    at = given.pop("occurred_at")
    taking = hand_backs.Taking(**given)

    def give(session: Session) -> Any:
        _, person = _at(session, id)
        ticket = hand_backs.hand_back(session, str(id), taking, actor_id=person.id, occurred_at=at)
        return _shown(session, ticket)

    return once(give, TICKET, status=200)


@BLUEPRINT.post("/tickets/<uuid:id>/take-back")
@BLUEPRINT.response(200, TicketSchema)
def take_back(id: UUID) -> Response:
    """Undo a hand-back that was a wrong tap."""
    return once(
        lambda s: _shown(s, hand_backs.take_back(s, str(id), _at(s, id)[1].id)), TICKET, status=200
    )


@BLUEPRINT.get("/safety-limits")
@BLUEPRINT.response(200, LimitsListSchema)
def show_limits() -> Response:
    """List the limits of safety tests, the version that holds now first (its ETag)."""
    with reading() as session:
        versions = [queries.limits_shown(rows) for rows in safety_queries.every_version(session)]
        shown = LimitsListSchema().dump({"items": versions, "skill": SKILL})
        return reply(shown, 200, etag(versions[0]["version"]))


@BLUEPRINT.put("/safety-limits")
@BLUEPRINT.arguments(LimitsRequest)
@BLUEPRINT.response(200, LimitsSchema)
def set_limits(given: dict[str, Any]) -> Response:
    """Add a version of the limits (If-Match); tests that stand keep the limits of their day."""
    expected, source = expected_version(), given["source"]
    rows = {name: given[name] for name in CLASSES}
    with transaction() as session:
        limits = safety.set_limits(session, expected, rows, source, current_person().id)
        shown = queries.limits_shown(list(limits.values()))
        return reply(LimitsSchema().dump(shown), 200, etag(shown["version"]))


def _at(session: Session, id: UUID) -> tuple[Ticket, Person]:
    """Return a device and who asks, if they work where it is; to others there is none."""
    ticket = visits.ticket(session, str(id))
    return ticket, on_site(session, ticket.session_id)


def _shown(session: Session, ticket: Ticket) -> dict[str, Any]:
    number = visits.one(session, ticket.visit_id).number if ticket.visit_id else None
    return visits.with_number(ticket, number)
