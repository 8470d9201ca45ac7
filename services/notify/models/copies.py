"""Notify's copies of what others own: sessions, people's parts in them, and visits."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.notify.models.base import Base
from shared.database import Id, Json, UtcDateTime

APPOINTMENT, ENROLMENT, ASSIGNMENT = "appointment", "enrolment", "assignment"
LIVE = {
    APPOINTMENT: ("booked", "arrived"),
    ENROLMENT: ("enrolled", "waitlisted"),
    ASSIGNMENT: ("accepted",),
}
HELD = {
    APPOINTMENT: ("booked", "arrived", "served"),
    ENROLMENT: ("enrolled", "waitlisted", "attended"),
    ASSIGNMENT: ("accepted", "attended"),
}
EXPECTED = {APPOINTMENT: "booked", ENROLMENT: "enrolled", ASSIGNMENT: "accepted"}


class SessionCopy(Base):
    """A session as catalog last announced it, as far as messages and calendars speak of it."""

    __tablename__ = "session"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[dict[str, str]] = mapped_column(Json)
    venue_name: Mapped[dict[str, str]] = mapped_column(Json)
    venue_place: Mapped[dict[str, str]] = mapped_column(Json)
    zone: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[dict[str, str] | None] = mapped_column(Json)
    trial: Mapped[bool]


class Engagement(Base):
    """One person's part in a session: an appointment, an enrolment or an assignment.

    `starts_at` and `ends_at` are its own; an enrolment has none and follows its session.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        CheckConstraint("kind IN ('appointment', 'enrolment', 'assignment')", name="kind"),
        Index("ix_engagement_person_id", "person_id"),
        Index("ix_engagement_session_id", "session_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    session_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(Id)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20))
    number: Mapped[str | None] = mapped_column(String(12))
    role: Mapped[dict[str, str] | None] = mapped_column(Json)
    by: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(80))

    @property
    def is_live(self) -> bool:
        """Whether the person is still expected, here, or waiting for a place."""
        return self.state in LIVE[self.kind]

    @property
    def is_expected(self) -> bool:
        """Whether a reminder makes sense: a firm place, and nobody has arrived for it."""
        return self.state == EXPECTED[self.kind]

    @property
    def is_in_calendar(self) -> bool:
        """Whether it belongs into the person's calendar (what is over, still does)."""
        return self.state in HELD[self.kind]

    def times(self, of: SessionCopy) -> tuple[datetime, datetime]:
        """Return when it starts and ends; what has no times of its own follows its session."""
        return self.starts_at or of.starts_at, self.ends_at or of.ends_at


class Visit(Base):
    """A visit as booking last announced it; `person_id` is empty for people without account."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_session_id_person_id", "session_id", "person_id"),
        Index("ix_visit_appointment_id", "appointment_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    session_id: Mapped[str] = mapped_column(Id)
    appointment_id: Mapped[str | None] = mapped_column(Id)
    person_id: Mapped[str | None] = mapped_column(Id)
    number: Mapped[str | None] = mapped_column(String(12))
    bench: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20))
    calls: Mapped[int]
