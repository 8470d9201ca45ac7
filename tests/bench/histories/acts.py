"""What can happen in a history: each act is a name and three small numbers, resolved against what stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import select

from services.booking.models.risk import Risk
from services.booking.use_cases import (
    appointments,
    claiming,
    displacing,
    draws,
    enrolments,
    pairs,
    risks,
    waitlist,
)
from services.booking.use_cases.booking_rules import Device, Wish
from services.booking.use_cases.hot import book_in_one_statement, refuse_sold_out
from shared.clock import iso, parse
from tests.bench.histories.world import HOUR, MINUTE, World

STAFF = "57aff000-0000-4000-8000-000000000001"
BIG = 1 << 16
KETTLE = Device(14)
NOT_MORE: Mapping[str, int] = {}


@dataclass(frozen=True)
class Step:
    """One act of a history: `a`, `b`, `c` choose who, where and how. A race is two at once."""

    name: str
    a: int = 0
    b: int = 0
    c: int = 0
    other: "Step | None" = None

    def __str__(self) -> str:
        said = f"{self.name}({self.a}, {self.b}, {self.c})"
        return f"{said} ‖ {self.other}" if self.other else said


Act = Callable[[World, int, int, int], Any]


def one_of(things: list[Any], number: int) -> Any:
    """Choose by number; None where there is nothing."""
    return things[number % len(things)] if things else None


def slots(world: World) -> list[Any]:
    """Coming and past slots alike, in an order that does not depend on chance."""
    found = [slot for slot in world.seen.slots.values() if not slot.retired]
    return sorted(found, key=lambda slot: (slot.starts_at, slot.session_id))


def booked(world: World) -> list[Any]:
    """Live bookings, the oldest first."""
    return _in_order(world, world.seen.booked)


def entries(world: World, *states: str) -> list[Any]:
    """Live places on waitlists, the oldest first."""
    live = world.seen.live_entries
    return _in_order(world, [one for one in live if not states or one.state in states])


def _in_order(world: World, found: Sequence[Any]) -> list[Any]:
    known = {id: n for n, id in enumerate(world.people)}
    return sorted(found, key=lambda one: (one.created_at, known.get(one.person_id, 99), one.id))


def repairs(world: World) -> list[Any]:
    """The repair sessions that were announced last."""
    found = [run for run in world.runs.values() if run.data["kind"] == "repair"]
    return found + found[:1] * 4  # one of them is liked most


def book(world: World, a: int, b: int, c: int) -> None:
    """As the route does: the fast path on PostgreSQL, the quick refusal, the ordinary path."""
    slot = one_of(slots(world), b)
    if slot is None:
        return
    person = one_of(world.people, a)
    staff = c % 7 == 6
    wish = Wish(slot.id, person, STAFF if staff else person, (KETTLE,) * (1 + (c % 3 == 2)), staff)
    world.trying(partial(_booked, world, wish))


def _booked(world: World, wish: Wish) -> None:
    hot = world.database.dialect == "postgresql"
    if hot and book_in_one_statement(world.database, wish, None) is not None:
        return
    with world.database.reading() as session:
        refuse_sold_out(session, wish, None)
    with world.database.transaction() as session:
        appointments.book_slot(session, wish)


def cancel(world: World, a: int, b: int, c: int) -> None:
    """Cancel a booking, oneself or by staff."""
    one = one_of(booked(world), a)
    if one:
        staff = c % 3 == 2
        actor = STAFF if staff else one.person_id
        world.act(lambda s: appointments.cancel_appointment(s, one.id, actor, staff=staff))


def move(world: World, a: int, b: int, c: int) -> None:
    """Move a booking to any slot, also of another session."""
    one, slot = one_of(booked(world), a), one_of(slots(world), b)
    if one and slot:
        who = one.person_id
        world.act(lambda s: appointments.move_appointment(s, one.id, slot.id, who, staff=False))


def accept(world: World, a: int, b: int, c: int) -> None:
    """Take the place one was displaced to."""
    one = one_of([one for one in booked(world) if one.displaced_at], a)
    if one:
        world.act(lambda s: displacing.accept_place(s, one.id, one.person_id))


def join(world: World, a: int, b: int, c: int) -> None:
    """Wait: for any time, or for some slots in an order of liking."""
    run, person = one_of(repairs(world), b), one_of(world.people, a)
    if run is None:
        return
    mine = [slot.id for slot in slots(world) if slot.session_id == run.id]
    wishes = [] if c % 3 == 0 else Random(c).sample(mine, min(len(mine), 1 + c % 2))
    staff = c % 11 == 10
    ask: dict[str, Any] = {"devices": 1 + (c % 5 == 4), "wishes": wishes, "staff": staff}
    world.act(
        lambda s: waitlist.join(s, run.id, person, actor_id=STAFF if staff else person, **ask)
    )


def claim(world: World, a: int, b: int, c: int) -> None:
    """Take what is offered."""
    one = one_of(entries(world, "offered"), a)
    if one:
        devices = (KETTLE,) * one.devices
        world.act(lambda s: claiming.claim(s, one.id, one.person_id, devices, staff=False))


def decline(world: World, a: int, b: int, c: int) -> None:
    """Not this one."""
    one = one_of(entries(world, "offered"), a)
    if one:
        world.act(lambda s: waitlist.decline(s, one.id, one.person_id))


def leave(world: World, a: int, b: int, c: int) -> None:
    """Stop waiting."""
    one = one_of(entries(world), a)
    if one:
        world.act(lambda s: waitlist.leave(s, one.id, one.person_id, staff=False))


def come_along(world: World, a: int, b: int, c: int) -> None:
    """Agree to come together with somebody who waits."""
    one, person = one_of(entries(world), a), one_of(world.people, b)
    if one:
        world.act(lambda s: pairs.come_along(s, one.id, person, 1 + (c % 5 == 4)))


def part(world: World, a: int, b: int, c: int) -> None:
    """Go on alone."""
    one = one_of([one for one in entries(world) if one.pair_id], a)
    if one:
        world.act(lambda s: pairs.part(s, one.id, one.person_id))


def staffing(world: World, a: int, b: int, c: int) -> None:
    """Volunteers drop out or join, for all of a session or for its first hour."""
    run = one_of(repairs(world), a)
    if run:
        world.staff(run, b % (run.data["benches"] + 1), only_first_hour=c % 4 == 3)


def at_risk(world: World, a: int, b: int, c: int) -> None:
    """A coordinator decides: displace now, wait longer, keep by hand, another stand-in time."""
    with world.database.reading() as session:
        found = session.execute(select(Risk.slot_id, Risk.session_id).order_by(Risk.since)).all()
    risk = one_of(list(found), a)
    if risk is None:
        return
    acts: list[Callable[[Any], Any]] = [
        lambda s: displacing.displace_now(s, risk.slot_id, STAFF),
        lambda s: risks.wait_longer(s, risk.slot_id, 60, STAFF),
        lambda s: risks.keep_by_hand(s, risk.slot_id, STAFF),
        lambda s: risks.set_stand_in(s, "session", risk.session_id, 30 * (c % 3), STAFF),
    ]
    world.act(one_of(acts, b))


def change(world: World, a: int, b: int, c: int) -> None:
    """Catalog changes a session: another time, shorter, longer, more or fewer benches."""
    run = one_of([run for run in world.runs.values() if run.data["state"] == "published"], a)
    if run is None:
        return
    if run.data["kind"] == "training":
        world.announce(run, "session.changed.v1", seats=1 + b % 3)
        return
    starts, ends = parse(run.data["starts_at"]), parse(run.data["ends_at"])
    ways: list[dict[str, Any]] = [
        {"starts_at": iso(starts + HOUR), "ends_at": iso(ends + HOUR)},
        {"ends_at": iso(max(starts + HOUR, ends - HOUR))},
        {"ends_at": iso(min(starts + 4 * HOUR, ends + HOUR))},
        {"benches": 1 + c % 2},
        {"booking_closes_at": iso(starts - (c % 4) * HOUR)},
    ]
    world.announce(run, "session.changed.v1", **ways[b % 5])
    world.staff(run, min(run.data["benches"], 1 + c % 2))


def cancel_session(world: World, a: int, b: int, c: int) -> None:
    """Catalog cancels a session, and announces another one in its place."""
    run = one_of(list(world.runs.values()), a)
    if run is not None and run.data["state"] == "published":
        world.announce(run, "session.cancelled.v1", state="cancelled")
        _another(world, run, b)


def _another(world: World, run: Any, b: int) -> None:
    del world.runs[run.id]
    starts = (world.at + timedelta(hours=20 + b % 9)).replace(minute=0, second=0, microsecond=0)
    data = run.data
    opening: dict[str, Any] = {"opening": data["opening"]}
    if data["opening"] == "draw":
        opening["opens"] = world.at + HOUR
    kept = ("benches", "devices_per_bench", "kind", "seats")
    given = {name: data[name] for name in kept}
    world.publish(starts, 2 + b % 2, **given, **opening)


def enter_draw(world: World, a: int, b: int, c: int) -> None:
    """Enter a draw, change one's entry, or withdraw it, in its minute."""
    opening = [one for one in world.seen.sessions.values() if one.opening == "draw"]
    drawn = max((one.starts_at, one.id) for one in opening)[1] if opening else None
    person = one_of(world.people, a)
    mine = [slot.id for slot in slots(world) if slot.session_id == drawn]
    if drawn is None or not mine:
        return
    if c % 6 == 5:
        world.act(lambda s: draws.withdraw(s, drawn, person))
        return
    wishes = Random(c).sample(mine, min(len(mine), 1 + b % 2))
    devices = [{"category_id": 14, "brand": "", "problem": ""}] * (1 + (c % 4 == 3))
    world.act(lambda s: draws.enter(s, drawn, person, wishes, devices))


def enrol(world: World, a: int, b: int, c: int) -> None:
    """Take a seat of a training, or a place on its waitlist."""
    run = one_of([run for run in world.runs.values() if run.data["kind"] == "training"], b)
    person = one_of(world.people, a)
    if run:
        world.act(lambda s: enrolments.enrol(s, run.id, person, person, staff=False))


def unenrol(world: World, a: int, b: int, c: int) -> None:
    """Give a seat or a waitlist place of a training back."""
    standing = ("enrolled", "waitlisted")
    seated = [one for one in world.seen.enrolments.values() if one.state in standing]
    one = one_of(_in_order(world, seated), a)
    if one:
        world.act(lambda s: enrolments.leave(s, one.id, one.person_id, staff=False))


def erase(world: World, a: int, b: int, c: int) -> None:
    """Somebody asks to be forgotten; a new person comes in their place."""
    n = a % len(world.people)
    gone, world.people[n] = world.people[n], world.new_id()
    world.tell("person.erased.v1", gone, 2, {"person_id": gone})


def pass_time(world: World, a: int, b: int, c: int) -> None:
    """Let time pass, mostly little, then let the timers run; what is over is followed by new runs."""
    minutes = [3, 11, 23, 47, 95, 200, 420][a % 7 if a % 3 == 0 else a % 4]
    world.set(world.at + minutes * MINUTE + timedelta(seconds=17))
    world.tick()
    for run in list(world.runs.values()):
        if parse(run.data["ends_at"]) <= world.at:
            _another(world, run, b)


def to_the_end(world: World, a: int, b: int, c: int) -> None:
    """Let time pass until the next offer has ended, and a stand-in time or draw with it."""
    ends = sorted(one.expires_at for one in entries(world, "offered"))
    opens = [parse(run.data["booking_opens_at"]) for run in world.runs.values()]
    ahead = [at for at in (*ends[:1], *opens) if at >= world.at]
    if not ahead:
        pass_time(world, a, b, c)
        return
    world.set(min(ahead) + timedelta(seconds=1 + 60 * (a % 2)))
    if c % 4:
        world.tick()


def tick(world: World, a: int, b: int, c: int) -> None:
    """Let the timers run."""
    world.tick()


ACTS: dict[str, tuple[Act, int]] = {
    "book": (book, 12),
    "cancel": (cancel, 14),
    "move": (move, 4),
    "accept": (accept, 1),
    "join": (join, 30),
    "claim": (claim, 4),
    "decline": (decline, 7),
    "leave": (leave, 2),
    "come_along": (come_along, 6),
    "part": (part, 1),
    "staffing": (staffing, 7),
    "at_risk": (at_risk, 4),
    "change": (change, 1),
    "cancel_session": (cancel_session, 1),
    "enter_draw": (enter_draw, 4),
    "enrol": (enrol, 4),
    "unenrol": (unenrol, 3),
    "erase": (erase, 1),
    "pass_time": (pass_time, 2),
    "to_the_end": (to_the_end, 8),
    "tick": (tick, 1),
}
RACERS = (
    "book",
    "cancel",
    "move",
    "join",
    "claim",
    "decline",
    "leave",
    "come_along",
    "staffing",
    "tick",
    "at_risk",
    "enrol",
    "unenrol",
)
RACE = 8  # of a hundred steps
RUSH = 16  # bookings that each history begins with: a waitlist needs full slots


def do(world: World, step: Step) -> None:
    """Do one step, a second after the last; what time brings is due only when the timers ran."""
    world.set(world.at + timedelta(seconds=1))
    acts = [partial(ACTS[one.name][0], world, one.a, one.b, one.c) for one in _both(step)]
    if len(acts) == 1:
        acts[0]()
    else:
        world.at_once(acts)


def _both(step: Step) -> list[Step]:
    return [step, step.other] if step.other else [step]


def history(
    seed: int, steps: int, often: Mapping[str, int] = NOT_MORE, first: Sequence[Step] = ()
) -> list[Step]:
    """Return the steps of one history; the same seed, the same steps.

    Some acts can be more `often` (weights), some steps can come `first` and lead to a rare situation.
    """
    chance = Random(seed)
    names, weights = list(ACTS), [often.get(name, weight) for name, (_, weight) in ACTS.items()]

    def one(name: str) -> Step:
        a, b, c = (chance.randrange(BIG) for _ in range(3))
        return Step(name, a, b, c)

    made = [*first] or [one("book") for _ in range(min(RUSH, steps // 4))]
    for _ in range(steps - len(made)):
        if chance.randrange(100) < RACE:
            this, other = (one(chance.choice(RACERS)) for _ in range(2))
            made.append(replace(this, other=other))
        else:
            made.append(one(chance.choices(names, weights)[0]))
    return made
