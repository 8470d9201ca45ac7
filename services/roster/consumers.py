"""Messages in: one table, event name → function."""

from typing import Any

from marshmallow import Schema, ValidationError
from sqlalchemy.orm import Session

from services.roster.errors import Malformed
from services.roster.schemas.messages import (
    AttendanceMessage,
    CalendarMessage,
    CompletionMessage,
    PersonMessage,
    PressureMessage,
    SessionMessage,
)
from services.roster.use_cases import help
from services.roster.use_cases.availability import take_term
from services.roster.use_cases.people import follow_person, forget_person
from services.roster.use_cases.sessions import follow_session
from services.roster.use_cases.sign_offs import note_completion, note_training
from shared.inbox import Handler
from shared.messages import Event

ERASED = "erased"


def calendar_changed(session: Session, event: Event) -> None:
    """Keep a term: which days are holidays, moved working days, exam weeks."""
    values = _read(CalendarMessage(), event)
    take_term(session, values.pop("id"), event.version, values)


def session_changed(session: Session, event: Event) -> None:
    """Keep a session and its shifts as the catalog has them."""
    values = _read(SessionMessage(), event)
    staffing = values.pop("staffing")
    follow_session(session, event.subject, event.version, values, staffing)


def person_changed(session: Session, event: Event) -> None:
    """Keep who is a volunteer; forget who was erased."""
    values = _read(PersonMessage(), event)
    if values["state"] == ERASED or event.type == "person.erased.v1":
        forget_person(session, values["person_id"], event.version)
    else:
        follow_person(session, values["person_id"], event.version, values["roles"])


def pressure_turned(session: Session, event: Event) -> None:
    """Call for help when waiting gets too long; end the call when it eases."""
    help.hear_pressure(session, event.subject, _read(PressureMessage(), event))


def training_attended(session: Session, event: Event) -> None:
    """Keep who attended which training."""
    values = _read(AttendanceMessage(), event)
    note_training(session, values.pop("id"), event.version, **values)


def training_completed(session: Session, event: Event) -> None:
    """Keep who completed which training: it leads to skills."""
    values = _read(CompletionMessage(), event)
    note_completion(session, values.pop("id"), event.version, **values)


HANDLERS: dict[str, Handler] = {
    "calendar.changed.v1": calendar_changed,
    "enrolment.attended.v1": training_attended,
    "training.completed.v1": training_completed,
    "queue.pressure.v1": pressure_turned,
    "session.published.v1": session_changed,
    "session.changed.v1": session_changed,
    "session.cancelled.v1": session_changed,
    "person.registered.v1": person_changed,
    "person.changed.v1": person_changed,
    "person.erased.v1": person_changed,
}


def _read(schema: Schema, event: Event) -> dict[str, Any]:
    try:
        values: dict[str, Any] = dict(schema.load(event.data))
    except ValidationError as problem:
        raise Malformed(what=str(problem.messages)) from problem
    return values
