"""Asking for a proposal, stopping its search, solving it again, discarding it; forgetting old ones."""

from datetime import date, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.roster.errors import (
    BadDays,
    NoShiftsAhead,
    NoSuchProposal,
    NothingRuns,
    ProposalBusy,
    ProposalEnded,
)
from services.roster.models import Proposal, ProposalBan, ProposalGap, ProposedCell
from services.roster.models.proposal import (
    AT_WORK,
    DISCARDED,
    EDITABLE,
    ENDED,
    MOST_DAYS,
    READY,
    WAITING,
)
from services.roster.queries import proposals as queries
from services.roster.queries.problems import has_shifts
from shared import audit
from shared.database import suite_time
from shared.ids import new_id

KEEP = timedelta(days=180)
PARTS = (ProposalBan, ProposalGap, ProposedCell)


def propose(
    session: Session,
    *,
    from_on: date,
    until_on: date,
    zone: str,
    seconds: int,
    unknown_too: bool,
    actor: str,
) -> Proposal:
    """Ask for a proposal for these days; a worker looks for it. Raises ``BadDays`` or ``NoShiftsAhead``."""
    if until_on < from_on or (until_on - from_on).days >= MOST_DAYS:
        raise BadDays(most=MOST_DAYS)
    if not has_shifts(session, from_on, until_on, zone):
        raise NoShiftsAhead
    proposal_id, at = new_id(), suite_time(session)
    session.execute(
        insert(Proposal).values(
            id=proposal_id,
            from_on=from_on,
            until_on=until_on,
            zone=zone,
            seconds=seconds,
            unknown_too=unknown_too,
            made_by=actor,
            made_at=at,
            asked_at=at,
        )
    )
    audit.record(session, actor, "proposal.asked", proposal_id)
    return visible_proposal(session, proposal_id)


def solve_again(session: Session, proposal_id: str, *, seconds: int, actor: str) -> Proposal:
    """Look for a better plan: locked cells stay, who was moved without need costs points."""
    asked = {"state": WAITING, "asked_at": suite_time(session), "tries": 0, "stop_asked": False}
    _change(session, proposal_id, *EDITABLE, seconds=seconds, progress=[], **asked)
    audit.record(session, actor, "proposal.solved_again", proposal_id)
    return visible_proposal(session, proposal_id)


def stop_search(session: Session, proposal_id: str, *, actor: str) -> Proposal:
    """Let a search end with the best plan so far; one that no worker has begun yields the greedy one."""
    stopped = Proposal.change(proposal_id, *AT_WORK, stop_asked=True)
    if session.execute(stopped).rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        visible_proposal(session, proposal_id)
        raise NothingRuns
    audit.record(session, actor, "proposal.stopped", proposal_id)
    return visible_proposal(session, proposal_id)


def discard(session: Session, proposal_id: str, *, actor: str) -> Proposal:
    """Put a proposal away; what was published of it stays."""
    _change(session, proposal_id, *EDITABLE, state=DISCARDED, ended_at=suite_time(session))
    audit.record(session, actor, "proposal.discarded", proposal_id)
    return visible_proposal(session, proposal_id)


def enter_plan(session: Session, proposal_id: str) -> Proposal:
    """Lock a plan for a change: the first lock of every edit, before persons and sessions."""
    _change(session, proposal_id, *EDITABLE, state=READY)
    return visible_proposal(session, proposal_id)


def visible_proposal(session: Session, proposal_id: str) -> Proposal:
    """Return a proposal as it stands; raise ``NoSuchProposal``."""
    found = queries.proposal(session, proposal_id)
    if found is None:
        raise NoSuchProposal
    return found


def forget_old(session: Session, most: int = 20) -> int:
    """Remove proposals that ended long ago, with their plans; return how many."""
    old = session.scalars(
        select(Proposal.id)
        .where(Proposal.state.in_(ENDED), Proposal.ended_at < suite_time(session) - KEEP)
        .limit(most)
    ).all()
    for table in PARTS:
        session.execute(delete(table).where(table.proposal_id.in_(old)))
    session.execute(delete(Proposal).where(Proposal.id.in_(old)))
    return len(old)


def _change(session: Session, proposal_id: str, *states: str, **values: object) -> None:
    changed = session.execute(Proposal.change(proposal_id, *states, **values))
    if changed.rowcount == 1:  # type: ignore[attr-defined]  # DML gives a cursor
        return
    raise ProposalBusy if visible_proposal(session, proposal_id).state in AT_WORK else ProposalEnded
