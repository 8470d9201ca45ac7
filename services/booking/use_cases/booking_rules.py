"""The rules of a booking that can be told before the database decides, and who they refuse."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.errors.feedback import ReworkOpen
from services.booking.models.appointment import LIVE, Appointment
from services.booking.models.draw import DRAW, WINDOW, Draw
from services.booking.models.photo import Photo
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.window import refuse_closed
from services.booking.use_cases import limits
from shared.database import suite_now, suite_time
from shared.errors import Refusal


@dataclass(frozen=True)
class Device:
    """What somebody wants to bring; `category_id` is one of the Open Repair Data Standard.

    `rework_of` is the ticket of the same device, repaired a short while ago.
    """

    category_id: int
    brand: str = ""
    problem: str = ""
    photo_id: str | None = None
    rework_of: str | None = None


@dataclass(frozen=True)
class Wish:
    """A booking that is asked for: by `actor_id`, for `person_id` (themselves unless staff).

    `drawn`: a draw seats them, so its own first minute is no obstacle. `held`: the places are kept
    for them by an offer of the waitlist, a promise that outlasts the closing of the booking.
    """

    slot_id: str
    person_id: str
    actor_id: str
    devices: tuple[Device, ...]
    staff: bool = False
    drawn: bool = False
    held: bool = False
    waiver_version: int | None = None

    @property
    def by(self) -> str:
        """Who books: self | staff."""
        return "self" if self.actor_id == self.person_id else "staff"

    @property
    def has_reworks(self) -> bool:
        """Whether a device is said to be back from a repair: that is looked up before it is booked."""
        return any(device.rework_of for device in self.devices)

    @property
    def photos(self) -> list[str]:
        """The distinct photos that come along."""
        return sorted({device.photo_id for device in self.devices if device.photo_id})


def refuse_rules(
    session: Session, wish: Wish, slot: Slot, row: ServiceSession, moving: str | None = None
) -> None:
    """Say which rule stands in the way, the capacity aside: only the UPDATE knows that."""
    if row.state != "published":
        raise errors.SessionCancelled
    if not row.is_repair:
        raise errors.NoSlotsHere
    at = suite_time(session)
    refuse_closed(at, slot.starts_at, row, staff=wish.staff, promised=wish.held)
    if not (wish.staff or wish.drawn or wish.held):
        refuse_draw(session, at, row)
    refuse_devices(wish, row)
    if moving is None:
        refuse_photos(session, wish)
    refuse_second(session, wish.person_id, slot, moving)


def breaks_rules(session: Session, wish: Wish, slot: Slot, row: ServiceSession) -> bool:
    """Whether staff book for somebody what that person could not book alone."""
    at = suite_time(session)
    try:
        refuse_closed(at, slot.starts_at, row, staff=False, promised=wish.held)
        refuse_draw(session, at, row)
    except Refusal:
        return True
    return limits.reached(session, row, wish.person_id) is not None


def refuse_draw(session: Session, at: datetime, row: ServiceSession) -> None:
    """Refuse to book or wait before the draw is over, and say where to go instead."""
    if row.opening != DRAW:
        return
    draw = session.get(Draw, row.id, populate_existing=True)
    if draw is not None and not draw.is_over:
        raise errors.DrawOpen if at < row.booking_opens_at + WINDOW else errors.DrawSoon


def refuse_devices(wish: Wish, row: ServiceSession) -> None:
    """Refuse more devices than one may bring, and kinds that are not repaired here."""
    if len(wish.devices) > row.max_devices and not wish.held:
        texts = (f"最多 {row.max_devices} 件。", f"At most {row.max_devices}.")
        raise errors.TooManyDevices(most=row.max_devices, fields={"devices": texts})
    refused = {
        f"devices.{index}.category_id": ("这里不修这类物品。", "Not repaired in this session.")
        for index, device in enumerate(wish.devices)
        if not row.accepts(device.category_id)
    }
    if refused:
        raise errors.CategoryRefused(fields=refused)


def refuse_photos(session: Session, wish: Wish) -> None:
    """Refuse photos that are not there any more, or somebody else's."""
    if not wish.photos:
        return
    mine = select(Photo.id).where(
        Photo.id.in_(wish.photos),
        Photo.owner_id.in_([wish.actor_id, wish.person_id]),
        Photo.purge_after > suite_now(),
    )
    known = set(session.scalars(mine))
    missing = {
        f"devices.{index}.photo_id": ("请重新添加照片。", "Please add the photo again.")
        for index, device in enumerate(wish.devices)
        if device.photo_id and device.photo_id not in known
    }
    if missing:
        raise errors.PhotoMissing(fields=missing)


def refuse_second(
    session: Session, person_id: str, slot: Slot, moving: str | None, *, overlaps: bool = True
) -> None:
    """Refuse a second live place in the session, or one at the same time (`moving` aside)."""
    overlap = (
        (Appointment.starts_at < slot.ends_at)
        & (Appointment.ends_at > slot.starts_at)
        & ~Appointment.moved_along
    )
    others = select(Appointment.session_id).where(
        Appointment.person_id == person_id,
        Appointment.state.in_(LIVE),
        Appointment.id != (moving or ""),
        or_(Appointment.session_id == slot.session_id, overlap),
    )
    found = set(session.scalars(others))
    if slot.session_id in found:
        raise errors.AlreadyBooked
    if found and overlaps:
        raise errors.Overlapping


def refuse_late(session: Session, appointment: Appointment, act: str, *, staff: bool) -> None:
    """Refuse to `cancel` or `move` after its cut-off (staff and those the session moved still may)."""
    if appointment.state != "booked":
        raise errors.NotLive
    if staff:
        return
    row = session.get_one(ServiceSession, appointment.session_id)
    at, until = suite_time(session), appointment.until(act, row.cutoffs[act])
    if at <= until or (appointment.may_leave_freely and at < appointment.starts_at):
        return
    late = errors.TooLate if act == "cancel" else errors.TooLateToMove
    raise late(until=errors.local(until, row.zone))


def explained(error: IntegrityError) -> Exception:
    """Return the rule that a constraint of ours stands for; the error itself where it is none."""
    said = str(error.orig)
    if "ex_appointment_person_overlap" in said:
        return errors.Overlapping()
    if "uq_appointment_live" in said or "appointment.person_id, appointment.session_id" in said:
        return errors.AlreadyBooked()
    if "uq_ticket_open_rework" in said or "ticket.rework_of" in said:
        return ReworkOpen()
    if "ck_slot_taken" in said:
        return errors.SlotFull()
    return error
