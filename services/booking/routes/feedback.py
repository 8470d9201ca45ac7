"""Whether repairs hold, over HTTP: the owner's answer, what coordinators read, reworks, the memory."""

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.models.feedback import Feedback
from services.booking.models.ticket import Ticket
from services.booking.queries import feedback as queries
from services.booking.queries import memory, reworks, visits
from services.booking.routes.line import holds_key, on_site
from services.booking.schemas.feedback import (
    AnswerPage,
    EarliersSchema,
    FeedbackQuery,
    FeedbackRequest,
    FeedbackSchema,
    HoldsSummarySchema,
    MemorySchema,
    ReworkQuery,
    SummaryQuery,
)
from services.booking.schemas.visits import KeyQuery
from services.booking.use_cases import feedback as use_cases
from shared.auth import ANYONE, ON_SITE, SIGNED_IN, STAFF, current_person, maybe_person
from shared.errors import Forbidden, NotFound
from shared.http import Blueprint, once, reading, transaction
from shared.rate_limit import spend

BLUEPRINT = Blueprint("feedback", __name__, description="Whether repairs hold")
ACCESS = {
    "feedback.show": ANYONE,
    "feedback.answer": ANYONE,
    "feedback.withdraw": ANYONE,
    "feedback.answers": STAFF,
    "feedback.summary": STAFF,
    "feedback.strike": STAFF,
    "feedback.earlier": SIGNED_IN,
    "feedback.remembered": ON_SITE,
}
SHAPE = FeedbackSchema()


@BLUEPRINT.get("/tickets/<uuid:id>/feedback")
@BLUEPRINT.arguments(KeyQuery, location="query")
@BLUEPRINT.response(200, FeedbackSchema)
def show(given: dict[str, Any], id: UUID) -> Any:
    """Show an owner their answer (by account, or by the key of their link)."""
    with reading() as session:
        return _shown(session, _own(session, id, given["key"])[0])


@BLUEPRINT.post("/tickets/<uuid:id>/feedback")
@BLUEPRINT.arguments(FeedbackRequest)
@BLUEPRINT.response(200, FeedbackSchema)
def answer(given: dict[str, Any], id: UUID) -> Response:
    """Say whether it still works; saying it again changes it."""
    _patiently(id, given["key"])

    def work(session: Session) -> Any:
        ticket, actor = _own(session, id, given["key"])
        use_cases.answer(session, ticket, given["works"], given["words"], actor)
        return _shown(session, ticket)

    return once(work, SHAPE, status=200)


@BLUEPRINT.delete("/tickets/<uuid:id>/feedback")
@BLUEPRINT.arguments(KeyQuery, location="query")
@BLUEPRINT.response(204)
def withdraw(given: dict[str, Any], id: UUID) -> None:
    """Take one's answer back."""
    with transaction() as session:
        ticket, actor = _own(session, id, given["key"])
        use_cases.withdraw(session, ticket.id, actor)


@BLUEPRINT.get("/feedback")
@BLUEPRINT.arguments(FeedbackQuery, location="query")
@BLUEPRINT.response(200, AnswerPage)
def answers(given: dict[str, Any]) -> Any:
    """List what owners said."""
    with reading() as session:
        return queries.answers(session, **given)


@BLUEPRINT.get("/feedback/summary")
@BLUEPRINT.arguments(SummaryQuery, location="query")
@BLUEPRINT.response(200, HoldsSummarySchema)
def summary(given: dict[str, Any]) -> Any:
    """Say what share still works, and how many came back."""
    with reading() as session:
        return queries.summary(session, given["since"])


@BLUEPRINT.delete("/feedback/<uuid:id>/words")
@BLUEPRINT.response(204)
def strike(id: UUID) -> None:
    """Remove words that should not stand."""
    with transaction() as session:
        use_cases.strike_words(session, str(id), current_person().id)


@BLUEPRINT.get("/reworks")
@BLUEPRINT.arguments(ReworkQuery, location="query")
@BLUEPRINT.response(200, EarliersSchema)
def earlier(given: dict[str, Any]) -> Any:
    """List earlier repairs that a device can be back from: one's own; the desk asks for others."""
    person = current_person()
    others = given["number"] or given["person_id"] not in (None, person.id)
    if others and not (person.roles & ON_SITE):
        raise Forbidden
    mine = None if given["number"] else person.id
    with reading() as session:
        found = reworks.earlier_repairs(
            session, person_id=given["person_id"] or mine, number=given["number"]
        )
        return {"items": found}


@BLUEPRINT.get("/tickets/<uuid:id>/memory")
@BLUEPRINT.response(200, MemorySchema)
def remembered(id: UUID) -> Any:
    """Say what was found before on such a device (staff, and volunteers with a shift here)."""
    with reading() as session:
        ticket = visits.ticket(session, str(id))
        on_site(session, ticket.session_id)
        return memory.memory_of(session, ticket)


def _own(session: Session, id: UUID, key: str | None) -> tuple[Ticket, str]:
    """Return a device to its owner and who asks; to everybody else, the desk too, there is none."""
    ticket = visits.ticket(session, str(id))
    person = maybe_person()
    if person is not None and ticket.person_id == person.id:
        return ticket, person.id
    if ticket.visit_id is None or key is None:
        raise NotFound
    visit = visits.one(session, ticket.visit_id)
    if not holds_key(visit, key):
        raise NotFound
    return ticket, person.id if person else "-"


def _patiently(id: UUID, key: str | None) -> None:
    with reading() as session:
        _own(session, id, key)
    with transaction() as session:
        spend(session, "feedback", str(id), capacity=10, per_seconds=3600)


def _shown(session: Session, ticket: Ticket) -> dict[str, Any]:
    row = session.get(Feedback, ticket.id, populate_existing=True)
    number = visits.one(session, ticket.visit_id).number if ticket.visit_id else None
    return queries.shown(ticket, row, number)
