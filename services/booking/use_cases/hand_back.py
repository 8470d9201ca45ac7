"""Handing a device back: after its outcome, safe, or failed and made unusable; and undoing a wrong tap.

The one door home for a device. Whatever keeps devices (a shelf, a pick-up code) ends here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.hand_back import DISABLED, NO_TEST, TESTED, HandBack
from services.booking.models.safety import FAILED, PASSED, SafetyTest
from services.booking.models.ticket import MAINS, Ticket
from services.booking.queries import custody
from services.booking.use_cases.ticket_rules import both, change, out_of_state, tell
from shared import audit
from shared.database import suite_time
from shared.ids import new_id

KEEP_NAMES = timedelta(days=3 * 365)  # as long as somebody may ask who took an unsafe device away


@dataclass(frozen=True)
class Taking:
    """How a device leaves: as it is, or disabled, with the name its taker wrote to say they know."""

    disabled: bool = False
    acknowledged_by: str = ""


AS_IT_IS = Taking()


def hand_back(
    session: Session,
    ticket_id: str,
    taking: Taking = AS_IT_IS,
    *,
    actor_id: str,
    occurred_at: datetime | None = None,
) -> Ticket:
    """Give a device with an outcome back to its owner, or say by a `Refusal` why it must stay.

    A mains device needs a safety test that passed and has seen no work since. One that failed leaves
    only `disabled` (its plug cut off), acknowledged by whoever takes it. `occurred_at` is the device's
    time, never ahead of the suite's and never before the outcome.
    """
    ticket, visit = both(session, ticket_id)
    kept = custody.held_of(session, ticket.id)
    if kept is not None:  # whoever fetches it shows the code, and custody ends first
        raise errors.KeptHere(tag=kept.tag)
    how = way_home(ticket, taking)
    test = _last_test(session, ticket.id) if how != NO_TEST else None
    at = suite_time(session)
    left = max(min(occurred_at or at, at), ticket.closed_at or at)
    values = {"handed_back": how, "handed_back_at": left, "supply": ticket.power}
    ticket = change(session, ticket, ("closed",), values)
    row = HandBack(
        id=new_id(),
        ticket_id=ticket.id,
        how=how,
        safety_test_id=test.id if test else None,
        test_passed=test.passed if test else None,
        acknowledged_by=taking.acknowledged_by.strip() if how == DISABLED else "",
        by=actor_id,
        handed_back_at=left,
        recorded_at=at,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor_id, f"ticket.hand_back_{how}", ticket.id)
    tell(session, "handed_back", ticket, visit)
    return ticket


def way_home(ticket: Ticket, taking: Taking = AS_IT_IS) -> str:
    """Return how a device may leave as it stands: no_test | tested | disabled."""
    if ticket.handed_back or ticket.state != "closed":
        raise out_of_state(ticket)
    if ticket.safety == FAILED:
        return _way_disabled(taking)
    if taking.disabled:
        raise errors.NothingToDisable
    if ticket.safety == PASSED:
        return TESTED
    if ticket.power is None:
        raise errors.PowerUnknown
    if ticket.power == MAINS:
        raise errors.NotTested
    return NO_TEST


def take_back(session: Session, ticket_id: str, actor_id: str) -> Ticket:
    """Undo a hand-back that was a wrong tap: the device is still here. The record of it is kept."""
    ticket, visit = both(session, ticket_id)
    mine = (Ticket.id == ticket.id) & Ticket.handed_back.is_not(None)
    values = {"handed_back": None, "handed_back_at": None}
    statement = update(Ticket).where(mine).values(**values, version=Ticket.version + 1)
    done = session.execute(statement, execution_options={"synchronize_session": False})
    if done.rowcount != 1:  # type: ignore[attr-defined]  # DML result
        raise errors.NotGone
    session.refresh(ticket)
    stands = (HandBack.ticket_id == ticket.id) & HandBack.undone_at.is_(None)
    undone = {"undone_at": suite_time(session), "undone_by": actor_id}
    session.execute(update(HandBack).where(stands).values(**undone))
    audit.record(session, actor_id, "ticket.take_back", ticket.id)
    tell(session, "handed_back", ticket, visit)
    return ticket


def forget_acknowledgements(session: Session) -> None:
    """Erase the names under old acknowledgements."""
    old = (HandBack.acknowledged_by != "") & (
        HandBack.recorded_at < suite_time(session) - KEEP_NAMES
    )
    session.execute(update(HandBack).where(old).values(acknowledged_by=""))


def forget_person(session: Session, person_id: str) -> None:
    """Erase the names under what an erased person took away."""
    theirs = select(Ticket.id).where(Ticket.person_id == person_id)
    session.execute(
        update(HandBack)
        .where(HandBack.ticket_id.in_(theirs))
        .values(acknowledged_by="")
        .execution_options(synchronize_session=False)
    )


def _way_disabled(taking: Taking) -> str:
    if not taking.disabled:
        raise errors.TestFailed
    if not taking.acknowledged_by.strip():
        text = ("请让取走的人写下名字。", "Whoever takes it writes their name.")
        raise errors.NotAcknowledged(fields={"acknowledged_by": text})
    return DISABLED


def _last_test(session: Session, ticket_id: str) -> SafetyTest:
    tests = select(SafetyTest).where(SafetyTest.ticket_id == ticket_id)
    return session.scalars(tests.order_by(SafetyTest.number.desc()).limit(1)).one()
