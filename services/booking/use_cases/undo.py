"""Taking the last tap of a desk back, while nothing else stands on it.

An act is kept with the rows as they stood before it and their versions after it. Undoing writes the
old values back with one UPDATE per row that expects exactly those versions: whoever has touched a row
in between wins, and the undo is refused with the reason. Versions only grow, so listeners follow.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.appointment import Appointment
from services.booking.models.live import touch
from services.booking.models.slot import Slot
from services.booking.models.tap import UNDO_FOR, Tap
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.queries import visits
from services.booking.queries.sessions import known
from services.booking.use_cases import limits
from services.booking.use_cases.acts import rows_of, versions_of
from services.booking.use_cases.line import tell
from services.booking.use_cases.line_rules import explained
from shared import audit
from shared.clock import parse
from shared.database import suite_time
from shared.errors import NotFound

VERBS = {"waiting": "arrived", "serving": "arrived", "called": "called"}
LATER = ("之后又有了变动。", "something else has happened since.")
OVER = ("已经超过两分钟。", "more than two minutes have passed.")
TAKEN = ("工位已经有人了。", "the bench is in use by now.")
SOLD = ("位子已经给了别人。", "the place has gone to somebody else.")
ELSEWHERE = ("这个人已经排了别的队。", "this person stands in another line by now.")


def undo(session: Session, act_id: str, actor_id: str) -> Tap:
    """Take one's own act back; a refusal says what stands in the way."""
    lock = select(Tap).where(Tap.id == act_id, Tap.actor_id == actor_id)
    act = session.scalars(lock.with_for_update()).one_or_none()
    if act is None:
        raise NotFound
    at = suite_time(session)
    if act.undone_at is not None or at > act.at + UNDO_FOR:
        raise _refused(OVER if act.undone_at is None else LATER)
    visit = visits.locked(session, act.visit_id)
    left = visit.session_id
    try:
        _write_back(session, act)
    except IntegrityError as error:
        raise _why(explained(error)) from error
    act.undone_at = at
    session.flush()
    _repoint(session, act)
    _announce(session, act, left)
    audit.record(session, actor_id, "desk.undo", act.id)
    return act


def _write_back(session: Session, act: Tap) -> None:
    """Write the old values over rows that still have the versions of after the act."""
    before, after = act.before, act.after
    booking = after.get("appointment")
    if booking:
        _give_place(session, booking[0], before["appointment"])
    _restore(session, Visit, act.visit_id, after["visit"], before["visit"])
    for id, version in after["tickets"].items():
        values = before["tickets"].get(id)
        if (values is not None and version != before["versions"]["tickets"].get(id)) or (
            values is not None and act.act in ("check_in", "walk_in")
        ):
            _restore(session, Ticket, id, version, values)
    if booking and before["appointment"]:
        _restore(session, Appointment, booking[0], booking[1], before["appointment"])


def _restore(session: Session, model: Any, id: str, version: int, values: dict[str, Any]) -> None:
    table = model.__table__
    kept = {
        name: parse(value) if value and name.endswith(("_at", "_until", "_from")) else value
        for name, value in values.items()
    }
    statement = (
        update(model)
        .where(table.c.id == id, table.c.version == version)
        .values(**kept, version=table.c.version + 1)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]  # DML result
        raise _refused(LATER)


def _give_place(session: Session, id: str, before: dict[str, Any] | None) -> None:
    """Take the place in the slot again that leaving had freed, if nobody else has it; or free it."""
    booking = session.get_one(Appointment, id)
    ways = {("cancelled", "arrived"): booking.devices, ("arrived", "cancelled"): -booking.devices}
    count = ways.get((booking.state, before["state"] if before else ""), 0)
    if not count:
        return
    room = Slot.taken + Slot.held + count <= Slot.open_capacity
    slot = update(Slot).where(Slot.id == booking.slot_id, *([room] if count > 0 else []))
    taken = session.execute(slot.values(taken=Slot.taken + count))
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # DML result
        raise _refused(SOLD)
    if count > 0:
        limits.take(session, known(session, booking.session_id), booking.person_id, over=True)
    else:
        limits.give_back(session, booking.person_id, (booking.week_key, booking.term_key))


def _repoint(session: Session, act: Tap) -> None:
    """Let the act before this one be taken back next: its rows have newer versions, but stand as it left them."""
    earlier = (
        select(Tap)
        .where(Tap.visit_id == act.visit_id, Tap.undone_at.is_(None))
        .where(Tap.at <= act.at, Tap.id != act.id)
        .order_by(Tap.at.desc())
        .limit(1)
    )
    last = session.scalars(earlier).one_or_none()
    if last is not None and last.after == act.before["versions"]:
        last.after = versions_of(rows_of(session, act.visit_id))
        session.flush()


def _announce(session: Session, act: Tap, left: str) -> None:
    found = rows_of(session, act.visit_id)
    visit = found["visit"]
    tell(session, VERBS.get(visit.state, "closed"), visit)
    for id, version in act.after["tickets"].items():
        row = found["tickets"].get(id)
        begun = act.before["tickets"].get(id, {}).get("state") == "started"
        if row is not None and row.version > version and (begun or act.act in ("start", "close")):
            events.ticket(session, "started", row, visit.number)
    booking = found["appointment"]
    if booking is not None and booking.version > act.after["appointment"][1]:
        verbs = {("leave", "arrived"): "booked", ("return", "cancelled"): "cancelled"}
        if verb := verbs.get((act.act, booking.state)):
            events.appointment(session, verb, booking)
    for id in sorted({left, visit.session_id}):
        touch(session, id)


def _why(error: Exception) -> Exception:
    if isinstance(error, errors.BenchBusy):
        return _refused(TAKEN)
    return _refused(ELSEWHERE) if isinstance(error, errors.InLineAlready) else error


def _refused(why: tuple[str, str]) -> errors.NotUndoable:
    return errors.NotUndoable(why_zh=why[0], why_en=why[1])
