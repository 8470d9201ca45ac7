"""Deciding, at the moment of sending, whether a message still makes sense."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.notify.models import Contact, Delivery, Engagement, Preference, SessionCopy, Visit
from services.notify.models.copies import APPOINTMENT
from services.notify.models.delivery import MAIL
from services.notify.use_cases.custody import pick_up_is_off
from services.notify.use_cases.telling import describe, starts_of
from services.notify.use_cases.visits import CALLED, STATES
from shared.clock import now

FETCHING = {"custody_ready", "custody_reminder"}
GOOD_NEWS = {
    "appointment_booked",
    "appointment_moved",
    "appointment_displaced",
    "draw_seated",
    "enrolled",
    "waitlisted",
    "promoted",
    "shift_accepted",
    "shift_changed",
    "session_changed",
}


def reason_not_to(session: Session, delivery: Delivery, contact: Contact | None) -> str | None:
    """Return the code of why ``delivery`` must not go out now, or None when it should."""
    if contact is not None and contact.state == "erased":
        return "erased"
    if delivery.template in FETCHING:
        late = pick_up_is_off(session, delivery)
    elif delivery.template == "feedback_asked":
        late = None
    elif delivery.kind == "reminder":
        late = _reminder_is_off(session, delivery)
    elif delivery.template in STATES:
        late = _state_has_passed(session, delivery)
    else:
        late = _is_overtaken(session, delivery)
    if late:
        return late
    if delivery.expires_at <= now():
        return "too_late"
    return _mail_is_off(session, delivery, contact) if delivery.channel == MAIL else None


def refresh(session: Session, delivery: Delivery) -> None:
    """Let a reminder speak of its appointment as it stands now (another venue, another number)."""
    if delivery.kind != "reminder" or delivery.engagement_id is None:
        return
    part = session.get(Engagement, delivery.engagement_id)
    of = session.get(SessionCopy, part.session_id) if part else None
    if part and of:
        delivery.params = describe(part, of)


def _reminder_is_off(session: Session, delivery: Delivery) -> str | None:
    part = session.get(Engagement, delivery.engagement_id) if delivery.engagement_id else None
    of = session.get(SessionCopy, part.session_id) if part else None
    if part is None or of is None or of.state == "cancelled":
        return "cancelled"
    if part.state in ("arrived", "served", "attended") or _has_come(session, part):
        return "arrived"
    if not part.is_expected:
        return "cancelled"
    return "moved" if part.times(of)[0] != starts_of(delivery) else None


def _has_come(session: Session, part: Engagement) -> bool:
    if part.kind != APPOINTMENT:
        return False
    here = (Visit.session_id == part.session_id) & (Visit.person_id == part.person_id)
    visits = select(Visit.id).where(or_(Visit.appointment_id == part.id, here))
    visits = visits.where(Visit.state != "left")  # an arrival that was taken back is none
    return session.execute(visits.limit(1)).first() is not None


def _state_has_passed(session: Session, delivery: Delivery) -> str | None:
    visit = session.get(Visit, delivery.params.get("visit_id"))
    still = visit and visit.state == STATES[delivery.template]
    same = visit and visit.calls == delivery.params.get("calls")
    return None if still and (same or delivery.template != CALLED) else "passed"


def _is_overtaken(session: Session, delivery: Delivery) -> str | None:
    if delivery.template not in GOOD_NEWS or delivery.engagement_id is None:
        return None
    part = session.get(Engagement, delivery.engagement_id)
    of = session.get(SessionCopy, delivery.session_id) if delivery.session_id else None
    gone = part is None or not (part.is_live or part.is_in_calendar)
    return "overtaken" if gone or (of and of.state == "cancelled") else None


def _mail_is_off(session: Session, delivery: Delivery, contact: Contact | None) -> str | None:
    of = session.get(SessionCopy, delivery.session_id) if delivery.session_id else None
    if of and of.trial:
        return "trial"
    if contact is None or not contact.email:
        return "no_address"
    wish = session.get(Preference, (delivery.recipient, delivery.kind))
    return "not_wanted" if wish and not wish.mail else None
