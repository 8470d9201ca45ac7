"""Reads of the policy about hours: every version, and what they make of somebody's minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.roster.models import Hours, HoursPolicy
from services.roster.models.period import local_day
from services.roster.models.policy import in_force, rounded


@dataclass(frozen=True)
class Total:
    """What one person (or everybody) served: exact minutes, and rounded by the policies, day by day."""

    minutes: int
    rounded: int


def policies(session: Session) -> list[HoursPolicy]:
    """Return every version, oldest first."""
    return list(session.scalars(select(HoursPolicy).order_by(HoursPolicy.version)))


def policy_at(session: Session, at: datetime) -> HoursPolicy:
    """Return the version in force on the day of an instant."""
    return in_force(policies(session), local_day(at))


def objection_days(session: Session, at: datetime) -> int:
    """Return for how many days one may object to what was recorded at an instant."""
    return policy_at(session, at).objection_days


def totals(
    session: Session,
    person_ids: Sequence[str] | None = None,
    *,
    month: str | None = None,
    between: tuple[date, date] | None = None,
) -> dict[str, Total]:
    """Return what people served by their ids, trials left out; of one month, or ``between`` two days (both included)."""
    statement = (
        select(Hours.person_id, Hours.served_on, func.sum(Hours.minutes))
        .where(~Hours.trial)
        .group_by(Hours.person_id, Hours.served_on)
    )
    if person_ids is not None:
        statement = statement.where(Hours.person_id.in_(person_ids))
    if month is not None:
        statement = statement.where(Hours.month == month)
    if between is not None:
        statement = statement.where(Hours.served_on.between(*between))
    days: dict[str, dict[object, int]] = {}
    for person_id, day, minutes in session.execute(statement).tuples():
        days.setdefault(person_id, {})[day] = int(minutes)
    versions = policies(session)
    return {
        person_id: Total(sum(by_day.values()), rounded(versions, by_day))  # type: ignore[arg-type]  # days
        for person_id, by_day in days.items()
    }
