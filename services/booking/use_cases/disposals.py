"""Deciding what becomes of a device that nobody fetches: a person does, late, and it is written down."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.booking.errors.common import local
from services.booking.errors.custody import TooEarlyToDispose, UndecidedDay
from services.booking.models.custody import Custody, CustodyPolicy
from services.booking.models.live import touch
from services.booking.queries import custody as queries
from services.booking.queries.sessions import known
from services.booking.use_cases.custody import KEEP_PHOTOS_AFTER, keep_photos_until, wrong_state
from services.booking.use_cases.custody_news import announce_custody
from shared import audit
from shared.database import insert_if_absent, suite_time
from shared.errors import Stale

LONGEST = timedelta(days=366)


def dispose(session: Session, id: str, fate: str, note: str, actor_id: str) -> Custody:
    """Give up a device whose time is over: recycled, donated or used for parts."""
    row = queries.one(session, id)
    if row.state != "ready":
        raise wrong_state(row)
    at, from_ = suite_time(session), row.decide_from(queries.policy(session)["disposal_days"])
    if from_ is not None and at < from_:
        zone = known(session, queries.session_of(session, row)).zone
        raise TooEarlyToDispose(day=local(from_, zone))
    values = {"state": "disposed", "fate": fate, "fate_note": note}
    row = _change(session, row, values | {"ended_at": at, "ended_by": actor_id})
    keep_photos_until(session, row, KEEP_PHOTOS_AFTER)
    announce_custody(session, "disposed", row)
    audit.record(session, actor_id, "custody.dispose", id)
    touch(session, queries.session_of(session, row))
    return row


def put_off(session: Session, id: str, until: datetime, actor_id: str) -> Custody:
    """Keep a device until a later day; the decision waits until then."""
    row, at = queries.one(session, id), suite_time(session)
    if row.state != "ready":
        raise wrong_state(row)
    if not at < until <= at + LONGEST:
        raise UndecidedDay(fields={"until": ("请选今天以后的日期。", "A day after today, please.")})
    row = _change(session, row, {"keep_until": until})
    audit.record(session, actor_id, "custody.put_off", id)
    return row


def set_policy(
    session: Session, rework_days: int, disposal_days: int, version: int, actor_id: str
) -> None:
    """Change within how many days a device is a rework, and after how many one decides."""
    values = {"rework_days": rework_days, "disposal_days": disposal_days}
    stamp = {"changed_at": suite_time(session), "changed_by": actor_id}
    first = {"id": "all", "version": 1, **values, **stamp}
    if version == 0 and insert_if_absent(session, CustodyPolicy, first, key=["id"]):
        return audit.record(session, actor_id, "custody.policy", "all")
    which = (CustodyPolicy.id == "all") & (CustodyPolicy.version == version)
    changed = update(CustodyPolicy).where(which).values(**values, **stamp, version=version + 1)
    if session.execute(changed).rowcount != 1:  # type: ignore[attr-defined]  # DML result
        raise Stale
    return audit.record(session, actor_id, "custody.policy", "all")


def _change(session: Session, row: Custody, values: dict[str, object]) -> Custody:
    """Write it if the device still stands as it was read: its owner may just be here."""
    guard = (Custody.version == row.version) & (Custody.state == "ready")
    statement = (
        update(Custody)
        .where(Custody.id == row.id, guard)
        .values(**values, version=row.version + 1)
        .execution_options(synchronize_session=False)
    )
    done = session.execute(statement).rowcount  # type: ignore[attr-defined]  # DML result
    newest = queries.one(session, row.id)
    if done != 1:
        raise wrong_state(newest)
    return newest
