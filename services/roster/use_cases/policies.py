"""Making a new version of the policy about hours; none is ever changed."""

from datetime import date
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster.errors import PolicyPast
from services.roster.models import HoursPolicy
from services.roster.models.period import local_day
from shared import audit
from shared.database import suite_time
from shared.errors import Stale


def make_policy(
    session: Session, values: dict[str, Any], *, valid_from: date, seen: int, actor: str
) -> HoursPolicy:
    """Make the version after the one that was ``seen``; it holds from today on, or from a later day.

    Days behind keep the figures they were shown with. Raises ``PolicyPast``, ``Stale``.
    """
    at = suite_time(session)
    if valid_from < local_day(at):
        raise PolicyPast
    newest = session.execute(select(func.max(HoursPolicy.version))).scalar_one()
    if newest != seen:
        raise Stale
    row = {"version": seen + 1, "valid_from": valid_from, "made_by": actor, "made_at": at}
    try:
        with session.begin_nested():
            session.execute(insert(HoursPolicy).values(**row, **values))
    except IntegrityError as problem:
        raise Stale from problem
    audit.record(session, actor, "hours_policy.made", str(seen + 1))
    return session.get_one(HoursPolicy, seen + 1)
