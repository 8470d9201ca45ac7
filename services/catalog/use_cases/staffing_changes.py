"""Changing the staffing of many sessions at once: look first, do it, take it back."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session as Db

from services.catalog import events
from services.catalog.errors import (
    AlreadyCancelled,
    AlreadyOver,
    AlreadyUndone,
    BadSession,
    BadStaffingChange,
    NothingChanges,
    TooLateToUndo,
)
from services.catalog.models import Session, StaffingChange
from services.catalog.models.need import Need
from services.catalog.models.plan import check_plan
from services.catalog.models.staffing_change import UNDO_FOR, StaffingWish
from services.catalog.queries.staffing import change_by_id, sessions_by_id
from shared import audit
from shared.database import one_row, suite_time
from shared.errors import Stale
from shared.ids import new_id


@dataclass(frozen=True)
class Look:
    """What would become of one session; ``problem`` says in both languages why it cannot be so."""

    session: Session
    before: tuple[Need, ...]
    after: tuple[Need, ...]
    problem: tuple[str, str] | None

    @property
    def changes(self) -> bool:
        """Tell whether anything would be different."""
        return self.before != self.after


def look_at_change(db: Db, asked: dict[str, Any], *, lock: bool = False) -> list[Look]:
    """Return what the change would make of each session, in the order of their start."""
    wish = StaffingWish(**asked["edit"])
    ids = [one["id"] for one in asked["sessions"]]
    return [_look(session, wish) for session in sessions_by_id(db, ids, lock=lock)]


def change_staffing(db: Db, actor_id: str, asked: dict[str, Any]) -> StaffingChange:
    """Do to all of these sessions what was looked at, or to none of them.

    Raises ``Stale`` where one has changed since, ``BadStaffingChange`` where it does not fit one,
    ``NothingChanges`` where all of them are like that already.
    """
    seen = {one["id"]: one["version"] for one in asked["sessions"]}
    looks = look_at_change(db, asked, lock=True)
    if any(look.session.version != seen[look.session.id] for look in looks):
        raise Stale
    wrong = {f"sessions.{n}": look.problem for n, look in enumerate(looks) if look.problem}
    if wrong:
        raise BadStaffingChange(fields=wrong)
    changing = [look for look in looks if look.changes]
    if not changing:
        raise NothingChanges
    done = [_write(db, actor_id, look.session, look.after) for look in changing]
    change = StaffingChange(
        id=new_id(), edit=asked["edit"], sessions=done, made_at=suite_time(db), undone_at=None
    )
    db.add(change)
    db.flush()
    audit.record(db, actor_id, "staffing.change", change.id)
    return change


def undo_change(db: Db, actor_id: str, id: str) -> tuple[StaffingChange, list[str]]:
    """Give the sessions their staffing back; those changed or ended since keep theirs and are named.

    Who was released from a shift is not put back: the shift is there again, and can be taken.
    """
    change = change_by_id(db, id)
    at = suite_time(db)
    if at > change.undo_until and change.undone_at is None:
        raise TooLateToUndo(hours=int(UNDO_FOR.total_seconds() // 3600))
    only_once = (
        update(StaffingChange)
        .where(StaffingChange.id == id, StaffingChange.undone_at.is_(None))
        .values(undone_at=at)
        .execution_options(synchronize_session=False)
    )
    one_row(db.execute(only_once), AlreadyUndone())
    db.refresh(change)
    known = {one["id"]: one for one in change.sessions}
    left = []
    for session in sessions_by_id(db, list(known), lock=True):
        one = known[session.id]
        if session.version != one["version"] or _why_not(session):
            left.append(session.id)
            continue
        needs = tuple(Need.from_json(need, index) for index, need in enumerate(one["before"]))
        _write(db, actor_id, session, needs)
    audit.record(db, actor_id, "staffing.undo", change.id)
    return change, left


def _look(session: Session, wish: StaffingWish) -> Look:
    before = session.needs
    after = wish.done_to(before, session.starts_at, session.ends_at, session.next_position)
    return Look(session, before, after, _why_not(session) or _does_not_fit(session, after))


def _why_not(session: Session) -> tuple[str, str] | None:
    try:
        session.check_changeable()
    except (AlreadyCancelled, AlreadyOver) as refusal:
        return refusal.zh, refusal.en
    return None


def _does_not_fit(session: Session, needs: tuple[Need, ...]) -> tuple[str, str] | None:
    try:
        check_plan(replace(session.plan, staffing=needs), session.offering, session.venue)
    except BadSession as refusal:
        return next(iter(refusal.fields.values()))
    return None


def _write(db: Db, actor_id: str, session: Session, needs: tuple[Need, ...]) -> dict[str, Any]:
    before = session.announced_staffing
    session.follow(replace(session.plan, staffing=needs), session.venue)
    db.flush()
    if session.is_published:
        events.session_changed(db, session)
    audit.record(db, actor_id, "session.change", session.id)
    return {"id": session.id, "version": session.version, "before": before}
