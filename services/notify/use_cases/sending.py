"""Sending what is due: lease in one transaction, hand over, record in another.

Two workers never send the same row: a row is leased by one UPDATE, the moment from which the mail
server may have it is written under that lease, and a lease that ran out after that moment becomes
``unknown``, never a second mail.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from services.notify.events import delivery_failed
from services.notify.models import Contact, Delivery
from services.notify.models.delivery import APP, FAILED, SENT, SKIPPED, UNKNOWN, WAITING
from services.notify.settings import Settings
from services.notify.use_cases.deciding import reason_not_to, refresh
from services.notify.use_cases.mails import BadAddress, Sender, mail
from services.notify.use_cases.post import Hatch, Outcome, ServerAway, hatch
from shared.database import Database, suite_time
from shared.ids import new_id

BATCH = 20
LEASE = timedelta(minutes=10)
FIRST_DELAY, LONGEST_DELAY = 15.0, 1800.0
FINAL = (SENT, FAILED, UNKNOWN, SKIPPED)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ready:
    """A leased mail that is made and decided: nothing stands in its way."""

    delivery: Delivery
    message: EmailMessage

    @property
    def name(self) -> str:
        """The file name that a folder keeps it under: sortable, and always the same."""
        return f"{self.delivery.due_at:%Y%m%dT%H%M%S.%f}-{self.delivery.id}"


def send_due(database: Database, settings: Settings, limit: int = BATCH) -> int:
    """Send one batch of what is due; return how many rows were taken up."""
    lease = new_id()
    with database.transaction() as session:
        give_up_lost(session)
        leased = lease_due(session, lease, limit)
    ready = prepare(database, settings, leased, lease)
    if ready:
        _send(database, settings, ready, lease)
    return len(leased)


def lease_due(session: Session, lease: str, limit: int) -> Sequence[Delivery]:
    """Take up to ``limit`` due rows that nobody else holds, oldest first."""
    at = suite_time(session)
    due = (
        (Delivery.state == WAITING)
        & (Delivery.next_at <= at)
        & Delivery.handed_at.is_(None)
        & or_(Delivery.leased_until.is_(None), Delivery.leased_until <= at)
    )
    first = select(Delivery.id).where(due).order_by(Delivery.next_at, Delivery.id).limit(limit)
    taken = (
        update(Delivery)
        .where(Delivery.id.in_(first.with_for_update(skip_locked=True)), due)
        .values(lease=lease, leased_until=at + LEASE, attempts=Delivery.attempts + 1)
    )
    result = session.execute(taken.execution_options(synchronize_session=False))
    if not result.rowcount:  # type: ignore[attr-defined]  # DML result
        return []
    mine = select(Delivery).where(Delivery.lease == lease, Delivery.state == WAITING)
    return session.scalars(mine.order_by(Delivery.next_at, Delivery.id)).all()


def give_up_lost(session: Session) -> None:
    """Say ``unknown`` where a worker stopped after the mail server may have got the mail."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.state == WAITING,
            Delivery.handed_at.is_not(None),
            Delivery.leased_until <= suite_time(session),
        )
        .values(state=UNKNOWN, reason="worker_stopped")
        .execution_options(synchronize_session=False)
    )


def prepare(
    database: Database, settings: Settings, leased: Sequence[Delivery], lease: str
) -> list[Ready]:
    """Decide about each leased row and make its mail; what needs no mail server is recorded here."""
    sender = Sender(settings.mail_from, settings.public_url, settings.token_keys)
    ready: list[Ready] = []
    for delivery in leased:
        try:
            with database.transaction() as session:
                made = _prepare_one(session, session.merge(delivery, load=False), lease, sender)
        except Exception as problem:  # noqa: BLE001 - one bad message never stops the rest
            log.warning("delivery.broken", delivery_id=delivery.id, error=repr(problem))
            record(database, delivery, lease, Outcome(WAITING, "broken"))
            continue
        if made:
            ready.append(Ready(delivery, made))
    return ready


def record(database: Database, delivery: Delivery, lease: str, outcome: Outcome) -> None:
    """Write down how it went, if the row is still ours (or was given up as unknown meanwhile)."""
    with database.transaction() as session:
        _record(session, delivery, lease, outcome)


def backoff(attempt: int) -> timedelta:
    """Return the wait before the next attempt: doubling from 15 s to 30 min, with jitter."""
    longest = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(attempt - 1, 10))
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))  # noqa: S311 - no secret


def _send(database: Database, settings: Settings, ready: Sequence[Ready], lease: str) -> None:
    left = list(ready)
    while left:
        try:
            with hatch(settings.smtp_url, settings.smtp_timeout) as way:
                _converse(database, way, left, lease)
        except (ServerAway, OSError) as problem:
            log.warning("mail.server_away", error=str(problem), waiting=len(left))
            for one in left:
                record(database, one.delivery, lease, Outcome(WAITING, "server_away"))
            return


def _converse(database: Database, way: Hatch, left: list[Ready], lease: str) -> None:
    """Send as many of ``left`` as one conversation bears; whoever ends it is taken off the list."""
    while left:
        one = left.pop(0)
        try:
            outcome = _hand(database, way, one, lease)
        except (ServerAway, OSError) as problem:
            away = Outcome(WAITING, "server_away", str(problem)[:200])
            record(database, one.delivery, lease, away)
            return
        if outcome:
            record(database, one.delivery, lease, outcome)
        if outcome and outcome.state == UNKNOWN:
            return


def _hand(database: Database, way: Hatch, one: Ready, lease: str) -> Outcome | None:
    return way.hand(one.message, one.name, lambda: _mark_handed(database, one.delivery.id, lease))


def _mark_handed(database: Database, id: str, lease: str) -> bool:
    with database.transaction() as session:
        result = session.execute(
            update(Delivery)
            .where(Delivery.id == id, Delivery.lease == lease, Delivery.state == WAITING)
            .values(handed_at=suite_time(session))
        )
    return bool(result.rowcount)  # type: ignore[attr-defined]  # DML result


def _prepare_one(
    session: Session, delivery: Delivery, lease: str, sender: Sender
) -> EmailMessage | None:
    contact = session.get(Contact, delivery.recipient)
    reason = reason_not_to(session, delivery, contact)
    if reason:
        _record(session, delivery, lease, _not_sent(delivery, reason))
        return None
    refresh(session, delivery)
    if delivery.channel == APP or contact is None:
        _record(session, delivery, lease, Outcome(SENT))
        return None
    try:
        return mail(session, delivery, contact, sender)
    except BadAddress as problem:
        _record(session, delivery, lease, Outcome(FAILED, "bad_address", str(problem)[:200]))
        return None


def _not_sent(delivery: Delivery, reason: str) -> Outcome:
    tried = delivery.reason in ("server_away", "refused_for_now", "broken")
    if reason == "too_late" and tried:  # it was tried until it made no sense any more
        return Outcome(FAILED, delivery.reason, delivery.answer)
    return Outcome(SKIPPED, reason)


def _record(session: Session, delivery: Delivery, lease: str, outcome: Outcome) -> None:
    at = suite_time(session)
    result = session.execute(
        update(Delivery)
        .where(
            Delivery.id == delivery.id,
            Delivery.lease == lease,
            Delivery.state.in_((WAITING, UNKNOWN)),
        )
        .values(**_values(delivery, outcome, at))
        .execution_options(synchronize_session=False)
    )
    if result.rowcount and outcome.state == FAILED:  # type: ignore[attr-defined]  # DML result
        delivery_failed(session, delivery, outcome.reason or "refused")


def _values(delivery: Delivery, outcome: Outcome, at: datetime) -> dict[str, object]:
    values: dict[str, object] = {
        "state": outcome.state,
        "reason": outcome.reason,
        "answer": outcome.answer,
    }
    if outcome.state == WAITING:
        wait = at + backoff(delivery.attempts)
        values |= {"lease": None, "leased_until": None, "handed_at": None, "next_at": wait}
    if outcome.state == SENT:
        values |= {"sent_at": at}
    if outcome.state in FINAL and delivery.params.get("secret"):
        values |= {"params": {"secret": True}}
    return values
