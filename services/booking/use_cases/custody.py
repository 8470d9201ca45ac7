"""Keeping a device: taking it in with a tag, saying that it can be fetched, handing it out, undoing."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.errors.custody import (
    KeptAlready,
    NotHere,
    NotInCustody,
    TooLateToUndo,
    WrongPickUpCode,
)
from services.booking.errors.photos import PhotoMissing
from services.booking.models.custody import HELD, UNDO, Custody, TagCounter
from services.booking.models.live import touch
from services.booking.models.photo import Photo
from services.booking.models.ticket import Ticket
from services.booking.queries import custody as queries
from services.booking.queries import visits
from services.booking.use_cases import feedback
from services.booking.use_cases.custody_news import announce_custody
from services.booking.use_cases.hand_back import AS_IT_IS, Taking, hand_back, take_back, way_home
from services.booking.use_cases.ticket_rules import both
from shared import audit
from shared.codes import same_readable
from shared.database import insert_for, suite_time
from shared.errors import Refusal, Stale
from shared.ids import new_id

KEEP_PHOTOS = timedelta(days=400)  # while it is here they stay anyway
KEEP_PHOTOS_AFTER = timedelta(days=30)
WORDS = {
    "stored": ("寄存中，还不能取", "kept, not to be fetched yet"),
    "ready": ("可以取了", "ready to be fetched"),
    "collected": ("已经取走", "handed back already"),
    "disposed": ("已经处理", "disposed of"),
}


@dataclass(frozen=True)
class Intake:
    """What is written down when a device stays; `ready` None: as soon as it has an outcome."""

    shelf: str
    accessories: tuple[str, ...] = ()
    accessories_note: str = ""
    condition: str = ""
    photos: tuple[str, ...] = ()
    ready: bool | None = None


def keep_device(session: Session, ticket_id: str, given: Intake, actor_id: str) -> Custody:
    """Take a device into custody under a new tag; the database refuses to keep it twice."""
    ticket = _locked(session, ticket_id)
    if ticket.state == "cancelled" or ticket.handed_back:
        raise NotHere
    if given.ready:
        refuse_unready(ticket)
    at = suite_time(session)
    ready = given.ready if given.ready is not None else _may_go(ticket)
    row = Custody(
        id=new_id(),
        ticket_id=ticket_id,
        tag=_next_tag(session),
        state="ready" if ready else "stored",
        accessories=list(given.accessories),
        accessories_note=given.accessories_note,
        condition=given.condition,
        shelf=given.shelf,
        stored_at=at,
        stored_by=actor_id,
        ready_at=at if ready else None,
        version=1,
    )
    _insert(session, row)
    _take_photos(session, row, given.photos, actor_id)
    _settle(session, "ready" if ready else "stored", row, actor_id, "custody.keep")
    return row


def make_ready(session: Session, id: str, actor_id: str) -> Custody:
    """Say that the owner can fetch a device; they are told, and reminded from now on.

    It has an outcome by then, and a mains device the safety test that lets it go home.
    """
    refuse_unready(_locked(session, queries.one(session, id).ticket_id))
    values = {"state": "ready", "ready_at": suite_time(session)}
    row = _change(session, id, ("stored",), values)
    _settle(session, "ready", row, actor_id, "custody.ready")
    return row


def follow(session: Session, ticket: Ticket, actor_id: str) -> None:
    """Make a kept device ready once it has an outcome and may go home; unready when that is undone."""
    row = queries.held_of(session, ticket.id)
    if row is None:
        return
    if row.state == "stored" and _may_go(ticket):
        make_ready(session, row.id, actor_id)
    elif row.state == "ready" and ticket.state != "closed":
        row = _change(session, row.id, ("ready",), {"state": "stored", "ready_at": None})
        _settle(session, "stored", row, actor_id, "custody.unready")


def refuse_unready(ticket: Ticket) -> None:
    """Refuse to call somebody for a device that may not go home; one that failed goes disabled."""
    with suppress(errors.TestFailed):
        way_home(ticket)


def amend(session: Session, row: Custody, values: dict[str, Any], actor_id: str) -> Custody:
    """Correct what stands on a device that is here: another shelf, a lid that was found."""
    expected = row.version
    row = _change(session, row.id, HELD, values, version=expected)
    audit.record(session, actor_id, "custody.amend", row.id)
    touch(session, queries.session_of(session, row))
    return row


def check_code(secret: bytes, row: Custody, typed: str) -> None:
    """Refuse a code that is not this device's, taking the same time for any."""
    if not same_readable(secret, queries.code_subject(row.id), typed):
        texts = ("和这件物品的取件码对不上。", "It does not belong to this device.")
        raise WrongPickUpCode(fields={"code": texts})


def collect(
    session: Session, id: str, proof: str, actor_id: str, taking: Taking = AS_IT_IS
) -> Custody:
    """Give the device to its owner through the one door home; of two desks one does."""
    ticket = _locked(session, queries.one(session, id).ticket_id)
    at = suite_time(session)
    values = {"state": "collected", "ended_at": at, "ended_by": actor_id, "proof": proof}
    row = _change(session, id, HELD, values)
    hand_back(session, ticket.id, taking, actor_id=actor_id)
    keep_photos_until(session, row, KEEP_PHOTOS_AFTER)
    _settle(session, "collected", row, actor_id, "custody.collect")
    return row


def undo_collect(session: Session, id: str, actor_id: str) -> Custody:
    """Take a wrong tap back: the device is still on its shelf."""
    row = queries.one(session, id)
    ticket = _locked(session, row.ticket_id)
    if row.ended_at is not None and suite_time(session) - row.ended_at > UNDO:
        raise TooLateToUndo
    state = "ready" if row.ready_at else "stored"
    values = {"state": state, "ended_at": None, "ended_by": None, "proof": None}
    row = _change(session, id, ("collected",), values)
    take_back(session, ticket.id, actor_id)
    _settle(session, state, row, actor_id, "custody.undo")
    return row


def keep_photos_until(session: Session, row: Custody, after: timedelta) -> None:
    """Let the photos of a device that has left go `after` its end."""
    mine = update(Photo).where(Photo.custody_id == row.id)
    session.execute(mine.values(purge_after=(row.ended_at or suite_time(session)) + after))


def _locked(session: Session, ticket_id: str) -> Ticket:
    """Lock the visit of a device, always before its custody, and return its ticket."""
    ticket = visits.ticket(session, ticket_id)
    if ticket.visit_id is None:
        raise NotHere
    return both(session, ticket_id)[0]


def _may_go(ticket: Ticket) -> bool:
    try:
        refuse_unready(ticket)
    except Refusal:
        return False
    return True


def forget_person(session: Session, person_id: str) -> None:
    """Blank what was written about an erased person's devices, what they said, and let the photos go.

    A device that is still here stays under its tag: whoever has the code, or a card, gets it.
    """
    mine = select(Ticket.id).where(Ticket.person_id == person_id)
    words = {"accessories_note": "", "condition": "", "fate_note": ""}
    change = update(Custody).where(Custody.ticket_id.in_(mine)).values(**words)
    session.execute(change.execution_options(synchronize_session=False))
    kept = select(Custody.id).where(Custody.ticket_id.in_(mine))
    feedback.forget_person(session, person_id)
    loose = {"custody_id": None, "purge_after": suite_time(session)}
    session.execute(update(Photo).where(Photo.custody_id.in_(kept)).values(**loose))


def _change(
    session: Session,
    id: str,
    expected: tuple[str, ...],
    values: dict[str, Any],
    version: int | None = None,
) -> Custody:
    """Write it if the device still stands as expected (and, where two may edit, as it was read)."""
    which = (Custody.id == id) & Custody.state.in_(expected)
    if version is not None:
        which = which & (Custody.version == version)
    statement = (
        update(Custody)
        .where(which)
        .values(**values, version=Custody.version + 1)
        .execution_options(synchronize_session=False)
    )
    try:
        done = session.execute(statement).rowcount  # type: ignore[attr-defined]  # DML result
    except IntegrityError as error:
        raise _explained(error) from error
    row = queries.one(session, id)
    if done != 1:
        raise Stale if row.state in expected else wrong_state(row)
    return row


def wrong_state(row: Custody) -> NotInCustody:
    """Return the refusal that says how a device stands."""
    zh, en = WORDS[row.state]
    return NotInCustody(tag=row.tag, now_zh=zh, now_en=en)


def _insert(session: Session, row: Custody) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise _explained(error) from error


def _explained(error: IntegrityError) -> Exception:
    """Return the rule that a constraint stands for; the error itself where it is none."""
    said = str(error.orig)
    if "uq_custody_held_ticket" in said or "custody.ticket_id" in said:
        return KeptAlready()
    return error


def _next_tag(session: Session) -> str:
    statement = insert_for(session, TagCounter.__table__).values(name="custody", next=2)
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_={"next": TagCounter.next + 1}
    ).returning(TagCounter.next)
    return f"K{int(session.execute(statement).scalar_one()) - 1:04d}"


def _take_photos(session: Session, row: Custody, photos: tuple[str, ...], actor_id: str) -> None:
    """Let photos that the desk has just taken belong to the device."""
    wanted = set(photos)
    if not wanted:
        return
    mine = select(Photo.id).where(
        Photo.id.in_(wanted),
        Photo.owner_id == actor_id,
        Photo.custody_id.is_(None),
        Photo.purge_after > row.stored_at,
    )
    if set(session.scalars(mine)) != wanted:
        raise PhotoMissing(fields={"photos": ("请重新拍一次。", "Please take it again.")})
    kept = update(Photo).where(Photo.id.in_(wanted))
    session.execute(kept.values(custody_id=row.id, purge_after=row.stored_at + KEEP_PHOTOS))


def _settle(session: Session, verb: str, row: Custody, actor_id: str, action: str) -> None:
    announce_custody(session, verb, row)
    audit.record(session, actor_id, action, row.id)
    touch(session, queries.session_of(session, row))
