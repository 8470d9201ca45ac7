"""Reads of proposals: the list, one with its plan, what stands in a shift of it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from services.roster.models import (
    Assignment,
    Offer,
    Proposal,
    ProposalBan,
    ProposalGap,
    ProposedCell,
    SessionCopy,
    Shift,
    Volunteer,
)
from services.roster.models.assignment import LIVE
from services.roster.models.offer import OFFERED
from services.roster.models.proposal import PLANNED, REFUSED
from services.roster.models.session import PUBLISHED
from services.roster.models.shift import OPEN
from services.roster.queries import free_time
from services.roster.queries.plan_people import Ask
from shared.database import suite_time
from shared.pagination import Page, page


@dataclass(frozen=True)
class PlannedShift:
    """A shift of a plan: who is planned, who has it already or is being asked, what stays empty and why."""

    shift: Shift
    cells: Sequence[ProposedCell]
    accepted: Sequence[str]
    offered: Sequence[str]
    off: Sequence[str]
    gap: ProposalGap | None

    @property
    def filled(self) -> int:
        """Return how many people it has or would have."""
        planned = sum(1 for one in self.cells if one.state == PLANNED)
        return planned + len(self.accepted) + len(self.offered)

    @property
    def missing(self) -> int:
        """Return how many are missing below the minimum."""
        return max(0, self.shift.needed - self.filled)


def proposal(session: Session, proposal_id: str) -> Proposal | None:
    """Return a proposal as it stands now."""
    return session.get(Proposal, proposal_id, populate_existing=True)


def newest(session: Session, *, cursor: str | None, limit: int) -> Page:
    """Return one page of proposals, the newest first."""
    keys = [Proposal.made_at, Proposal.id]
    return page(session, select(Proposal), keys, cursor, limit, descending=True)


def cells_of(session: Session, proposal_id: str, *states: str) -> Sequence[ProposedCell]:
    """Return the cells of a plan that are in one of these states."""
    mine = select(ProposedCell).where(ProposedCell.proposal_id == proposal_id)
    if states:
        mine = mine.where(ProposedCell.state.in_(states))
    ordered = mine.order_by(ProposedCell.shift_id, ProposedCell.person_id)
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def ask_of(session: Session, row: Proposal) -> Ask:
    """Return what a search for a proposal is asked: what is locked stays, who was refused or kept off stays away."""
    cells = cells_of(session, row.id, PLANNED, REFUSED)
    bans = session.execute(
        select(ProposalBan.shift_id, ProposalBan.person_id).where(ProposalBan.proposal_id == row.id)
    ).tuples()
    return Ask(
        row.from_on,
        row.until_on,
        row.zone,
        row.unknown_too,
        locked=[(one.shift_id, one.person_id) for one in cells if one.locked],
        last=[(one.shift_id, one.person_id) for one in cells if one.state == PLANNED],
        off=[*bans, *((one.shift_id, one.person_id) for one in cells if one.state == REFUSED)],
    )


def shifts_of(
    session: Session, row: Proposal, from_on: date | None = None, until_on: date | None = None
) -> list[PlannedShift]:
    """Return the shifts of a plan in order of time, those of some of its days only if named."""
    place = Ask(row.from_on, row.until_on, row.zone).place
    begin = free_time.day_start(max(from_on or row.from_on, row.from_on), place)
    end = free_time.day_start(
        min(until_on or row.until_on, row.until_on) + timedelta(days=1), place
    )
    rows = session.scalars(
        select(Shift)
        .join(SessionCopy, SessionCopy.id == Shift.session_id)
        .options(joinedload(Shift.session))
        .where(
            Shift.state == OPEN,
            SessionCopy.state == PUBLISHED,
            Shift.at_most > 0,
            Shift.starts_at >= begin,
            Shift.starts_at < end,
        )
        .order_by(Shift.starts_at, Shift.session_id, Shift.position, Shift.id)
    ).all()
    return _planned(session, row.id, rows)


def _planned(session: Session, proposal_id: str, rows: Sequence[Shift]) -> list[PlannedShift]:
    ids = [one.id for one in rows]
    cells: dict[str, list[ProposedCell]] = defaultdict(list)
    for cell in cells_of(session, proposal_id):
        cells[cell.shift_id].append(cell)
    gaps = {
        one.shift_id: one
        for one in session.scalars(
            select(ProposalGap).where(ProposalGap.proposal_id == proposal_id)
        )
    }
    off = _people(session, ProposalBan, ProposalBan.proposal_id == proposal_id)
    live = _people(session, Assignment, Assignment.shift_id.in_(ids), Assignment.state.in_(LIVE))
    offered = _people(
        session,
        Offer,
        Offer.shift_id.in_(ids),
        Offer.state == OFFERED,
        Offer.holds,
        Offer.expires_at > suite_time(session),
    )
    return [
        PlannedShift(
            one,
            cells.get(one.id, []),
            live.get(one.id, []),
            offered.get(one.id, []),
            off.get(one.id, []),
            gaps.get(one.id),
        )
        for one in rows
    ]


def _people(session: Session, table: Any, *where: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for shift_id, person_id in session.execute(
        select(table.shift_id, table.person_id).where(*where).order_by(table.person_id)
    ).tuples():
        found[shift_id].append(person_id)
    return found


def hours_of(
    session: Session, row: Proposal, shifts: Collection[PlannedShift]
) -> dict[str, tuple[int, int]]:
    """Return each volunteer's minutes in the term: served or taken, and planned here."""
    place = Ask(row.from_on, row.until_on, row.zone).place
    days = free_time.term_around(session, row.from_on, row.until_on)
    have = free_time.served(session, days, place, ())
    planned: dict[str, timedelta] = defaultdict(timedelta)
    for one in shifts:
        for cell in one.cells:
            if cell.state == PLANNED:
                planned[cell.person_id] += one.shift.ends_at - one.shift.starts_at
    active = set(session.scalars(select(Volunteer.person_id).where(Volunteer.active)))
    return {
        who: (_minutes(have.get(who, timedelta())), _minutes(planned[who]))
        for who in sorted(active | planned.keys())
    }


def waiting_before(session: Session, row: Proposal) -> int:
    """Return how many proposals are in line before this one."""
    statement = select(func.count()).where(
        Proposal.state.in_(("waiting", "solving")), Proposal.asked_at < row.asked_at
    )
    return int(session.execute(statement).scalar_one())


def _minutes(of: timedelta) -> int:
    return of // timedelta(minutes=1)
