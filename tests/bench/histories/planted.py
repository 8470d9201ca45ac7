"""Bugs planted on purpose, one in each rule at least: a proof that finds none of them proves nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from services.booking import events
from services.booking.errors import SlotFull
from services.booking.models.appointment import Appointment
from services.booking.models.enrolment import Enrolment
from services.booking.models.slot import Slot
from services.booking.models.waitlist import WaitlistEntry
from services.booking.use_cases import (
    appointments,
    booking_rules,
    claiming,
    displacing,
    draws,
    enrolments,
    slots,
    taking,
    waitlist,
    waitlist_offers,
    waitlist_time,
)
from shared.database import one_row
from tests.bench.histories.acts import Step, history
from tests.bench.histories.world import World

# Places are in three repair sessions: A1 at 14:00, D1 at 14:30 (drawn), A2 at 15:00, a day later B1, B2. Acts number
# these slots 0 to 4, the sessions A, B, D 0 to 2, people 0 to 9; who booked or waits, from the longest on.
FULL_A = (Step("book", 0, 0), Step("book", 1, 2))
FULL_B = tuple(Step("book", person, slot) for person, slot in ((0, 3), (1, 3), (2, 4), (3, 4)))
OFFERED_A1 = (*FULL_A, Step("join", 2, 0), Step("cancel"))


@dataclass(frozen=True)
class Bug:
    """A bug: what is wrong, the rules that may notice it, and how it is put in (and out again).

    `often` (weights of acts) and `first` (steps each history begins with) lead to where the bug matters,
    when few histories come there by chance.
    """

    name: str
    rules: tuple[str, ...]
    plant: Callable[[World, ExitStack], None]
    only: str | None = None  # the one kind of database on which it can happen
    often: Mapping[str, int] = field(default_factory=dict)
    first: Sequence[Step] = ()

    def history(self, seed: int, steps: int) -> list[Step]:
        """Return a history that is led to where this bug matters."""
        return history(seed, steps, self.often, self.first)


BUGS: list[Bug] = []


def bug(
    name: str, *rules: str, only: str | None = None, first: Sequence[Step] = (), **often: int
) -> Callable[[Any], Any]:
    """List a function that plants a bug."""

    def keep(plant: Callable[[World, ExitStack], None]) -> Any:
        BUGS.append(Bug(name, rules, plant, only, often, first))
        return plant

    return keep


@contextmanager
def planted(one: Bug, world: World) -> Iterator[None]:
    """Let the code be wrong for a while, from the beginning of a history on."""
    with ExitStack() as stack:
        stack.callback(world.forget)
        world.forget()
        one.plant(world, stack)
        yield


def swap(stack: ExitStack, module: Any, name: str, new: Any) -> Any:
    """Put something else in the place of a function; return what stood there."""
    old = getattr(module, name)
    stack.enter_context(patch.object(module, name, new))
    return old


def nothing(*_: Any, **__: Any) -> Any:
    """Do nothing."""


def nobody(*_: Any, **__: Any) -> int:
    """Move nobody up."""
    return 0


@bug("sells above the open capacity", "sales", "idle")
def sells_too_much(world: World, stack: ExitStack) -> None:
    def take(session: Session, slot_id: str, count: int, *_: Any, **__: Any) -> None:
        room = (Slot.id == slot_id) & (Slot.taken + Slot.held + count <= Slot.physical_capacity)
        sold = session.execute(update(Slot).where(room).values(taken=Slot.taken + count))
        one_row(sold, SlotFull())

    swap(stack, appointments, "take", take)
    _without_fast_path(stack)


@bug("sells what is held for somebody", "sales", "capacity", "errors")
def sells_held(world: World, stack: ExitStack) -> None:
    def take(session: Session, slot_id: str, count: int, *_: Any, **__: Any) -> None:
        room = (Slot.id == slot_id) & (Slot.taken + count <= Slot.open_capacity)
        sold = session.execute(update(Slot).where(room).values(taken=Slot.taken + count))
        one_row(sold, SlotFull())

    swap(stack, appointments, "take", take)
    _without_fast_path(stack)


@bug("sells more than the benches hold, the CHECK off", "capacity", only="sqlite")
def oversells(world: World, stack: ExitStack) -> None:
    def off(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")

    def take(session: Session, slot_id: str, count: int, *_: Any, **__: Any) -> None:
        session.execute(update(Slot).where(Slot.id == slot_id).values(taken=Slot.taken + count))

    engine = world.database.engine
    event.listen(engine, "begin", off)
    stack.callback(_checks_on, engine)
    stack.callback(event.remove, engine, "begin", off)
    swap(stack, appointments, "take", take)
    _without_fast_path(stack)


def _checks_on(engine: Any) -> None:
    engine.dispose()


def _without_fast_path(stack: ExitStack) -> None:
    from tests.bench.histories import acts

    swap(stack, acts, "book_in_one_statement", nothing)
    swap(stack, acts, "refuse_sold_out", nothing)


@bug("a cancelled booking offers its place to nobody", "idle")
def cancel_forgets(world: World, stack: ExitStack) -> None:
    swap(stack, appointments, "promote", nobody)


@bug("leaving and declining offer the place to nobody", "idle")
def leaving_forgets(world: World, stack: ExitStack) -> None:
    swap(stack, waitlist, "promote", nobody)


@bug("volunteers who join move nobody up", "idle")
def staffing_forgets(world: World, stack: ExitStack) -> None:
    swap(stack, slots, "promote", nobody)


@bug("an offer that ends is offered to nobody else", "idle")
def expiry_forgets(world: World, stack: ExitStack) -> None:
    swap(stack, waitlist_time, "promote", nobody)


@bug(
    "who waits on alone after a friend's answer is forgotten",
    "idle",
    first=(
        *FULL_B, Step("join", 4, 1), Step("come_along", 0, 5),
        Step("cancel"), Step("cancel"), Step("cancel"),  # both are offered places, a third lies free
        Step("decline", 1), Step("claim"),
    ),
)  # fmt: skip
def claim_forgets(world: World, stack: ExitStack) -> None:
    swap(stack, claiming, "promote", nobody)


@bug("the last who came is offered the place first", "order")
def last_first(world: World, stack: ExitStack) -> None:
    old = waitlist_offers._parties

    def backwards(live: Any) -> Any:
        return old(live)[::-1]

    swap(stack, waitlist_offers, "_parties", backwards)


@bug(
    "two together count by the earlier of their ranks", "order",
    first=(
        *FULL_B, Step("join", 4, 1), Step("join", 5, 1), Step("come_along", 0, 6),
        Step("staffing", 1, 0), Step("cancel"), Step("cancel"), Step("staffing", 1, 1),  # two at once
    ),
)  # fmt: skip
def friends_overtake(world: World, stack: ExitStack) -> None:
    def earliest(live: Any) -> dict[str, int]:
        ranks: dict[str, int] = {}
        for one in live:
            key = one.pair_id or one.id
            ranks[key] = min(one.rank, ranks.get(key, one.rank))
        return {one.id: ranks[one.pair_id or one.id] for one in live}

    swap(stack, waitlist_offers, "turns", earliest)


@bug("one of two is offered a place alone", "pairs", "idle", "order")
def splits_pairs(world: World, stack: ExitStack) -> None:
    def singles(live: Any) -> Any:
        return [waitlist_offers.Party(one.rank, (one,)) for one in live if one.state == "waiting"]

    swap(stack, waitlist_offers, "_parties", singles)


@bug(
    "two are offered places hours apart", "pairs",
    first=(
        Step("change", 1, 2), *FULL_B, Step("book", 4, 5), Step("book", 5, 5),  # B3, an hour more
        Step("join", 6, 1), Step("come_along", 0, 7), Step("cancel", 0), Step("cancel", 3),
    ),
)  # fmt: skip
def far_apart(world: World, stack: ExitStack) -> None:
    swap(stack, waitlist_offers, "_together", lambda found: True)


@bug("wishes are not listened to", "usable")
def no_wishes(world: World, stack: ExitStack) -> None:
    swap(stack, WaitlistEntry, "wants", lambda self, slot_id: True)
    swap(stack, waitlist_offers, "_liking", lambda entries, found: [one.starts_at for one in found])


@bug(
    "offers are made to people who are elsewhere", "usable",
    first=(*FULL_A, Step("join", 2, 0), Step("book", 2, 1, 6), Step("cancel")),  # booked by staff in D1
)  # fmt: skip
def never_busy(world: World, stack: ExitStack) -> None:
    swap(stack, waitlist_offers, "could_come", lambda busy, slot: True)


@bug(
    "offers are made minutes before the start", "usable",
    first=(
        *FULL_A, Step("join", 2, 0), *(Step("pass_time", 6),) * 4, Step("pass_time", 3),  # 13:48
        Step("cancel", 0, 0, 2),
    ),
)  # fmt: skip
def too_late(world: World, stack: ExitStack) -> None:
    swap(stack, waitlist_offers, "of_use", lambda at, starts_at: True)


@bug(
    "offers are made before a session opens or is drawn",
    "usable",
    "order",
    "draw_order",
    first=(
        Step("staffing", 2, 0),
        Step("join", 0, 2, 21),
        Step("staffing", 2, 2),
    ),  # joined by staff
)
def too_early(world: World, stack: ExitStack) -> None:
    swap(stack, waitlist_offers, "may_offer", lambda session, row, at: row.is_repair)


@bug("an offer ends after the start", "usable")
def endless_offers(world: World, stack: ExitStack) -> None:
    def late(at: datetime, starts_at: datetime, zone: str) -> datetime:
        return starts_at + timedelta(hours=1)

    swap(stack, waitlist_offers, "claim_until", late)


@bug(
    "an offer can be taken after its time", "claims",
    first=(*OFFERED_A1, Step("to_the_end"), Step("to_the_end", 1), Step("claim")),
)  # fmt: skip
def claims_late(world: World, stack: ExitStack) -> None:
    swap(stack, waitlist, "suite_now", lambda: datetime(2000, 1, 1, tzinfo=world.at.tzinfo))


@bug(
    "what was offered stays held when somebody leaves", "holds", first=(*OFFERED_A1, Step("leave"))
)
def keeps_holding(world: World, stack: ExitStack) -> None:
    old = waitlist._let_go

    def let_go(session: Session, entry: Any, expected: str, state: str) -> str:
        slot_id = old(session, entry, expected, state)
        if slot_id and state == "left":
            held = update(Slot).where(
                Slot.id == slot_id, Slot.taken + Slot.held < Slot.open_capacity
            )
            session.execute(held.values(held=Slot.held + 1))
        return slot_id

    swap(stack, waitlist, "_let_go", let_go)


@bug("a cancelled booking gives back one place too few", "counters")
def gives_back_less(world: World, stack: ExitStack) -> None:
    old = taking.release

    def release(session: Session, slot_id: str, count: int) -> None:
        old(session, slot_id, max(1, count - 1))

    swap(stack, appointments, "release", release)


@bug(
    "who books keeps waiting", "one_place",
    first=(*FULL_A, Step("join", 2, 0, 2), Step("cancel", 1), Step("book", 2, 2)),  # waits for A1 only
)  # fmt: skip
def waits_on(world: World, stack: ExitStack) -> None:
    swap(stack, waitlist, "stop_waiting", nothing)
    _without_fast_path(stack)


@bug("a slot that was not wanted is offered again", "ranks", "usable")
def forgets_passed(world: World, stack: ExitStack) -> None:
    def forget(*_: Any) -> list[str]:
        return []

    event.listen(WaitlistEntry.passed, "set", forget, retval=True)
    stack.callback(event.remove, WaitlistEntry.passed, "set", forget)


@bug("not this one costs the rank", "ranks")
def loses_rank(world: World, stack: ExitStack) -> None:
    old = waitlist._let_go

    def let_go(session: Session, entry: Any, expected: str, state: str) -> str:
        if state == "waiting":
            session.execute(
                update(WaitlistEntry).where(WaitlistEntry.id == entry.id).values(rank=999)
            )
        return old(session, entry, expected, state)

    swap(stack, waitlist, "_let_go", let_go)


@bug("a cancellation is not announced", "announced", "versions")
def silent_cancel(world: World, stack: ExitStack) -> None:
    old = events.appointment

    def say(session: Session, verb: str, row: Appointment, *more: Any) -> None:
        if verb != "cancelled":
            old(session, verb, row, *more)

    swap(stack, events, "appointment", say)


@bug("a version is used twice", "versions", "announced")
def stuck_version(world: World, stack: ExitStack) -> None:
    old = events.waitlist

    def say(session: Session, verb: str, row: Any, *more: Any, **named: Any) -> None:
        old(session, verb, row, *more, **named)
        if verb == "offered":
            old(session, verb, row, *more, **named)

    swap(stack, events, "waitlist", say)


@bug("who is displaced hears nothing", "displaced_once")
def silent_displacing(world: World, stack: ExitStack) -> None:
    def say(session: Session, row: Appointment, previous: datetime, *_: Any, **__: Any) -> None:
        events.appointment(session, "moved", row, previous)

    swap(stack, events, "displaced", say)


@bug("who is displaced without a place waits nowhere", "displaced_once")
def displaced_away(world: World, stack: ExitStack) -> None:
    swap(stack, displacing, "_waits_already", lambda session, appointment: True)


@bug(
    "the oldest bookings are displaced first", "newest_first",
    staffing=30, at_risk=30, enter_draw=30, to_the_end=20, cancel=2, join=5,
)  # fmt: skip
def oldest_first(world: World, stack: ExitStack) -> None:
    def oldest(session: Session, slot: Slot, kept: int) -> list[Appointment]:
        wanted = select(Appointment).where(
            Appointment.slot_id == slot.id, Appointment.state == "booked"
        )
        found = list(session.scalars(wanted.order_by(Appointment.created_at)))
        above = slot.taken - slot.open_capacity - kept
        return found[: max(0, above)]

    swap(stack, displacing, "newest_above", oldest)


@bug("a draw goes by the order of entering", "draw_order")
def unfair_draw(world: World, stack: ExitStack) -> None:
    old = draws.in_order
    swap(stack, draws, "in_order", lambda session, draw: old(session, draw)[::-1])


@bug("a seat that is given back stays idle", "seats")
def idle_seats(world: World, stack: ExitStack) -> None:
    swap(stack, enrolments, "promote", nothing)


@bug("a seat goes to the last of the waitlist", "seats", enrol=30, unenrol=15)
def last_seated(world: World, stack: ExitStack) -> None:
    def backwards(session_id: str) -> Any:
        waiting = (Enrolment.session_id == session_id) & (Enrolment.state == "waitlisted")
        return select(Enrolment).where(waiting).order_by(Enrolment.rank.desc())

    swap(stack, enrolments, "_waitlist", backwards)


@bug("a refusal of the database is not explained", "errors")
def bare_errors(world: World, stack: ExitStack) -> None:
    swap(stack, taking, "refuse_second", nothing)
    swap(stack, booking_rules, "refuse_second", nothing)
    swap(stack, appointments, "explained", lambda error: error)
    _without_fast_path(stack)


@bug("the session is not locked", "idle", "order", "holds", "errors", "ranks", only="postgresql")
def no_lock(world: World, stack: ExitStack) -> None:
    from services.booking.models.session import ServiceSession

    def unlocked(session: Session, session_id: str) -> Any:
        return session.get_one(ServiceSession, session_id, populate_existing=True)

    swap(stack, waitlist, "locked", unlocked)
