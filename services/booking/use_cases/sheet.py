"""Rows of the paper sheet, typed in later: each row whole or not at all, and twice is once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.booking.models.desk_act import DeskAct
from services.booking.models.session import ServiceSession
from services.booking.models.visit import Visit
from services.booking.queries import visits
from services.booking.use_cases import desk_acts
from services.booking.use_cases.desk_acts import Act
from services.booking.use_cases.desk_meaning import visit_meant
from services.booking.use_cases.projection import locked as locked_session
from shared import audit
from shared.database import suite_time
from shared.errors import NotFound


@dataclass(frozen=True)
class Row:
    """One row as it stands on paper; times are when it happened."""

    id: str
    ticket_id: str | None = None
    appointment_id: str | None = None
    number: str = ""
    name: str = ""
    category_id: int | None = None
    arrived_at: datetime | None = None
    bench: int | None = None
    started_at: datetime | None = None
    closed_at: datetime | None = None
    status: str | None = None
    note: str = ""

    @property
    def began(self) -> datetime | None:
        """The earliest moment of the row."""
        return self.arrived_at or self.started_at or self.closed_at


def type_in(session: Session, session_id: str, row: Row, actor_id: str, secret: bytes) -> Visit:
    """Take a row in: the arrival, then the call or the outcome; a `Refusal` undoes all of it."""
    of = locked_session(session, session_id)
    if of is None:
        raise NotFound
    typing = _Typing(session, of, row, actor_id, secret)
    visit = typing.arrived()
    if row.status:
        typing.ended(visit)
    elif row.bench and visit.state == "waiting":
        given = {"visit_id": visit.id, "bench": row.bench}
        typing.perform("call", given, row.started_at)
    session.refresh(visit)
    audit.record(session, actor_id, "sheet.type_in", visit.id)
    return visit


@dataclass(frozen=True)
class _Typing:
    session: Session
    of: ServiceSession
    row: Row
    actor_id: str
    secret: bytes

    def perform(self, kind: str, given: dict[str, Any], at: datetime | None) -> Visit:
        act = Act(self.row.id, self.actor_id, kind, given, at, self.secret)
        made = desk_acts.perform(self.session, self.of, act)
        if made is None:
            raise NotFound
        return made

    def arrived(self) -> Visit:
        """Return whose row it is: by number, by booking, or by a number that is given now."""
        row = self.row
        if row.number and not row.appointment_id:
            return visit_meant(self.session, self.of, {"number": row.number})
        if row.appointment_id:
            here = visits.of_appointment(self.session, row.appointment_id)
            if here is not None and here.session_id == self.of.id and here.state == "closed":
                return here  # typed in before
            return self.perform("check_in", {"appointment_id": row.appointment_id}, row.began)
        known = self.session.get(DeskAct, row.id)
        if known is not None and known.visit_id and known.session_id == self.of.id:
            return self.session.get_one(Visit, known.visit_id)
        given = {"name": row.name, "devices": [{"category_id": row.category_id}]}
        visit = self.perform("walk_in", given, row.began)
        self._remember(visit)
        return visit

    def ended(self, visit: Visit) -> None:
        """Record the outcome, of the row's own device or of the visit's next one."""
        row = self.row
        which = {"ticket_id": row.ticket_id} if row.ticket_id else {"visit_id": visit.id}
        given: dict[str, Any] = {**which, "status": row.status, "note": row.note or None}
        given["started_at"] = row.started_at or row.began
        self.perform("outcome", given, row.closed_at or row.started_at)

    def _remember(self, visit: Visit) -> None:
        """Keep the row's id: typed in twice, it is the same person."""
        kept = DeskAct(
            id=self.row.id,
            session_id=self.of.id,
            actor_id=self.actor_id,
            kind="walk_in",
            given={},
            occurred_at=visit.arrived_at,
            recorded_at=suite_time(self.session),
            visit_id=visit.id,
        )
        self.session.add(kept)
        self.session.flush()
