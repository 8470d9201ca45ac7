"""What booking announces: one function per aggregate, its public state and no personal text."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.draw import Draw, DrawEntry
from services.booking.models.enrolment import Enrolment
from services.booking.models.quiz import Completion
from services.booking.models.slot import Slot
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.models.waitlist import WaitlistEntry
from shared.clock import iso
from shared.outbox import announce


def appointment(
    session: Session, verb: str, row: Appointment, previous_starts_at: datetime | None = None
) -> None:
    """Announce `appointment.<verb>.v1`; verb: booked | moved | cancelled | missed."""
    categories = session.scalars(
        select(Ticket.category_id).where(Ticket.appointment_id == row.id).order_by(Ticket.id)
    ).all()
    data = appointment_data(row, categories, previous_starts_at)
    announce(session, f"appointment.{verb}.v1", row.id, row.version, data)


def appointment_data(
    row: Appointment, categories: Sequence[int], previous_starts_at: datetime | None = None
) -> dict[str, Any]:
    """Return the public state of an appointment."""
    return {
        "id": row.id,
        "session_id": row.session_id,
        "slot_id": row.slot_id,
        "person_id": row.person_id,
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
        "devices": row.devices,
        "categories": sorted(categories),
        "state": row.state,
        "number": row.number,
        "previous_starts_at": iso(previous_starts_at) if previous_starts_at else None,
        "by": row.by,
        "reason": row.reason,
    }


def displaced(
    session: Session,
    row: Appointment,
    previous_starts_at: datetime,
    previous_session_id: str,
    *,
    waitlisted: bool = False,
) -> None:
    """Announce `appointment.displaced.v1`: a place elsewhere, or (cancelled) none for now."""
    categories = session.scalars(
        select(Ticket.category_id).where(Ticket.appointment_id == row.id).order_by(Ticket.id)
    ).all()
    more = {"previous_session_id": previous_session_id, "waitlisted": waitlisted}
    data = appointment_data(row, categories, previous_starts_at) | more
    announce(session, "appointment.displaced.v1", row.id, row.version, data)


def draw_entry(session: Session, row: DrawEntry, among: int) -> None:
    """Announce `draw.decided.v1`: somebody who drew no place, and how they stand now."""
    data: dict[str, Any] = {
        "id": row.id,
        "session_id": row.session_id,
        "person_id": row.person_id,
        "state": row.state,
        "position": row.position,
        "entries": among,
    }
    announce(session, "draw.decided.v1", row.id, row.version, data)


def draw_made(session: Session, draw: Draw, entries: Sequence[DrawEntry]) -> None:
    """Announce `draw.made.v1`: the seed, its hash and how many took part; no person is in it."""
    data: dict[str, Any] = {
        "session_id": draw.session_id,
        "seed_hash": draw.seed_hash,
        "seed": draw.seed,
        "drawn_at": iso(draw.drawn_at) if draw.drawn_at else None,
        "entries": len(entries),
        "seated": sum(entry.state == "seated" for entry in entries),
    }
    announce(session, "draw.made.v1", f"draw:{draw.session_id}", 1, data)


def enrolment(session: Session, verb: str, row: Enrolment, place: int | None = None) -> None:
    """Announce `enrolment.<verb>.v1`; verb: enrolled | waitlisted | promoted | left | attended.

    `place` is the 1-based place on the waitlist, where the person stands on it.
    """
    data: dict[str, Any] = {
        "id": row.id,
        "session_id": row.session_id,
        "person_id": row.person_id,
        "state": row.state,
        "rank": place,
        "by": row.by,
    }
    announce(session, f"enrolment.{verb}.v1", row.id, row.version, data)


def training(session: Session, row: Completion, enrolment: Enrolment, offering_id: str) -> None:
    """Announce `training.completed.v1`: completed, or withdrawn with the mark of attendance."""
    data: dict[str, object] = {
        "id": row.id,
        "person_id": enrolment.person_id,
        "offering_id": offering_id,
        "session_id": enrolment.session_id,
        "state": row.state,
    }
    announce(session, "training.completed.v1", f"training:{row.id}", row.version, data)


def waitlist(
    session: Session,
    verb: str,
    row: WaitlistEntry,
    place: int | None,
    slot: Slot | None = None,
    *,
    pair: str | None = None,
) -> None:
    """Announce `waitlist.<verb>.v1`; verb: joined | offered | left.

    *joined* also says that somebody waits on after an offer they did not want, or that they wait
    with somebody from now on, or alone again (`pair`: formed | ended); *left* that the place
    on the list has ended (state: claimed, expired, left, ended, over). `place` is 1-based.
    """
    data: dict[str, object] = {
        "id": row.id,
        "session_id": row.session_id,
        "person_id": row.person_id,
        "devices": row.devices,
        "state": row.state,
        "place": place,
        "slot_id": row.slot_id,
        "starts_at": iso(slot.starts_at) if slot else None,
        "ends_at": iso(slot.ends_at) if slot else None,
        "expires_at": iso(row.expires_at) if row.expires_at else None,
        "by": row.by,
        "first_time": row.version == 1,
        "together": row.pair_id is not None,
        "pair": pair,
    }
    announce(session, f"waitlist.{verb}.v1", row.id, row.version, data)


def visit(
    session: Session, verb: str, row: Visit, keeps_turn_until: datetime | None = None
) -> None:
    """Announce `visit.<verb>.v1`; verb: arrived | called | closed.

    *arrived* also says that somebody came back in line or to a bench, or went to another line;
    *closed* that a place in the line ended for now (state: closed, absent, left or paused).
    """
    data: dict[str, object] = {
        "id": row.id,
        "session_id": row.session_id,
        "appointment_id": row.appointment_id,
        "person_id": row.person_id,
        "number": row.number,
        "bench": row.bench,
        "state": row.state,
        "calls": row.calls,
        "called_at": iso(row.called_at) if row.called_at else None,
        "keeps_turn_until": iso(keeps_turn_until) if keeps_turn_until else None,
        "ended_by": row.ended_by,
    }
    announce(session, f"visit.{verb}.v1", row.id, row.version, data)


def ticket(session: Session, verb: str, row: Ticket, number: str) -> None:
    """Announce `ticket.<verb>.v1`; verb: started | closed | tested | handed_back; `number`: the visit's.

    *started* with the state waiting says that a start was undone, *handed_back* with `handed_back`
    null that a hand-back was.
    """
    data: dict[str, object] = {
        "id": row.id,
        "visit_id": row.visit_id,
        "session_id": row.session_id,
        "person_id": row.person_id,
        "volunteer_id": row.volunteer_id,
        "number": number,
        "category_id": row.category_id,
        "status": row.status,
        "barrier": row.barrier,
        "bench": row.bench,
        "started_at": iso(row.started_at) if row.started_at else None,
        "closed_at": iso(row.closed_at) if row.closed_at else None,
        "state": row.state,
        "power": row.power,
        "safety": row.safety,
        "handed_back": row.handed_back,
        "handed_back_at": iso(row.handed_back_at) if row.handed_back_at else None,
    }
    announce(session, f"ticket.{verb}.v1", row.id, row.version, data)
