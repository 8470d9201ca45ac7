"""A waitlist place: somebody who wants a slot that is full, and the offer that holds one for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json, UtcDateTime

LIVE = ("waiting", "offered")
STATES = ("waiting", "offered", "claimed", "expired", "left", "ended", "over")
_LIVE_SQL = text("state IN ('waiting', 'offered')")

SHARE = 4  # an offer lasts a quarter of the time that is left
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=12)
OF_USE = timedelta(minutes=20)  # before the start: later, nobody could make it
NIGHT_FROM, NIGHT_TO = 22, 8  # o'clock at the venue: the time of an offer stands still


class WaitlistEntry(Base):
    """State: waiting | offered | claimed | expired | left | ended (the session is cancelled) | over.

    `rank` orders the waitlist of a session, smaller is earlier; it never changes. `wishes` are slot
    ids, the favourite first; none means any time. `passed` are slots the person did not want. An
    offer names the slot it holds `devices` places of (`slot.held`), until `expires_at`.
    One live entry per person and session (partial unique index).
    Two who want to come together share a `pair_id` (seat 1 asked, seat 2 agreed): while both live
    their turn is the later of their two ranks, and both are offered places at once, or neither.
    """

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'offered', 'claimed', 'expired', 'left', 'ended', 'over')",
            name="state",
        ),
        CheckConstraint(
            "(pair_id IS NULL) = (pair_seat IS NULL) AND (pair_seat IS NULL OR pair_seat IN (1, 2))",
            name="pair",
        ),
        CheckConstraint("devices >= 1", name="devices"),
        CheckConstraint(
            "(state = 'offered') = (slot_id IS NOT NULL AND expires_at IS NOT NULL)", name="offer"
        ),
        Index(
            "uq_waitlist_entry_live_person_session",
            "person_id",
            "session_id",
            unique=True,
            postgresql_where=_LIVE_SQL,
            sqlite_where=_LIVE_SQL,
        ),
        Index(
            "uq_waitlist_entry_live_pair_seat",
            "pair_id",
            "pair_seat",
            unique=True,
            postgresql_where=_LIVE_SQL,
            sqlite_where=_LIVE_SQL,
        ),
        Index("ix_waitlist_entry_session_id_rank", "session_id", "rank"),
        Index("ix_waitlist_entry_state_expires_at", "state", "expires_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    person_id: Mapped[str] = mapped_column(Id, index=True)
    devices: Mapped[int]
    wishes: Mapped[list[Any]] = mapped_column(Json)
    passed: Mapped[list[Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    rank: Mapped[int]
    slot_id: Mapped[str | None] = mapped_column(Id, ForeignKey("slot.id"))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pair_id: Mapped[str | None] = mapped_column(Id)
    pair_seat: Mapped[int | None]
    by: Mapped[str] = mapped_column(String(10), default="self")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    def wants(self, slot_id: str) -> bool:
        """Whether an offer of this slot makes sense."""
        return slot_id not in self.passed and (not self.wishes or slot_id in self.wishes)


def turns(live: Sequence[Any]) -> dict[str, int]:
    """Return whose turn comes when, by entry id: the rank; for two together the later of theirs.

    `live`: all live entries of a session, or rows with their `id`, `rank` and `pair_id`.
    """
    later: dict[str, int] = {}
    for one in live:
        if one.pair_id:
            later[one.pair_id] = max(one.rank, later.get(one.pair_id, one.rank))
    return {one.id: later.get(one.pair_id, one.rank) for one in live}


def places(live: Sequence[Any]) -> dict[str, int]:
    """Return the 1-based place of each live entry: how many people come before, and one."""
    turn = turns(live)
    earlier = sorted(turn.values())
    return {id: earlier.index(own) + 1 for id, own in turn.items()}


def claim_until(at: datetime, starts_at: datetime, zone: str) -> datetime:
    """Return until when an offer made at `at` holds: shorter near the start, standing still at night.

    A quarter of the time to the start, at least ten minutes and at most twelve hours of waking time
    (08:00–22:00 in the venue's zone), and never beyond ten minutes before the start.
    """
    left = min(max((starts_at - at) / SHARE, SHORTEST), LONGEST)
    moment = at
    while left > timedelta(0):
        wakes, sleeps = _waking(moment, zone)
        begin = max(moment, wakes)
        part = min(left, sleeps - begin)
        moment, left = begin + part, left - part
        if left > timedelta(0):
            moment = sleeps
    return min(moment, starts_at - SHORTEST)


def of_use(at: datetime, starts_at: datetime) -> bool:
    """Whether somebody who is offered a place at `at` can still make it."""
    return starts_at - at >= OF_USE


def _waking(moment: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return the waking hours that `moment` lies in, or else the next ones."""
    local = moment.astimezone(ZoneInfo(zone))
    if local.hour >= NIGHT_FROM:
        local += timedelta(days=1)
    day = local.replace(minute=0, second=0, microsecond=0)
    wakes, sleeps = day.replace(hour=NIGHT_TO), day.replace(hour=NIGHT_FROM)
    return wakes.astimezone(moment.tzinfo), sleeps.astimezone(moment.tzinfo)
