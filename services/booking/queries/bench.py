"""Devices as the bench sees them: one with its work, parts and tests; those that have not gone home yet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.hand_back import HandBack
from services.booking.models.helper import HELPING, Helper
from services.booking.models.repair_codes import BY_KIND, CODES, DONE, FOUND, RepairCode
from services.booking.models.safety import SKILL, SafetyLimit
from services.booking.models.skill import VolunteerSkills
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.models.work import PartUsed, TicketCode
from services.booking.queries import safety, visits

MOST_STAYING = 200
ORDER = {one.code: place for place, one in enumerate(CODES)}


def bench_ticket(session: Session, ticket: Ticket, person_id: str) -> dict[str, Any]:
    """Return everything the bench shows of a device to the person who asks."""
    visit = visits.one(session, ticket.visit_id) if ticket.visit_id else None
    siblings = visits.devices_of(session, [visit.id])[visit.id] if visit else []
    number = visit.number if visit else None
    testers = testers_of(session, ticket.session_id)
    return (
        visits.with_number(ticket, number)
        | work_of(session, ticket.id)
        | {
            "session_id": ticket.session_id,
            "person_id": ticket.person_id,
            "name": visit.name or None if visit else None,
            "visit_state": visit.state if visit else None,
            "visit_bench": visit.bench if visit else None,
            "work_version": ticket.work_version,
            "tests": safety.tests_of(session, ticket.id),
            "hand_back": standing(session, ticket.id),
            "siblings": [visits.with_number(one, number) for one in siblings],
            "may_test": safety.has_skill(session, person_id, SKILL),
            "testers": testers,
            "instrument": safety.last_instrument(session, ticket.session_id, person_id),
        }
    )


def staying(session: Session, session_id: str) -> list[dict[str, Any]]:
    """Return the devices of a session that have an outcome and are still here, the longest first."""
    here = (Ticket.session_id == session_id) & (Ticket.state == "closed")
    statement = (
        select(Ticket, Visit.number)
        .join(Visit, Visit.id == Ticket.visit_id)
        .where(here, Ticket.handed_back.is_(None))
        .order_by(Ticket.closed_at.desc(), Ticket.id)
        .limit(MOST_STAYING)
    )
    found = session.execute(statement).all()
    return [visits.with_number(ticket, number) for ticket, number in reversed(found)]


def for_owner(
    session: Session, tickets: Sequence[Ticket], number: str | None
) -> list[dict[str, Any]]:
    """Return devices as their owner reads of them: with what was found, done and put in."""
    closed = [one.id for one in tickets if one.state == "closed"]
    works = {id: work_of(session, id) for id in closed}
    nothing: dict[str, Any] = {"findings": [], "actions": [], "parts": []}
    return [visits.with_number(one, number) | works.get(one.id, nothing) for one in tickets]


def work_of(session: Session, ticket_id: str) -> dict[str, Any]:
    """Return what was found, done and used on a device."""
    mine = select(TicketCode.kind, TicketCode.code).where(TicketCode.ticket_id == ticket_id)
    found: dict[str, list[RepairCode]] = {FOUND: [], DONE: []}
    for kind, code in session.execute(mine):
        found[kind].append(BY_KIND[kind][code])
    parts = select(PartUsed).where(PartUsed.ticket_id == ticket_id)
    return {
        "findings": codes_shown(found[FOUND]),
        "actions": codes_shown(found[DONE]),
        "parts": list(session.scalars(parts.order_by(PartUsed.recorded_at, PartUsed.id))),
    }


def codes_shown(codes: list[RepairCode]) -> list[dict[str, Any]]:
    """Return codes with their words, in the order of the list."""
    return [
        {
            "kind": one.kind,
            "code": one.code,
            "name": {"zh": one.zh, "en": one.en},
            "said": {"zh": one.said_zh, "en": one.said_en},
        }
        for one in sorted(codes, key=lambda one: ORDER[one.code])
    ]


def offered() -> dict[str, Any]:
    """Return the two lists to choose from."""
    lists = {FOUND: "findings", DONE: "actions"}
    return {
        name: codes_shown([one for one in BY_KIND[kind].values() if one.offered])
        for kind, name in lists.items()
    }


def standing(session: Session, ticket_id: str) -> HandBack | None:
    """Return how a device went home, None while it is here."""
    stands = (HandBack.ticket_id == ticket_id) & HandBack.undone_at.is_(None)
    return session.scalars(select(HandBack).where(stands)).one_or_none()


def testers_of(session: Session, session_id: str) -> list[str]:
    """Return who has a shift in this session and the skill for safety tests."""
    here = select(Helper.person_id).where(
        Helper.session_id == session_id, Helper.state.in_(HELPING)
    )
    skilled = select(VolunteerSkills).where(VolunteerSkills.person_id.in_(here))
    rows = session.scalars(skilled.order_by(VolunteerSkills.person_id))
    return [row.person_id for row in rows if SKILL in row.skills]


def limits_shown(rows: list[SafetyLimit]) -> dict[str, Any]:
    """Return one version of the limits."""
    names = ("version", "source", "created_by", "created_at")
    classes = {
        row.protection_class: {
            "earth_ohm": row.earth_ohm,
            "insulation_mohm": row.insulation_mohm,
            "leakage_ma": row.leakage_ma,
        }
        for row in rows
    }
    return {name: getattr(rows[0], name) for name in names} | {"classes": classes}
