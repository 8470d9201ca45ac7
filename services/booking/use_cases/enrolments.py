"""Enrolling for a training or service, the waitlist that moves up, attendance.

The session's row is locked first, always: it is what becomes scarcer here, and the order of the
waitlist hangs on it.
"""

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.enrolment import SEATED, Enrolment
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.window import refuse_closed
from services.booking.use_cases.completing import settle
from shared import audit
from shared.database import one_row, suite_time
from shared.errors import NotFound
from shared.ids import new_id


def enrol(
    session: Session, session_id: str, person_id: str, actor_id: str, *, staff: bool
) -> Enrolment:
    """Take a seat, or the last place of the waitlist when none is free (or given out yet)."""
    row = _locked(session, session_id)
    if row.state != "published":
        raise errors.SessionCancelled
    if row.is_repair:
        raise errors.NoSeatsHere
    refuse_closed(suite_time(session), row.starts_at, row, staff=staff)
    seated = not row.held_back and _take_seat(session, row)
    enrolment = Enrolment(
        id=new_id(),
        session_id=session_id,
        person_id=person_id,
        state="enrolled" if seated else "waitlisted",
        rank=None if seated else row.next_rank,
        by="self" if actor_id == person_id else "staff",
        created_at=suite_time(session),
        version=1,
    )
    session.add(enrolment)
    if not seated:
        row.next_rank += 1
    try:
        session.flush()
    except IntegrityError as error:
        raise explained(error) from error
    verb = "enrolled" if seated else "waitlisted"
    events.enrolment(session, verb, enrolment, place(session, enrolment))
    audit.record(session, actor_id, "enrolment.enrol", enrolment.id)
    touch(session, session_id)
    return enrolment


def leave(session: Session, id: str, actor_id: str, *, staff: bool) -> Enrolment:
    """Give the seat or the waitlist place back; who waits longest moves up at once."""
    known = visible(session, id, actor_id, staff=staff)
    row = _locked(session, known.session_id)
    session.refresh(known)
    if known.state not in ("enrolled", "waitlisted"):
        raise errors.NotLive
    if not staff and row.starts_at <= suite_time(session):
        raise errors.SessionStarted
    _end(session, known, by="self" if actor_id == known.person_id else "staff", reason=None)
    promote(session, row)
    audit.record(session, actor_id, "enrolment.leave", id)
    touch(session, row.id)
    return known


def mark_attendance(session: Session, id: str, state: str, actor_id: str) -> Enrolment:
    """Say whether somebody with a seat came: attended | absent | enrolled (not known yet)."""
    enrolment = session.get(Enrolment, id)
    if enrolment is None:
        raise NotFound
    if enrolment.state == state:
        return enrolment
    statement = (
        update(Enrolment)
        .where(Enrolment.id == id, Enrolment.state.in_(SEATED))
        .values(state=state, by="staff", version=Enrolment.version + 1)
        .execution_options(synchronize_session=False)
    )
    one_row(session.execute(statement), errors.NotSeated())
    session.refresh(enrolment)
    events.enrolment(session, "attended", enrolment)
    settle(session, enrolment)
    audit.record(session, actor_id, f"enrolment.{state}", id)
    touch(session, enrolment.session_id)
    return enrolment


def promote(session: Session, row: ServiceSession) -> list[Enrolment]:
    """Move the waitlist up into the free seats of a locked session, while that is of use."""
    promoted: list[Enrolment] = []
    if row.state != "published" or row.held_back or row.starts_at <= suite_time(session):
        return promoted
    for enrolment in session.scalars(_waitlist(row.id).limit(max(0, row.seats - row.enrolled))):
        if not _take_seat(session, row):
            break
        enrolment.state, enrolment.rank = "enrolled", None
        enrolment.version += 1
        session.flush()
        events.enrolment(session, "promoted", enrolment)
        promoted.append(enrolment)
    return promoted


def end_all(session: Session, row: ServiceSession) -> None:
    """Let everybody go from a (locked) session that was cancelled."""
    standing = select(Enrolment).where(
        Enrolment.session_id == row.id, Enrolment.state.in_(("enrolled", "waitlisted"))
    )
    for enrolment in session.scalars(standing.order_by(Enrolment.created_at, Enrolment.id)):
        _end(session, enrolment, by="session", reason="session_cancelled")


def end(session: Session, enrolment: Enrolment, *, by: str, reason: str) -> None:
    """End one enrolment whatever the hour (erasure); the waitlist moves up."""
    row = _locked(session, enrolment.session_id)
    session.refresh(enrolment)
    if enrolment.state in ("enrolled", "waitlisted"):
        _end(session, enrolment, by=by, reason=reason)
        promote(session, row)


def place(session: Session, enrolment: Enrolment) -> int | None:
    """Return the 1-based place on the waitlist, None for who does not stand on it."""
    if enrolment.rank is None:
        return None
    before = select(func.count()).where(
        Enrolment.session_id == enrolment.session_id,
        Enrolment.state == "waitlisted",
        Enrolment.rank <= enrolment.rank,
    )
    return session.execute(before).scalar_one()


def visible(session: Session, id: str, actor_id: str, *, staff: bool) -> Enrolment:
    """Return an enrolment to its owner and to staff; to everybody else there is none."""
    enrolment = session.get(Enrolment, id)
    if enrolment is None or not (staff or enrolment.person_id == actor_id):
        raise NotFound
    return enrolment


def explained(error: IntegrityError) -> Exception:
    """Return the rule that a constraint stands for; the error itself where it is none of ours."""
    said = str(error.orig)
    if "uq_enrolment_live" in said or "enrolment.person_id, enrolment.session_id" in said:
        return errors.AlreadyEnrolled()
    return error


def _end(session: Session, enrolment: Enrolment, *, by: str, reason: str | None) -> None:
    if enrolment.state == "enrolled":
        session.execute(
            update(ServiceSession)
            .where(ServiceSession.id == enrolment.session_id)
            .values(enrolled=ServiceSession.enrolled - 1)
            .execution_options(synchronize_session="fetch")
        )
    enrolment.state, enrolment.rank, enrolment.by = "left", None, by
    enrolment.reason = reason
    enrolment.version += 1
    session.flush()
    events.enrolment(session, "left", enrolment)


def _take_seat(session: Session, row: ServiceSession) -> bool:
    taken = session.execute(
        update(ServiceSession)
        .where(ServiceSession.id == row.id, ServiceSession.enrolled < ServiceSession.seats)
        .values(enrolled=ServiceSession.enrolled + 1)
        .execution_options(synchronize_session="fetch")
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]  # DML gives a cursor


def _waitlist(session_id: str) -> Select[tuple[Enrolment]]:
    return (
        select(Enrolment)
        .where(Enrolment.session_id == session_id, Enrolment.state == "waitlisted")
        .order_by(Enrolment.rank)
    )


def _locked(session: Session, session_id: str) -> ServiceSession:
    statement = (
        select(ServiceSession)
        .where(ServiceSession.id == session_id)
        .with_for_update(key_share=True)
    )
    row = session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        raise NotFound
    return row
