"""What booking forgets when a person asks to be forgotten: words and pictures, not the counts."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.enrolment import Enrolment
from services.booking.models.photo import Photo
from services.booking.models.policy import PersonCount, WaiverAccepted
from services.booking.models.quiz import QuizAttempt
from services.booking.models.risk import DroppedShift
from services.booking.models.ticket import Ticket
from services.booking.models.waitlist import LIVE as WAITING
from services.booking.models.waitlist import WaitlistEntry
from services.booking.use_cases import (
    custody,
    draws,
    ending,
    enrolments,
    hand_back,
    helpers,
    limits,
    waitlist,
)
from services.booking.use_cases.appointments import give_up
from services.booking.use_cases.waitlist_offers import promote
from shared.database import suite_time

ERASED = "person_erased"


def forget_person(session: Session, person_id: str) -> None:
    """Cancel what is ahead, blank what the person typed, let the photos go at the next purge.

    Enrolments are ended before slots are touched: the session's row is locked first, and the
    person's counters before that.
    """
    limits.lock(session, [person_id])
    ahead = select(Enrolment).where(
        Enrolment.person_id == person_id, Enrolment.state.in_(("enrolled", "waitlisted"))
    )
    for enrolment in session.scalars(ahead.order_by(Enrolment.session_id)).all():
        enrolments.end(session, enrolment, by="self", reason=ERASED)
    booked = select(Appointment).where(
        Appointment.person_id == person_id, Appointment.state == "booked"
    )
    waits = select(WaitlistEntry).where(
        WaitlistEntry.person_id == person_id, WaitlistEntry.state.in_(WAITING)
    )
    ahead_of_us = session.scalars(booked.order_by(Appointment.slot_id)).all()
    entries = session.scalars(waits).all()
    where = {one.session_id for one in ahead_of_us} | {one.session_id for one in entries}
    rows = [waitlist.locked(session, id) for id in sorted(where)]
    for appointment in ahead_of_us:
        give_up(session, appointment, by="self", reason=ERASED)
    for entry in entries:
        waitlist.end(session, entry, "left")
    for row in rows:
        promote(session, row)
    ending.forget_person(session, person_id)
    draws.forget_person(session, person_id)
    hand_back.forget_person(session, person_id)
    helpers.forget_person(session, person_id)
    for table in (DroppedShift, PersonCount, WaiverAccepted, QuizAttempt):
        session.execute(delete(table).where(table.person_id == person_id))
    custody.forget_person(session, person_id)
    words = {"brand": "", "problem": "", "photo_id": None}
    session.execute(update(Ticket).where(Ticket.person_id == person_id).values(**words))
    over = suite_time(session)
    session.execute(update(Photo).where(Photo.owner_id == person_id).values(purge_after=over))
