"""Reads of the weekly ranking: the weeks published, who stands where among those who take part, one's own part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.roster.models.ranking import RankingMember, RankingPlace, RankingWeek, last_day
from services.roster.queries.policies import totals

MOST_SHOWN = 200


@dataclass(frozen=True)
class Published:
    """A week that was published, and how many stand on its list."""

    first_day: date
    published_at: datetime
    people: int

    @property
    def last_day(self) -> date:
        """Return its Sunday."""
        return last_day(self.first_day)


@dataclass(frozen=True)
class Placed:
    """One line of a list: ties share a rank, the next one counts on after all of them."""

    rank: int
    person_id: str
    code: str
    name: str | None
    minutes: int


def member(session: Session, person_id: str) -> RankingMember | None:
    """Return somebody's part, None where they take none."""
    return session.get(RankingMember, person_id, populate_existing=True)


def newest_week(session: Session) -> date | None:
    """Return the Monday of the newest week that was published."""
    return session.execute(select(func.max(RankingWeek.first_day))).scalar_one()


def weeks(session: Session) -> list[Published]:
    """Return the weeks that can be looked at, newest first: those with somebody in them, and the newest."""
    people = func.count(RankingPlace.person_id)
    wanted = (
        select(RankingWeek.first_day, RankingWeek.published_at, people)
        .outerjoin(RankingPlace, RankingPlace.first_day == RankingWeek.first_day)
        .group_by(RankingWeek.first_day, RankingWeek.published_at)
        .order_by(RankingWeek.first_day.desc())
    )
    found = [Published(*row) for row in session.execute(wanted).tuples()]
    return [one for number, one in enumerate(found) if one.people or number == 0]


def places(session: Session, first_day: date) -> list[Placed]:
    """Return a week's list, ranked only among those who stand on it."""
    rank = func.rank().over(order_by=RankingPlace.minutes.desc())
    wanted = (
        select(
            rank,
            RankingPlace.person_id,
            RankingMember.code,
            RankingMember.name,
            RankingPlace.minutes,
        )
        .join(RankingMember, RankingMember.person_id == RankingPlace.person_id)
        .where(RankingPlace.first_day == first_day)
        .order_by(rank, RankingMember.code)
    )
    return [Placed(*row) for row in session.execute(wanted).tuples()]


def places_of(session: Session, person_id: str) -> Sequence[RankingPlace]:
    """Return what stands of somebody on the lists that are kept, newest first."""
    mine = select(RankingPlace).where(RankingPlace.person_id == person_id)
    return session.scalars(mine.order_by(RankingPlace.first_day.desc())).all()


def counted(session: Session, first_day: date, person_ids: Sequence[str]) -> dict[str, int]:
    """Return what the ledger says now of somebody's week, as the policy counts it day by day."""
    found = totals(session, person_ids, between=(first_day, last_day(first_day)))
    return {person_id: total.rounded for person_id, total in found.items()}
