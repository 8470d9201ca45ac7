"""Going as two: one asks, the other agrees; from then on they are offered places together."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.waitlist import LIVE, WaitlistEntry
from services.booking.use_cases import waitlist
from services.booking.use_cases.waitlist_offers import promote
from services.booking.use_cases.waitlist_rules import explained, refuse_waiting
from shared import audit
from shared.errors import NotFound
from shared.ids import new_id


def come_along(session: Session, id: str, person_id: str, devices: int) -> WaitlistEntry:
    """Agree to come together with who waits as `id`; return the own entry, made where there is none.

    Nobody is overtaken: both keep their ranks, and while they go together the later one counts.
    """
    asking = session.get(WaitlistEntry, id)
    if asking is None:
        raise NotFound
    row = waitlist.locked(session, asking.session_id)
    session.refresh(asking)
    _refuse_pair(session, asking, person_id)
    mine = waitlist.live_of(session, row.id, person_id)
    if mine is None:
        refuse_waiting(session, row, person_id, devices, asking.wishes, staff=False, alone=False)
        mine = waitlist.add(session, row, person_id, devices, list(asking.wishes), by="self")
    elif mine.state != "waiting" or partner_of(session, mine) is not None:
        raise errors.WaitsAlready
    _join(session, row, asking, mine)
    audit.record(session, person_id, "waitlist.pair", mine.id)
    touch(session, row.id)
    return mine


def partner_of(session: Session, entry: WaitlistEntry) -> WaitlistEntry | None:
    """Return who waits or is offered a place together with this entry."""
    if entry.pair_id is None:
        return None
    other = select(WaitlistEntry).where(
        WaitlistEntry.pair_id == entry.pair_id,
        WaitlistEntry.id != entry.id,
        WaitlistEntry.state.in_(LIVE),
    )
    return session.scalars(other).one_or_none()


def part(session: Session, id: str, actor_id: str) -> WaitlistEntry:
    """Go on alone, each with their own rank; both keep waiting."""
    entry, row = waitlist.mine(session, id, actor_id, staff=False)
    other = partner_of(session, entry)
    if entry.state != "waiting" or other is None:
        raise errors.NotTogether
    waitlist.alone(session, entry)
    if other.state == "waiting":
        waitlist.alone(session, other)
    for one in (entry, other):
        if one.state == "waiting":
            events.waitlist(session, "joined", one, waitlist.place(session, one), pair="ended")
    promote(session, row)
    audit.record(session, actor_id, "waitlist.part", id)
    touch(session, row.id)
    return entry


def _refuse_pair(session: Session, asking: WaitlistEntry, person_id: str) -> None:
    if asking.person_id == person_id:
        raise errors.WithOneself
    if asking.state == "offered":
        raise errors.HasAnOffer
    if asking.state != "waiting":
        raise errors.NotWaiting
    if partner_of(session, asking) is not None:
        raise errors.TwoAlready


def _join(
    session: Session, row: ServiceSession, first: WaitlistEntry, second: WaitlistEntry
) -> None:
    pair_id = new_id()
    for seat, one in enumerate((first, second), start=1):
        one.pair_id, one.pair_seat = pair_id, seat
        one.version += 1
    try:
        session.flush()
    except IntegrityError as error:
        raise explained(error) from error
    for one in (first, second):
        events.waitlist(session, "joined", one, waitlist.place(session, one), pair="formed")
    promote(session, row)
