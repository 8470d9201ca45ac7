"""What notify listens to: one table, event type → function."""

from functools import partial

from sqlalchemy.orm import Session

from services.notify.use_cases import asking, custody, draws, engagements, people, results, waitlist
from services.notify.use_cases.sessions import keep_session
from services.notify.use_cases.visits import keep_visit
from shared.inbox import Handler
from shared.messages import Event


def _session(session: Session, event: Event) -> None:
    keep_session(session, event.subject, event.version, event.data)


def _appointment(verb: str, session: Session, event: Event) -> None:
    engagements.keep_appointment(session, verb, event.subject, event.version, event.data)


def _enrolment(verb: str, session: Session, event: Event) -> None:
    engagements.keep_enrolment(session, verb, event.subject, event.version, event.data)


def _assignment(session: Session, event: Event) -> None:
    engagements.keep_assignment(session, event.subject, event.version, event.data)


def _visit(session: Session, event: Event) -> None:
    keep_visit(session, event.subject, event.version, event.data)


def _person(session: Session, event: Event) -> None:
    people.keep_person(session, event.data["person_id"], event.version, event.data)


def _erased(session: Session, event: Event) -> None:
    people.erase_person(session, event.data["person_id"], event.version)


def _outcome(session: Session, event: Event) -> None:
    results.tell_outcome(session, event.subject, event.version, event.data)


def _tested(session: Session, event: Event) -> None:
    results.tell_tested(session, event.subject, event.version, event.data)


def _handed_back(session: Session, event: Event) -> None:
    results.follow_hand_back(session, event.subject, event.version, event.data)


def _hours(session: Session, event: Event) -> None:
    results.tell_hours(session, event.subject, event.version, event.data)


def _corrected(session: Session, event: Event) -> None:
    results.tell_corrected(session, event.subject, event.version, event.data)


def _objection(session: Session, event: Event) -> None:
    results.tell_objection(session, event.subject, event.data)


def _record(session: Session, event: Event) -> None:
    results.tell_record(session, event.subject, event.data, holds=event.type == "record.issued.v1")


def _skill(session: Session, event: Event) -> None:
    results.tell_skill(session, event.subject, event.version, event.data)


def _drawn(session: Session, event: Event) -> None:
    draws.tell_drawn(session, event.subject, event.data)


def _waiting(verb: str, session: Session, event: Event) -> None:
    waitlist.tell_waiting(session, verb, event.subject, event.version, event.data)


def _custody(verb: str, session: Session, event: Event) -> None:
    custody.keep_custody(session, verb, event.subject, event.version, event.data)


def _offer(session: Session, event: Event) -> None:
    asking.tell_offer(session, event.subject, event.version, event.data)


def _help(session: Session, event: Event) -> None:
    asking.tell_help(session, event.subject, event.version, event.data)


def _asked(session: Session, event: Event) -> None:
    custody.ask(session, event.subject, event.data)


def _heard(session: Session, event: Event) -> None:
    """Tell nobody: sessions carry their venue and programme, an outcome follows each start.

    Somebody must take these all the same: an event that no queue takes is returned by the broker
    and would wait in its outbox for ever.
    """


HANDLERS: dict[str, Handler] = {
    "session.published.v1": _session,
    "session.changed.v1": _session,
    "session.cancelled.v1": _session,
    **{
        f"appointment.{v}.v1": partial(_appointment, v)
        for v in ("booked", "moved", "cancelled", "missed", "displaced")
    },
    **{
        f"enrolment.{v}.v1": partial(_enrolment, v)
        for v in ("enrolled", "waitlisted", "promoted", "left", "attended")
    },
    **{f"shift.{v}.v1": _assignment for v in ("accepted", "dropped", "attended")},
    "help.asked.v1": _help,
    "help.closed.v1": _help,
    "shift.offered.v1": _offer,
    "shift.offer_closed.v1": _offer,
    **{f"visit.{v}.v1": _visit for v in ("arrived", "called", "closed")},
    **{f"waitlist.{v}.v1": partial(_waiting, v) for v in ("joined", "offered", "left")},
    **{
        f"custody.{v}.v1": partial(_custody, v)
        for v in ("stored", "ready", "collected", "disposed")
    },
    "feedback.asked.v1": _asked,
    "draw.decided.v1": _drawn,
    "draw.made.v1": _heard,
    "ticket.closed.v1": _outcome,
    "ticket.tested.v1": _tested,
    "ticket.handed_back.v1": _handed_back,
    "hours.recorded.v1": _hours,
    "hours.corrected.v1": _corrected,
    **{f"objection.{v}.v1": _objection for v in ("raised", "decided")},
    **{f"record.{v}.v1": _record for v in ("issued", "revoked")},
    "skill.granted.v1": _skill,
    **{f"{v}.v1": _heard for v in ("venue.changed", "programme.changed", "offering.changed")},
    **{f"{v}.v1": _heard for v in ("ticket.started", "staffing.changed", "delivery.failed")},
    "person.registered.v1": _person,
    "person.changed.v1": _person,
    "person.erased.v1": _erased,
}
