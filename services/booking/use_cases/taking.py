"""The places of a slot: taken, taken from what an offer holds, given back. One UPDATE decides."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.slot import Slot
from services.booking.use_cases.booking_rules import refuse_second
from shared.database import one_row, suite_now
from shared.errors import Conflict

TRIES = 5


def take(
    session: Session, slot_id: str, count: int, person_id: str, moving: str | None = None
) -> None:
    """One UPDATE against the open capacity decides; afterwards we only ask why it said no.

    Where there is room again by the time we ask, somebody has just left: it is tried anew.
    """
    for _ in range(TRIES):
        sold = session.execute(
            update(Slot)
            .where(Slot.id == slot_id, ~Slot.retired, Slot.starts_at > suite_now())
            .where(Slot.taken + Slot.held + count <= Slot.open_capacity)
            .values(taken=Slot.taken + count)
            .execution_options(synchronize_session=False)
        )
        if sold.rowcount == 1:  # type: ignore[attr-defined]  # DML gives a cursor
            return
        _explain(session, slot_id, count, person_id, moving)
    raise Conflict


def take_held(session: Session, slot_id: str, count: int) -> None:
    """Turn places that an offer holds into taken ones: a promise, even where a volunteer left since."""
    values = {"held": Slot.held - count, "taken": Slot.taken + count}
    kept = (Slot.id == slot_id) & (Slot.held >= count) & ~Slot.retired
    statement = update(Slot).where(kept, Slot.starts_at > suite_now()).values(**values)
    one_row(session.execute(statement), errors.OfferOver())


def release(session: Session, slot_id: str, count: int) -> None:
    """Give `count` devices' places of a slot back."""
    session.execute(update(Slot).where(Slot.id == slot_id).values(taken=Slot.taken - count))


def _explain(
    session: Session, slot_id: str, count: int, person_id: str, moving: str | None
) -> None:
    fresh = {"populate_existing": True}
    slot = session.scalars(select(Slot).where(Slot.id == slot_id), execution_options=fresh).one()
    refuse_second(session, person_id, slot, moving)
    if slot.open_capacity == 0:
        raise errors.WaitingForVolunteers
    if slot.free == 0:
        raise errors.SlotFull
    if slot.free < count:
        raise errors.NotEnoughRoom(free=slot.free)
