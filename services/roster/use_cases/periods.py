"""Reviewing a month or a quarter: the self-check, the cross-check by somebody else, closing."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster.errors import (
    ChangedSince,
    NoSuchPeriod,
    NotNow,
    PeriodNotOver,
    PointsOpen,
    SamePerson,
)
from services.roster.models import Period, PeriodAct
from services.roster.models.period import (
    CHECK,
    CHECKED,
    CLOSE,
    CLOSED,
    CROSS_CHECK,
    CROSSED,
    MONTH,
    NOT_THE_SAME,
    OPEN,
    QUARTER,
    SEND_BACK,
    Stretch,
    stretch,
)
from services.roster.queries.periods import Figures, Point, entries_in, figures, open_points
from shared import audit
from shared.database import insert_if_absent, one_row, suite_time
from shared.ids import new_id

NO_REVIEW: dict[str, Any] = {
    "checked_by": None,
    "checked_at": None,
    "crossed_by": None,
    "crossed_at": None,
}
WAITS_BY_ITSELF = ("time_to_object",)  # does not stand in the way of looking, only of closing


def check(session: Session, name: str, *, note: str, actor: str) -> Period:
    """Do the self-check of a period that has ended; again, where it was looked at before.

    Raises ``PeriodNotOver``, ``PointsOpen``.
    """
    period, at = _enter(session, name, OPEN, CHECKED, CROSSED)
    if at < period.ends_at:
        raise PeriodNotOver
    _refuse_open(session, period, at, but=WAITS_BY_ITSELF)
    seen = {"entries": entries_in(session, period), "checked_by": actor, "checked_at": at}
    _change(session, name, (OPEN, CHECKED, CROSSED), {**NO_REVIEW, "state": CHECKED, **seen})
    return _done(session, period, CHECK, note=note, actor=actor, at=at)


def cross_check(session: Session, name: str, *, note: str, actor: str) -> Period:
    """Do the cross-check: somebody else looks at what was checked.

    Raises ``SamePerson`` (the database refuses it too), ``ChangedSince``, ``PointsOpen``.
    """
    period, at = _enter(session, name, CHECKED)
    stands = session.get_one(Period, name, populate_existing=True)
    if stands.checked_by == actor:
        raise SamePerson
    _refuse_change(session, period, stands)
    _refuse_open(session, period, at, but=WAITS_BY_ITSELF)
    _change(session, name, (CHECKED,), {"state": CROSSED, "crossed_by": actor, "crossed_at": at})
    return _done(session, period, CROSS_CHECK, note=note, actor=actor, at=at)


def send_back(session: Session, name: str, *, note: str, actor: str) -> Period:
    """Send a period back to the self-check, with what is to be looked at again."""
    period, at = _enter(session, name, CHECKED, CROSSED)
    _change(session, name, (CHECKED, CROSSED), {**NO_REVIEW, "state": OPEN})
    return _done(session, period, SEND_BACK, note=note, actor=actor, at=at)


def close(session: Session, name: str, *, note: str, actor: str) -> Period:
    """Close a period that two people have looked at; from now on it only takes corrections.

    It is locked first: entries that are on their way come in before it, and are seen, or are
    refused. Raises ``ChangedSince``, ``PointsOpen``.
    """
    period, at = _enter(session, name, CROSSED)
    _refuse_change(session, period, session.get_one(Period, name, populate_existing=True))
    _refuse_open(session, period, at)
    sums = figures(session, period)
    values = {
        "state": CLOSED,
        "closed_by": actor,
        "closed_at": at,
        "closed_minutes": sums.minutes,
        "closed_people": sums.people,
    }
    _change(session, name, (CROSSED,), values)
    return _done(session, period, CLOSE, note=note, actor=actor, at=at, sums=sums)


STEPS = {CHECK: check, CROSS_CHECK: cross_check, SEND_BACK: send_back, CLOSE: close}


def _enter(session: Session, name: str, *states: str) -> tuple[Stretch, datetime]:
    """Lock a period that is in one of ``states``: whoever holds it open is waited for."""
    period = stretch(name)
    if period is None:
        raise NoSuchPeriod
    kind = MONTH if period.kind == MONTH else QUARTER
    insert_if_absent(session, Period, {"name": name, "kind": kind}, key=["name"])
    locked = update(Period).where(Period.name == name, Period.state.in_(states))
    blind = {"synchronize_session": False}
    one_row(
        session.execute(locked.values(version=Period.version + 1).execution_options(**blind)),
        NotNow(),
    )
    return period, suite_time(session)


def _change(session: Session, name: str, states: tuple[str, ...], values: dict[str, Any]) -> None:
    change = update(Period).where(Period.name == name, Period.state.in_(states)).values(values)
    try:
        one_row(session.execute(change.execution_options(synchronize_session=False)), NotNow())
    except IntegrityError as problem:
        if NOT_THE_SAME in str(problem.orig):
            raise SamePerson from problem
        raise


def _refuse_change(session: Session, period: Stretch, stands: Period) -> None:
    more = entries_in(session, period) - stands.entries
    if more:
        raise ChangedSince(more=more)


def _refuse_open(
    session: Session, period: Stretch, at: datetime, *, but: tuple[str, ...] = ()
) -> None:
    points = [one for one in open_points(session, period, at) if one.code not in but]
    if points:
        raise PointsOpen([_words(one) for one in points])


def _words(point: Point) -> tuple[str, str]:
    zh, en = POINT_WORDS[point.code]
    return zh.format(n=point.count), en.format(n=point.count)


POINT_WORDS = {
    "present": ("{n} 人签到了还没签退", "checked in and not out: {n}"),
    "unmarked": ("{n} 人来没来还没有记", "neither checked in nor marked absent: {n}"),
    "forgotten": ("{n} 条忘记签退还没核实", "forgotten check-outs to confirm: {n}"),
    "double": ("{n} 条时间重叠、算了两遍", "counted twice, times overlap: {n}"),
    "objections": ("{n} 条异议没有处理", "objections to decide: {n}"),
    "time_to_object": ("{n} 条还在异议期内", "may still be objected to: {n}"),
    "months": ("{n} 个月还没有关账", "months not closed: {n}"),
}


def _done(
    session: Session,
    period: Stretch,
    act: str,
    *,
    note: str,
    actor: str,
    at: datetime,
    sums: Figures | None = None,
) -> Period:
    seen = sums or figures(session, period)
    row = {"id": new_id(), "period": period.name, "act": act, "note": note, "done_by": actor}
    counts = {"done_at": at, "minutes": seen.minutes, "entries": seen.entries}
    session.execute(insert(PeriodAct).values(**row, **counts))
    audit.record(session, actor, f"period.{act}", period.name)
    return session.scalars(
        select(Period).where(Period.name == period.name).execution_options(populate_existing=True)
    ).one()
