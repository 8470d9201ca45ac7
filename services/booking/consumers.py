"""What booking does when others say something: one table, event name → function."""

from sqlalchemy.orm import Session

from services.booking.models.live import touch
from services.booking.schemas import messages
from services.booking.use_cases import erasure, helpers, policies, projection, quizzes, risks
from shared.inbox import Handler
from shared.messages import Event

_OFFERING = messages.OfferingMessage()
_SESSION = messages.SessionMessage()
_QUIZ = messages.QuizMessage()
_CALENDAR = messages.CalendarMessage()
_STAFFING = messages.StaffingMessage()
_ASSIGNMENT = messages.AssignmentMessage()
_PERSON = messages.PersonMessage()
_SKILLS = messages.SkillsMessage()


def offering_changed(session: Session, event: Event) -> None:
    """Keep the offering."""
    values = messages.loaded(_OFFERING, event.data)
    projection.take_offering(session, values.pop("id"), event.version, values)


def quiz_changed(session: Session, event: Event) -> None:
    """Keep the quiz of a training."""
    values = messages.loaded(_QUIZ, event.data)
    quizzes.take_quiz(session, values.pop("offering_id"), event.version, values)


def calendar_changed(session: Session, event: Event) -> None:
    """Keep the term; closed days and weeks of sessions follow."""
    values = messages.loaded(_CALENDAR, event.data)
    policies.take_term(session, values.pop("id"), event.version, values)


def session_said(session: Session, event: Event) -> None:
    """Keep the session: published, changed or cancelled; a cancelled one has no line."""
    values = messages.loaded(_SESSION, event.data)
    id = values.pop("id")
    projection.take_session(session, id, event.version, values)
    touch(session, id)


def staffing_changed(session: Session, event: Event) -> None:
    """Open or shrink slots."""
    values = messages.loaded(_STAFFING, event.data)
    intervals = messages.intervals_of(values)
    projection.take_staffing(session, values["session_id"], event.version, intervals)
    touch(session, values["session_id"])


def assignment_said(session: Session, event: Event) -> None:
    """Keep who helps in a session, and which shifts fell away."""
    values = messages.loaded(_ASSIGNMENT, event.data)
    id = values.pop("assignment_id")
    if helpers.take_helper(session, id, event.version, values):
        risks.note_shift(session, id, values, event.time)


def skills_said(session: Session, event: Event) -> None:
    """Keep who may do what: a safety test takes a skill."""
    values = messages.loaded(_SKILLS, event.data)
    helpers.take_skills(session, values["person_id"], event.version, values["skills"])


def person_erased(session: Session, event: Event) -> None:
    """Forget the person."""
    erasure.forget_person(session, messages.loaded(_PERSON, event.data)["person_id"])


HANDLERS: dict[str, Handler] = {
    "offering.changed.v1": offering_changed,
    "quiz.changed.v1": quiz_changed,
    "calendar.changed.v1": calendar_changed,
    "session.published.v1": session_said,
    "session.changed.v1": session_said,
    "session.cancelled.v1": session_said,
    "staffing.changed.v1": staffing_changed,
    "shift.accepted.v1": assignment_said,
    "shift.dropped.v1": assignment_said,
    "shift.attended.v1": assignment_said,
    "skill.granted.v1": skills_said,
    "skill.revoked.v1": skills_said,
    "person.erased.v1": person_erased,
}
