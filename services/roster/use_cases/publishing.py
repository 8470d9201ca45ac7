"""Publishing a plan, a session in a transaction: each planned person is asked, unless a rule stands in the way by now."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.roster.errors import NothingPlanned
from services.roster.models import Proposal, ProposedCell, Shift, Volunteer
from services.roster.models.proposal import OUT, PLANNED, PUBLISHED, READY, REFUSED
from services.roster.models.shift import OPEN
from services.roster.queries import free_time
from services.roster.use_cases.handing_out import hand_out
from services.roster.use_cases.proposals import enter_plan, visible_proposal
from services.roster.use_cases.staffing import enter_session
from shared import audit
from shared.database import suite_time
from shared.errors import Refusal


def publish_session(
    session: Session, proposal_id: str, session_id: str, *, actor: str
) -> Sequence[ProposedCell]:
    """Ask everybody who is planned in a session; return their cells as they stand then.

    The rules of taking a shift decide anew: whoever they refuse stays behind with the sentence that says why, the
    others are asked. Order of locks: plan, persons by id, session, shifts. When nothing planned is left anywhere
    the proposal is published.
    """
    row = enter_plan(session, proposal_id)
    cells = _planned(session, proposal_id, session_id)
    if not cells:
        raise NothingPlanned
    for person_id in sorted({cell.person_id for cell in cells}):
        session.execute(Volunteer.enter(person_id))
    enter_session(session, session_id)
    hours = _hours(session, row, cells)
    for cell in cells:
        _publish(session, cell, hours.get(cell.person_id, timedelta()), actor)
    audit.record(session, actor, "proposal.session_published", proposal_id)
    if not _left(session, proposal_id):
        at = suite_time(session)
        session.execute(Proposal.change(proposal_id, READY, state=PUBLISHED, ended_at=at))
    visible_proposal(session, proposal_id)
    return cells


def _publish(session: Session, cell: ProposedCell, served: timedelta, actor: str) -> None:
    refusal = None
    try:
        with session.begin_nested():
            minutes = served // timedelta(minutes=1)
            hand_out(session, cell, minutes=minutes, actor=actor)
    except Refusal as problem:
        refusal = {"code": problem.code, "zh": problem.text("zh"), "en": problem.text("en")}
    cell.state, cell.refusal = (OUT, None) if refusal is None else (REFUSED, refusal)
    session.execute(
        update(ProposedCell)
        .where(
            ProposedCell.proposal_id == cell.proposal_id,
            ProposedCell.shift_id == cell.shift_id,
            ProposedCell.person_id == cell.person_id,
        )
        .values(state=cell.state, refusal=refusal)
        .execution_options(synchronize_session=False)
    )


def _hours(session: Session, row: Proposal, cells: Sequence[ProposedCell]) -> dict[str, timedelta]:
    place = ZoneInfo(row.zone)
    days = free_time.term_around(session, row.from_on, row.until_on)
    return free_time.served(session, days, place, {cell.shift_id for cell in cells})


def _planned(session: Session, proposal_id: str, session_id: str) -> Sequence[ProposedCell]:
    statement = (
        select(ProposedCell)
        .join(Shift, Shift.id == ProposedCell.shift_id)
        .where(
            ProposedCell.proposal_id == proposal_id,
            ProposedCell.state == PLANNED,
            Shift.session_id == session_id,
        )
        .order_by(ProposedCell.shift_id, ProposedCell.person_id)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).all()


def _left(session: Session, proposal_id: str) -> bool:
    """Tell whether anybody is planned in what lies ahead."""
    statement = (
        select(ProposedCell.shift_id)
        .join(Shift, Shift.id == ProposedCell.shift_id)
        .where(
            ProposedCell.proposal_id == proposal_id,
            ProposedCell.state == PLANNED,
            Shift.state == OPEN,
            Shift.starts_at > suite_time(session),
        )
    )
    return session.execute(statement.limit(1)).first() is not None
