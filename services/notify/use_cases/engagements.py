"""Keeping people's parts in sessions, and telling them what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.notify.models import Engagement, SessionCopy
from services.notify.models.copies import APPOINTMENT, ASSIGNMENT, ENROLMENT
from services.notify.use_cases.sessions import SESSION_IS_OFF, known_session, tell_cancelled
from services.notify.use_cases.telling import remind, tell_about
from shared.clock import iso, parse
from shared.database import upsert_by_version

APPOINTMENT_NEWS = {
    "booked": "appointment_booked",
    "moved": "appointment_moved",
    "cancelled": "appointment_cancelled",
    "displaced": "appointment_displaced",
}
ENROLMENT_NEWS = {
    "enrolled": "enrolled",
    "waitlisted": "waitlisted",
    "promoted": "promoted",
    "left": "enrolment_left",
}
EXPECTED_STATES = {
    "booked": ("booked",),
    "moved": ("booked", "arrived"),
    "cancelled": ("cancelled",),
    "displaced": ("booked", "cancelled"),
    "enrolled": ("enrolled",),
    "waitlisted": ("waitlisted",),
    "promoted": ("enrolled",),
    "left": ("left",),
}


def keep_appointment(
    session: Session, verb: str, id: str, version: int, data: dict[str, Any]
) -> None:
    """Keep an appointment; tell the person when it was booked, moved or cancelled."""
    of = known_session(session, data["session_id"])
    part = _keep(session, APPOINTMENT, id, version, data)
    if part is None or verb not in APPOINTMENT_NEWS or part.state not in EXPECTED_STATES[verb]:
        return
    if verb == "cancelled" and part.by == "session" and _session_is_off(session, part, of):
        return
    if verb == "cancelled" and part.reason == "absent":
        return  # they hear it of their number
    previous = data.get("previous_starts_at")
    occasion = f"appointment.{verb}:{id}:{version}"
    template = APPOINTMENT_NEWS[verb]
    if verb == "displaced" and part.state == "cancelled":
        template = "appointment_displaced_waiting"
    elif verb == "booked" and data.get("reason") == "draw":
        template = "draw_seated"
    tell_about(session, template, occasion, part, of, previous_starts_at=previous)
    remind(session, part, of)


def keep_enrolment(
    session: Session, verb: str, id: str, version: int, data: dict[str, Any]
) -> None:
    """Keep an enrolment; tell the person when they got a seat, wait for one, moved up or left."""
    of = known_session(session, data["session_id"])
    part = _keep(session, ENROLMENT, id, version, data)
    if part is None or verb not in ENROLMENT_NEWS or part.state not in EXPECTED_STATES[verb]:
        return
    if verb == "left" and part.by == "session" and _session_is_off(session, part, of):
        return
    tell_about(session, ENROLMENT_NEWS[verb], f"enrolment.{verb}:{id}:{version}", part, of)
    remind(session, part, of)


def keep_assignment(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Keep an assignment; tell the volunteer when it was accepted, changed or dropped."""
    of = known_session(session, data["session_id"])
    before = session.get(Engagement, id)
    old = (before.state, before.starts_at, before.ends_at) if before else None
    part = _keep(session, ASSIGNMENT, id, version, data)
    if part is None:
        return
    if part.state == "accepted":
        _tell_of_shift(session, part, of, old)
        remind(session, part, of)
    elif part.state in ("dropped", "released"):
        off = part.by == "session" and _session_is_off(session, part, of)
        if not off and not (old and old[0] == part.state):
            tell_about(session, "shift_dropped", f"shift.dropped:{id}:{version}", part, of)


def _tell_of_shift(
    session: Session,
    part: Engagement,
    of: SessionCopy,
    old: tuple[str, datetime | None, datetime | None] | None,
) -> None:
    if old is None or old[0] != "accepted":
        occasion = f"shift.accepted:{part.id}:{part.version}"
        tell_about(session, "shift_accepted", occasion, part, of)
    elif old[1:] != (part.starts_at, part.ends_at):
        previous = iso(old[1]) if old[1] else None
        occasion = f"shift.changed:{part.id}:{part.version}"
        tell_about(session, "shift_changed", occasion, part, of, previous_starts_at=previous)


def _session_is_off(session: Session, part: Engagement, of: SessionCopy) -> bool:
    """Tell of the session's end instead, if that is why; if its news is still on the way, it will."""
    if of.state == "cancelled":
        tell_cancelled(session, part, of)
        return True
    return part.reason == SESSION_IS_OFF


def _keep(
    session: Session, kind: str, id: str, version: int, data: dict[str, Any]
) -> Engagement | None:
    values = {
        "kind": kind,
        "session_id": data["session_id"],
        "person_id": data["person_id"],
        "starts_at": parse(data["starts_at"]) if data.get("starts_at") else None,
        "ends_at": parse(data["ends_at"]) if data.get("ends_at") else None,
        "state": data["state"],
        "number": data.get("number"),
        "role": data.get("role"),
        "by": data.get("by"),
        "reason": data.get("reason"),
    }
    if not upsert_by_version(session, Engagement, id, version, values):
        return None
    return session.get(Engagement, id, populate_existing=True)
