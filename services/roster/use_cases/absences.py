"""Whether somebody who did not come had a reason."""

from sqlalchemy.orm import Session

from services.roster.errors import NotExpected
from services.roster.models import Absence, Assignment, Hours
from services.roster.models.assignment import ABSENT
from services.roster.models.period import local_day
from services.roster.use_cases.assignments import visible_assignment
from services.roster.use_cases.ledger import hold_open, refusals
from services.roster.use_cases.staffing import lock_session
from shared import audit
from shared.database import insert_for, suite_time


def write_absence(
    session: Session, row: Assignment, *, excused: bool, reason: str, actor: str
) -> None:
    """Keep whether an absence has a reason; its session is locked. Raises ``PeriodClosed``."""
    month = hold_open(session, local_day(row.starts_at))
    values = {
        "month": month.name,
        "quarter": month.quarter,
        "excused": excused,
        "reason": reason,
        "noted_by": actor,
        "noted_at": suite_time(session),
    }
    statement = insert_for(session, Absence.__table__).values(assignment_id=row.id, **values)
    with refusals():
        session.execute(
            statement.on_conflict_do_update(index_elements=["assignment_id"], set_=values)
        )


def set_absence(
    session: Session, assignment_id: str, *, excused: bool, reason: str, actor: str
) -> Assignment:
    """Say of somebody who was marked absent whether they had a reason.

    Raises ``NotExpected`` for who is not absent, or was there after all.
    """
    known = visible_assignment(session, assignment_id)
    lock_session(session, known.session_id)
    row = visible_assignment(session, assignment_id)
    if row.state != ABSENT or session.get(Hours, assignment_id) is not None:
        raise NotExpected
    write_absence(session, row, excused=excused, reason=reason, actor=actor)
    audit.record(session, actor, "absence.excused" if excused else "absence.noted", assignment_id)
    return row
