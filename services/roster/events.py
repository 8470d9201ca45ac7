"""What the roster announces: assignments, staffing of a session, hours. Ids only, no names."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.roster.models import Assignment, HelpAsk, Hours, Objection, Offer, Shift
from services.roster.models.record import ServiceRecord
from services.roster.models.staffing import Interval
from shared.clock import iso
from shared.outbox import announce

SHIFT_ACCEPTED = "shift.accepted.v1"
SHIFT_DROPPED = "shift.dropped.v1"
SHIFT_ATTENDED = "shift.attended.v1"
SHIFT_OFFERED = "shift.offered.v1"
OFFER_CLOSED = "shift.offer_closed.v1"
HELP_ASKED = "help.asked.v1"
HELP_CLOSED = "help.closed.v1"
STAFFING_CHANGED = "staffing.changed.v1"
HOURS_RECORDED = "hours.recorded.v1"
HOURS_CORRECTED = "hours.corrected.v1"
OBJECTION_RAISED = "objection.raised.v1"
OBJECTION_DECIDED = "objection.decided.v1"
RECORD_ISSUED = "record.issued.v1"
RECORD_REVOKED = "record.revoked.v1"
SKILL_GRANTED = "skill.granted.v1"
SKILL_REVOKED = "skill.revoked.v1"
ANNOUNCED = (
    SHIFT_ACCEPTED,
    SHIFT_DROPPED,
    SHIFT_ATTENDED,
    SHIFT_OFFERED,
    OFFER_CLOSED,
    HELP_ASKED,
    HELP_CLOSED,
    STAFFING_CHANGED,
    HOURS_RECORDED,
    HOURS_CORRECTED,
    OBJECTION_RAISED,
    OBJECTION_DECIDED,
    RECORD_ISSUED,
    RECORD_REVOKED,
    SKILL_GRANTED,
    SKILL_REVOKED,
)


def assignment(session: Session, type: str, row: Assignment, shift: Shift) -> None:
    """Announce the public state of an assignment after a change."""
    announce(session, type, row.id, row.version, assignment_data(row, shift))


def assignment_data(row: Assignment, shift: Shift) -> dict[str, object]:
    """Return what others may know of an assignment."""
    return {
        "assignment_id": row.id,
        "shift_id": row.shift_id,
        "session_id": row.session_id,
        "person_id": row.person_id,
        "role": shift.role,
        "skill": shift.skill,
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
        "state": row.state,
        "checked_in_at": iso(row.checked_in_at) if row.checked_in_at else None,
        "checked_out_at": iso(row.checked_out_at) if row.checked_out_at else None,
        "by": row.changed_by,
    }


def offer(session: Session, row: Offer, shift: Shift) -> None:
    """Announce that somebody is asked for a shift, or what became of it."""
    data: dict[str, object] = {
        "offer_id": row.id,
        "shift_id": row.shift_id,
        "session_id": row.session_id,
        "person_id": row.person_id,
        "role": shift.role,
        "skill": shift.skill,
        "starts_at": iso(shift.starts_at),
        "ends_at": iso(shift.ends_at),
        "state": row.state,
        "holds": row.holds,
        "stand_in": row.instead_of is not None,
        "in_return": _in_return(row.returned) if row.returned else None,
        "expires_at": iso(row.expires_at),
    }
    type = SHIFT_OFFERED if row.state == "offered" else OFFER_CLOSED
    announce(session, type, row.id, row.version, data)


def _in_return(row: Assignment) -> dict[str, object]:
    return {
        "assignment_id": row.id,
        "session_id": row.session_id,
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
    }


def help_ask(session: Session, row: HelpAsk) -> None:
    """Announce that somebody is asked to come and help now, or what became of it."""
    call, shift = row.call, row.call.shift
    data: dict[str, object] = {
        "ask_id": row.id,
        "call_id": row.call_id,
        "shift_id": call.shift_id,
        "session_id": call.session_id,
        "person_id": row.person_id,
        "role": shift.role,
        "skill": shift.skill,
        "starts_at": iso(max(row.asked_at, shift.starts_at)),
        "ends_at": iso(shift.ends_at),
        "state": row.state,
        "expires_at": iso(call.ends_at),
    }
    type = HELP_ASKED if row.state == "asked" else HELP_CLOSED
    announce(session, type, row.id, row.version, data)


def staffing(
    session: Session, session_id: str, version: int, intervals: Sequence[Interval]
) -> None:
    """Announce how a session is staffed, per stretch of time and skill."""
    rows = [
        {
            "starts_at": iso(interval.starts_at),
            "ends_at": iso(interval.ends_at),
            "skill": interval.skill,
            "accepted": interval.accepted,
            "present": interval.present,
            "needed": interval.needed,
        }
        for interval in intervals
    ]
    data: dict[str, object] = {"session_id": session_id, "intervals": rows}
    announce(session, STAFFING_CHANGED, session_id, version, data)


def hours(session: Session, row: Hours) -> None:
    """Announce the minutes that an assignment served."""
    announce(session, HOURS_RECORDED, row.assignment_id, row.version, _hours_data(row))


def corrected(session: Session, row: Hours, had: int) -> None:
    """Announce that a coordinator put the minutes of an assignment right, which ``had`` others before.

    Why stands in the ledger only: it is typed by a person.
    """
    data = {**_hours_data(row), "minutes_before": had}
    announce(session, HOURS_CORRECTED, row.assignment_id, row.version, data)


def _hours_data(row: Hours) -> dict[str, object]:
    return {
        "assignment_id": row.assignment_id,
        "session_id": row.session_id,
        "person_id": row.person_id,
        "minutes": row.minutes,
        "checked_in_at": iso(row.checked_in_at),
        "checked_out_at": iso(row.checked_out_at),
    }


def objection(session: Session, row: Objection, session_id: str) -> None:
    """Announce an objection, or what was decided about it; the words stay here."""
    raised = row.decided_at is None
    data: dict[str, object] = {
        "objection_id": row.id,
        "assignment_id": row.assignment_id,
        "session_id": session_id,
        "person_id": row.person_id,
        "about": "hours" if row.about else "absence",
        "state": row.state,
    }
    type = OBJECTION_RAISED if raised else OBJECTION_DECIDED
    announce(session, type, row.id, 1 if raised else 2, data)


def record_issued(session: Session, row: ServiceRecord, *, replaces: str | None) -> None:
    """Announce a new record of service hours, and the one that it replaces, if any."""
    announce(session, RECORD_ISSUED, row.id, 1, {**_record_data(row), "replaces": replaces})


def record_revoked(session: Session, row: ServiceRecord) -> None:
    """Announce that a record does not hold any more; why stands in the roster only."""
    announce(session, RECORD_REVOKED, row.id, 2, _record_data(row))


def _record_data(row: ServiceRecord) -> dict[str, object]:
    return {
        "record_id": row.id,
        "person_id": row.person_id,
        "number": row.number,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "minutes": row.minutes,
    }


def skills(session: Session, person_id: str, version: int, held: set[str], had: set[str]) -> None:
    """Announce which skills somebody has now: `granted` if any is new, else `revoked`."""
    data: dict[str, object] = {
        "person_id": person_id,
        "skills": sorted(held),
        "granted": sorted(held - had),
        "revoked": sorted(had - held),
    }
    type = SKILL_GRANTED if held - had else SKILL_REVOKED
    announce(session, type, person_id, version, data)
