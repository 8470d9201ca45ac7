"""What is for one volunteer: shifts that suit them, those at other times, and those they cannot take, with the reason."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from services.roster.models import SessionCopy, Shift
from services.roster.models.session import PUBLISHED
from services.roster.models.shift import OPEN
from services.roster.queries.shifts import Asker, ShiftView
from shared import clock
from shared.pagination import BadCursor

SUITS, OTHER, CANNOT = FITS = ("suits", "other", "cannot")
MOST = 1_000  # shifts ahead that are looked at: a term has some hundred


@dataclass(frozen=True)
class Wanted:
    """Which shifts are asked for; None means that it does not matter. ``short``: people are missing."""

    fit: str = SUITS
    days: int | None = None
    kind: str | None = None
    short: bool = False


@dataclass(frozen=True)
class ForMe:
    """A page of one fit, how many there are of each, and whether the asker told any hours."""

    items: list[ShiftView]
    next_cursor: str | None
    counts: dict[str, int]
    time_known: bool


def for_me(
    session: Session,
    who: Asker,
    wanted: Wanted,
    at: datetime,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> ForMe:
    """Return what fits as ``wanted``, soonest first; the asker's own shifts are left out.

    Whether a shift fits follows from rules that no index knows, so all that lie ahead are read and
    judged: the same few statements whatever their number.
    """
    after = _read(cursor) if cursor else None
    ahead = list(session.scalars(_ahead(at, wanted)))
    views = [_view(who, row, at) for row in ahead if not who.mine(row)]
    found = [view for view in views if fit_of(view) == wanted.fit]
    if after:
        found = [one for one in found if (one.shift.starts_at, one.shift.id) > after]
    counts = Counter(map(fit_of, views))
    return ForMe(
        found[:limit],
        _write(found[limit - 1].shift) if len(found) > limit else None,
        {fit: counts[fit] for fit in FITS},
        who.week.known,
    )


def fit_of(view: ShiftView) -> str:
    """Return whether a shift suits, lies at another time than was told, or cannot be taken."""
    if view.why_not:
        return CANNOT
    return OTHER if view.advice else SUITS


def _view(who: Asker, row: Shift, at: datetime) -> ShiftView:
    return ShiftView(row, None, who.why_not(row, at), who.advice(row), row.id in who.standby)


def _ahead(at: datetime, wanted: Wanted) -> Select[Any]:
    statement = (
        select(Shift)
        .join(SessionCopy, SessionCopy.id == Shift.session_id)
        .options(joinedload(Shift.session))
        .where(Shift.state == OPEN, SessionCopy.state == PUBLISHED, Shift.starts_at > at)
    )
    if wanted.days:
        statement = statement.where(Shift.starts_at < at + timedelta(days=wanted.days))
    if wanted.kind:
        statement = statement.where(SessionCopy.kind == wanted.kind)
    if wanted.short:
        statement = statement.where(Shift.accepted + Shift.held < Shift.needed)
    return statement.order_by(Shift.starts_at, Shift.id).limit(MOST)


def _write(shift: Shift) -> str:
    return f"{clock.iso(shift.starts_at)}~{shift.id}"


def _read(cursor: str) -> tuple[datetime, str]:
    instant, _, id = cursor.partition("~")
    try:
        return clock.parse(instant), id
    except (ValueError, OverflowError) as problem:
        raise BadCursor from problem
