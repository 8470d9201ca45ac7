"""How well told ranges hold: the share called inside, the width, and the width of a naive range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.session import ServiceSession
from services.booking.models.wait_score import WaitScore
from services.booking.queries import wait
from shared.pagination import Page, page

MOST_PERCENT = 400


@dataclass(frozen=True)
class Told:
    """A range that was told, and the wait that came of it; all minutes."""

    low: float
    high: float
    waited: float

    @property
    def holds(self) -> bool:
        """Whether the call came inside the range, to the minute as it was told."""
        return self.low <= self.waited <= self.high


def share_inside(told: Sequence[Told]) -> float:
    """Return the share of waits inside their range, 0 where nobody was told one."""
    return fmean(one.holds for one in told) if told else 0.0


def mean_width(told: Sequence[Told]) -> float:
    """Return the mean width in minutes."""
    return fmean(one.high - one.low for one in told) if told else 0.0


def naive_width(told: Sequence[Told]) -> float:
    """Return the mean width of "middle ± p %", with the smallest p that holds as often as we did.

    The rival is given all but the shape: the middle of our own range, p chosen afterwards on these
    very waits, and the same widening to whole minutes. Where no p does, the widest that is tried
    (± 400 %): it is still worse than ours.
    """
    if not told:
        return 0.0
    wanted = share_inside(told)
    for percent in range(1, MOST_PERCENT + 1):
        naive = [_about(one, percent / 100) for one in told]
        if share_inside(naive) >= wanted:
            break
    return mean_width(naive)


def _about(told: Told, part: float) -> Told:
    middle = (told.low + told.high) / 2
    low, high = wait.whole(max(0.0, middle * (1 - part)), middle * (1 + part))
    return Told(low, high, told.waited)


def scores(
    session: Session, since: datetime, until: datetime, cursor: str | None, limit: int
) -> Page:
    """Return the scores of sessions that began in [since, until), the latest first, with their titles."""
    wanted = select(WaitScore).where(WaitScore.starts_at >= since, WaitScore.starts_at < until)
    keys = [WaitScore.starts_at, WaitScore.session_id]
    found = page(session, wanted, keys, cursor, limit, descending=True)
    ids = [row.session_id for row in found.items]
    named = select(ServiceSession.id, ServiceSession.title).where(ServiceSession.id.in_(ids))
    titles = {row.id: row.title for row in session.execute(named)}
    return Page([shown(row, titles[row.session_id]) for row in found.items], found.next_cursor)


def shown(row: WaitScore, title: dict[str, str]) -> dict[str, Any]:
    """Return a score as it is read."""
    names = (
        "session_id", "starts_at", "told", "inside", "untold", "share", "width", "naive_width",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {"title": title}
