"""Who would be told of a change or a cancellation, counted at booking and roster before it happens."""

from dataclasses import dataclass

from services.web.clients import clients
from services.web.clients.catalog import Session
from services.web.views.manage.base import attempt
from shared import clock


@dataclass(frozen=True)
class Audience:
    """How many are touched; `unknown` names what could not be asked."""

    sessions: int
    appointments: int
    enrolments: int
    volunteers: int
    unknown: bool

    @property
    def nobody(self) -> bool:
        """Nobody needs to be told."""
        return not (self.appointments or self.enrolments or self.volunteers or self.unknown)


def within(session: Session, scope: str) -> list[Session]:
    """The sessions that a scope touches: this one, this and following, or all that are still to come."""
    if scope == "this" or not session.series_id:
        return [session]
    series = clients().catalog.sessions(series_id=session.series_id)
    first = session.starts_at if scope == "following" else clock.now()
    return [
        one
        for one in series
        if one.state != "cancelled" and (one.starts_at >= first or one.id == session.id)
    ]


def audience_of(session: Session, scope: str) -> Audience:
    """Count the people of every session in the scope."""
    touched = within(session, scope)
    appointments = enrolments = volunteers = 0
    unknown = False
    for one in touched:
        if one.state == "draft":
            continue
        found = _count(one.id)
        appointments += found.appointments
        enrolments += found.enrolments
        volunteers += found.volunteers
        unknown = unknown or found.unknown
    return Audience(len(touched), appointments, enrolments, volunteers, unknown)


def _count(session_id: str) -> Audience:
    nothing: dict[str, int] = {}
    booked, booking_away = attempt(lambda: clients().booking.audience(session_id), nothing)
    helping, roster_away = attempt(lambda: clients().roster.audience(session_id), 0)
    return Audience(
        1,
        int(booked.get("appointments", 0)),
        int(booked.get("enrolments", 0)),
        helping,
        booking_away or roster_away,
    )
