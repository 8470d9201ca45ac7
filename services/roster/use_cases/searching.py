"""The search for a proposal in the worker: leased, renewed while it runs, tried once more when its worker dies.

Nothing is locked while it searches: each step is a short transaction of its own, and one whose lease went to another
worker changes nothing any more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from services.roster.models import Proposal, ProposalGap, ProposedCell
from services.roster.models.proposal import (
    AT_WORK,
    BY_HAND,
    FAILED,
    MOST_TRIES,
    OUT,
    PLANNED,
    READY,
    REFUSED,
    SOLVING,
    WAITING,
)
from services.roster.planning.apart import Found, SearchLost, Task, search
from services.roster.planning.reasons import TIME_UNKNOWN
from services.roster.planning.solvers import Progress
from services.roster.queries import proposals as queries
from services.roster.queries.problems import Asked, ask
from services.roster.use_cases.plan_edits import keep_off
from shared.database import Database, suite_time
from shared.ids import new_id

LEASE = timedelta(seconds=30)
NEWS_EVERY = 1.0  # seconds between two notes of progress
MOST_POINTS = 120  # of the curve that is kept
log = structlog.get_logger(__name__)


@dataclass
class Search:
    """A proposal that this worker holds."""

    database: Database
    proposal_id: str
    lease: str
    leaving: Callable[[], bool]
    points: list[list[Any]] = field(default_factory=list)
    heard: float = -NEWS_EVERY
    lost: bool = False

    def goes_on(self, at: Progress) -> bool:
        """Note how far it is; tell whether to search on."""
        if self.leaving() or self.lost:
            return False
        if at.seconds - self.heard < NEWS_EVERY:
            return True
        self.heard = at.seconds
        self.points = thinned([*self.points, point(at)])
        with self.database.transaction() as session:
            until = suite_time(session) + LEASE
            note = Proposal.held_by(
                self.proposal_id, self.lease, progress=self.points, leased_until=until
            )
            self.lost = session.execute(note).rowcount != 1  # type: ignore[attr-defined]  # DML
            row = queries.proposal(session, self.proposal_id)
        return not self.lost and row is not None and not row.stop_asked


def search_next(database: Database, leaving: Callable[[], bool]) -> bool:
    """Solve the proposal that has waited longest; return whether there was one."""
    with database.transaction() as session:
        held = claim(session)
    if held is None:
        return False
    proposal_id, lease, seconds = held
    run = Search(database, proposal_id, lease, leaving)
    with database.reading() as session:
        row = session.get_one(Proposal, proposal_id)
        asked = ask(session, queries.ask_of(session, row))
    found: Found | None
    try:
        found = search(Task(asked.problem, seconds, seed=row.solved), run.goes_on)
    except SearchLost:
        found = None
        log.warning("proposal.search_lost", proposal_id=proposal_id)
    with database.transaction() as session:
        if found is None or leaving():
            give_back(session, proposal_id, lease, counted=found is None and not leaving())
        else:
            finish(session, proposal_id, lease, asked, found)
    return not leaving()


def claim(session: Session) -> tuple[str, str, int] | None:
    """Lease the proposal that has waited longest, or whose worker did not come back; (id, lease, seconds).

    One that has cost two workers is marked as failed: its plan of before, if any, stays.
    """
    at = suite_time(session)
    due = or_(Proposal.state == WAITING, Proposal.leased_until <= at)
    rows = session.scalars(
        select(Proposal)
        .where(Proposal.state.in_(AT_WORK), due)
        .order_by(Proposal.asked_at, Proposal.id)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        mine = (Proposal.lease.is_(None)) if row.lease is None else Proposal.lease == row.lease
        if row.tries >= MOST_TRIES:
            session.execute(
                Proposal.change(row.id, row.state, **_released(FAILED, row.tries)).where(mine)
            )
            continue
        lease = new_id()
        taken = Proposal.change(
            row.id,
            row.state,
            state=SOLVING,
            lease=lease,
            tries=row.tries + 1,
            leased_until=at + LEASE,
            progress=[],
        )
        if session.execute(taken.where(mine)).rowcount == 1:  # type: ignore[attr-defined]  # DML
            return row.id, lease, row.seconds if not row.stop_asked else 1
    return None


def give_back(session: Session, proposal_id: str, lease: str, *, counted: bool) -> None:
    """Let another worker try; a worker that leaves in good order does not count as a try."""
    row = queries.proposal(session, proposal_id)
    if row is None or row.lease != lease:
        return
    if counted and row.tries >= MOST_TRIES:
        values = _released(FAILED, row.tries)
    else:
        values = _released(WAITING, row.tries if counted else row.tries - 1)
    session.execute(Proposal.held_by(proposal_id, lease, **values))


def finish(session: Session, proposal_id: str, lease: str, asked: Asked, found: Found) -> None:
    """Put the plan in the place of the one before; what is locked or out already stays."""
    at = suite_time(session)
    done = Proposal.held_by(
        proposal_id,
        lease,
        solved=Proposal.solved + 1,
        solved_at=at,
        edition=Proposal.edition + 1,
        progress=thinned(_curve(session, proposal_id, found)),
        figures={"solver": found.solver, "moves": found.progress.moves, "gap": found.progress.gap},
        **_released(READY, 0),
    )
    if session.execute(done).rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        return
    _replace_cells(session, proposal_id, asked, found)
    session.execute(delete(ProposalGap).where(ProposalGap.proposal_id == proposal_id))
    gaps = [
        {
            "proposal_id": proposal_id,
            "shift_id": role,
            "missing": missing,
            "empty": empty,
            "ways": ways,
        }
        for _, role, missing, empty, ways in found.gaps
        if role in asked.rows
    ]
    if gaps:
        session.execute(insert(ProposalGap), gaps)


def _replace_cells(session: Session, proposal_id: str, asked: Asked, found: Found) -> None:
    kept = {
        (one.shift_id, one.person_id)
        for one in queries.cells_of(session, proposal_id, PLANNED, OUT)
        if one.locked or one.state == OUT
    }
    for one in queries.cells_of(session, proposal_id, REFUSED):
        keep_off(session, proposal_id, one.shift_id, one.person_id)
    mine = ProposedCell.proposal_id == proposal_id
    planned = (ProposedCell.state == PLANNED) & ~ProposedCell.locked
    session.execute(delete(ProposedCell).where(mine, planned | (ProposedCell.state == REFUSED)))
    rows = []
    for cell, why in found.why.items():
        pair = (cell.role, cell.volunteer)
        if cell.role not in asked.rows or pair in asked.taken or pair in kept:
            continue
        unsure = [[TIME_UNKNOWN, {}]] if cell.volunteer in asked.unknown else []
        rows.append(
            {
                "proposal_id": proposal_id,
                "shift_id": cell.role,
                "person_id": cell.volunteer,
                "why": [*why, *unsure],
            }
        )
    if rows:
        session.execute(insert(ProposedCell), rows)
    _hold_by_hand(session, proposal_id)


def _hold_by_hand(session: Session, proposal_id: str) -> None:
    """Locked cells keep who set them; one of the search that was locked is the coordinator's word from now on."""
    session.execute(
        update(ProposedCell)
        .where(ProposedCell.proposal_id == proposal_id, ProposedCell.locked)
        .values(made_by=BY_HAND)
    )


def _released(state: str, tries: int) -> dict[str, Any]:
    return {
        "state": state,
        "tries": tries,
        "lease": None,
        "leased_until": None,
        "stop_asked": False,
    }


def _curve(session: Session, proposal_id: str, found: Found) -> list[list[Any]]:
    row = queries.proposal(session, proposal_id)
    return [*(row.progress if row else []), point(found.progress)]


def point(at: Progress) -> list[Any]:
    """Return progress as it is kept: seconds, people missing, points, and how far from the bound at most."""
    gap = at.gap
    return [
        round(at.seconds, 1),
        at.cost.short,
        at.cost.points,
        None if gap is None else round(gap, 4),
    ]


def thinned(points: list[list[Any]]) -> list[list[Any]]:
    """Return a curve with at most so many points: every second one goes, but for the first and the last."""
    while len(points) > MOST_POINTS:
        points = [*points[:-1:2], points[-1]]
    return points
