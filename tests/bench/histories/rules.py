"""The rules that hold after each step, told from rows and events alone: none of booking's own code decides here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import product
from typing import Any

from shared.clock import iso
from tests.bench.histories.acts import Step
from tests.bench.histories.state import State

USEFUL = timedelta(minutes=20)
BLUR = timedelta(seconds=5)  # the database's clock goes on a little between two readings
OWN_DOING = ("self", "staff")


@dataclass
class Told:
    """What a reader of the events knows by now: the newest version and data of each aggregate."""

    version: dict[str, int] = field(default_factory=dict)
    data: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Moment:
    """A step with the states before and after it, and what is excused until the timers run."""

    step: Step
    before: State
    after: State
    told: Told
    freed: set[str]
    doubled: set[tuple[str, str]]
    ticked: Any

    @property
    def race(self) -> bool:
        """Whether two things were done at once, so that neither saw the state before the other."""
        return self.step.other is not None

    def names(self) -> set[str]:
        """The acts of this step."""
        return {one.name for one in (self.step, self.step.other) if one}

    def offered(self) -> list[Any]:
        """Entries that were offered a place in this step."""
        was = self.before.entries
        return [
            one
            for one in self.after.entries.values()
            if one.state == "offered"
            and (
                one.id not in was
                or (was[one.id].slot_id, was[one.id].expires_at) != (one.slot_id, one.expires_at)
            )
        ]

    def changed(self, rows: str) -> Iterator[tuple[Any, Any]]:
        """Rows of one kind as they were (None: new) and are, where they are not the same."""
        old = getattr(self.before, rows)
        for id, row in getattr(self.after, rows).items():
            if old.get(id) != row:
                yield old.get(id), row


Found = Iterable[str]
Rule = Callable[[Moment], Found]


def capacity(now: Moment) -> Found:
    """No more is taken and held than the benches hold."""
    for slot in now.after.slots.values():
        if slot.taken + slot.held > slot.physical_capacity or min(slot.taken, slot.held) < 0:
            yield f"slot at {slot.starts_at:%d %H:%M}: {slot.taken}+{slot.held}"


def sales(now: Moment) -> Found:
    """Nothing is sold above the open capacity; only what an offer had promised may lie above."""
    if now.names() & {"staffing", "change", "cancel_session"} and now.race:
        return
    claimed = {one.person_id for was, one in now.changed("entries") if one.state == "claimed"}
    for was, one in now.changed("appointments"):
        slot = now.after.slots[one.slot_id]
        new = was is None or (was.slot_id != one.slot_id and one.by in OWN_DOING)
        sold = new and one.state == "booked" and one.person_id not in claimed
        if sold and slot.taken + slot.held > slot.open_capacity:
            yield f"sold {slot.taken}+{slot.held} of {slot.open_capacity}"


def counters(now: Moment) -> Found:
    """What a slot counts as taken is what its bookings bring."""
    taken: Counter[str] = Counter()
    for one in now.after.appointments.values():
        if one.state != "cancelled":
            taken[one.slot_id] += one.devices
    for slot in now.after.slots.values():
        if slot.taken != taken[slot.id]:
            yield f"slot counts {slot.taken}, booked are {taken[slot.id]}"


def holds(now: Moment) -> Found:
    """What a slot counts as held is what is on offer."""
    held: Counter[str] = Counter()
    for one in now.after.live_entries:
        if one.state == "offered":
            held[one.slot_id] += one.devices
    for slot in now.after.slots.values():
        if slot.held != held[slot.id]:
            yield f"slot holds {slot.held}, offered are {held[slot.id]}"


def one_place(now: Moment) -> Found:
    """One live booking, or one live wait, per person and session."""
    booked = Counter((one.person_id, one.session_id) for one in now.after.booked)
    waits = Counter((one.person_id, one.session_id) for one in now.after.live_entries)
    for key, count in (booked + waits).items():
        excused = key in now.doubled and booked[key] == waits[key] == 1
        if count > 1 and not excused:
            yield f"{booked[key]} bookings and {waits[key]} waits of one person in one session"


def parties(state: State, session_id: str) -> list[tuple[int, list[Any]]]:
    """Who waits in a session, in the order of their turn: the later rank of two who come together."""
    together: dict[str, list[Any]] = defaultdict(list)
    for one in state.live_entries:
        if one.session_id == session_id:
            together[one.pair_id or one.id].append(one)
    found = [
        (max(one.rank for one in group), group)
        for group in together.values()
        if all(one.state == "waiting" for one in group)
    ]
    return sorted(found, key=lambda one: one[0])


def gives_out(state: State, row: Any) -> bool:
    """Whether places of a session are given out."""
    draw = state.draws.get(row.id)
    open_ = row.state == "published" and row.booking_opens_at <= state.at
    return open_ and (row.opening != "draw" or draw is None or draw.state == "drawn")


def fits(state: State, group: Sequence[Any], free: dict[str, int]) -> bool:
    """Whether one or two could be given places among what is free, in one or in neighbouring slots."""
    busy = state.busy
    options = [
        [
            slot
            for slot in state.slots.values()
            if slot.session_id == one.session_id and free[slot.id] >= one.devices
            and wanted(state, one, slot)
            and not collides(busy.get(one.person_id, []), slot)
        ]
        for one in group
    ]  # fmt: skip
    for found in product(*options):
        need: Counter[str] = Counter()
        for one, slot in zip(group, found, strict=True):
            need[slot.id] += one.devices
        near = max(s.position for s in found) - min(s.position for s in found) <= 1
        if near and all(free[id] >= count for id, count in need.items()):
            return True
    return False


def wanted(state: State, one: Any, slot: Any) -> bool:
    """Whether a slot is one that somebody waits for and could still come to."""
    soon = slot.starts_at - state.at <= USEFUL + BLUR
    named = not one.wishes or slot.id in one.wishes
    return not slot.retired and not soon and named and slot.id not in one.passed


def collides(busy: Sequence[Any], slot: Any) -> bool:
    """Whether somebody has a booking in this session or at this time."""
    return any(
        one.session_id == slot.session_id
        or (one.starts_at < slot.ends_at and slot.starts_at < one.ends_at)
        for one in busy
    )


def idle(now: Moment) -> Found:
    """No place lies idle beside somebody who waits, wants and could use it."""
    free = now.after.free()
    for row in now.after.sessions.values():
        if (
            row.kind != "repair"
            or not gives_out(now.after, row)
            or row.booking_opens_at > now.ticked
        ):
            continue
        for _, group in parties(now.after, row.id):
            people = {one.person_id for one in group}
            if not people & now.freed and fits(now.after, group, free):
                yield f"{len(group)} wait beside a free place"


def order(now: Moment) -> Found:
    """Nobody is offered a place while somebody with an earlier turn waits, wants it and fits."""
    offered = now.offered()
    for one in offered:
        free = now.after.free()
        held = [o for o in offered if o is one or (one.pair_id and o.pair_id == one.pair_id)]
        for other in held:
            free[other.slot_id] += other.devices
        turn = max(other.rank for other in held)
        for earlier, group in parties(now.after, one.session_id):
            if earlier >= turn:
                break
            if _stood_before(now, group) and fits(now.after, group, free):
                yield f"turn {turn} was offered a place before turn {earlier}"


def _stood_before(now: Moment, group: Sequence[Any]) -> bool:
    """Whether they waited just so before the step, and were as free to come."""
    was, busy, is_ = now.before.entries, now.before.busy, now.after.busy
    return all(
        one.id in was and was[one.id].version == one.version and one.person_id not in now.freed
        and busy.get(one.person_id, []) == is_.get(one.person_id, [])
        for one in group
    )  # fmt: skip


def usable(now: Moment) -> Found:
    """An offer is for a wished slot, not for one that was passed, in time, and ends before the start."""
    busy = now.after.busy
    for one in now.offered():
        slot, row = now.after.slots[one.slot_id], now.after.sessions[one.session_id]
        was = now.before.entries.get(one.id)
        if one.wishes and slot.id not in one.wishes:
            yield "offered a slot that nobody asked for"
        if was is not None and slot.id in was.passed:
            yield "offered a slot again that was passed"
        if slot.starts_at - now.after.at < USEFUL - BLUR or slot.retired:
            yield "offered too late to come"
        if not now.after.at - BLUR < one.expires_at <= slot.starts_at - timedelta(minutes=10):
            yield "an offer that does not end between now and the start"
        if not gives_out(now.after, row):
            yield "offered in a session that gives nothing out"
        if not now.race and collides(busy.get(one.person_id, []), slot):
            yield "offered to somebody who is somewhere else then"


def claims(now: Moment) -> Found:
    """Only what still holds is claimed, and it becomes a booking of that slot."""
    mine = {(a.person_id, a.slot_id) for a in now.after.appointments.values()}
    for was, one in now.changed("entries"):
        if one.state != "claimed" or was is None or was.state == "claimed":
            continue
        if was.state == "offered" and was.expires_at <= now.after.at - BLUR:
            yield "claimed after its time"
        if was.state == "offered" and not now.race and (one.person_id, was.slot_id) not in mine:
            yield "claimed and not booked"


def ranks(now: Moment) -> Found:
    """A rank never changes, and what was passed stays passed."""
    for was, one in now.changed("entries"):
        if was is not None and was.rank != one.rank:
            yield f"rank {was.rank} became {one.rank}"
        declined = "decline" in now.names() and not now.race and was is not None
        stays = declined and was.state == "offered" and one.state in ("waiting", "offered")
        if stays and was.slot_id not in one.passed:
            yield "a slot that was not wanted is forgotten"


def pairs(now: Moment) -> Found:
    """Two who come together are offered places at once, in one or in neighbouring slots."""
    live = now.after.live_entries
    for one in now.offered():
        others = [o for o in live if one.pair_id and o.pair_id == one.pair_id and o.id != one.id]
        for other in others:
            if other.state == "waiting" and not now.race:
                yield "only one of two was offered a place"
            elif other.state == "offered":
                a, b = now.after.slots[one.slot_id], now.after.slots[other.slot_id]
                if abs(a.position - b.position) > 1 and not now.names() & {"change"}:
                    yield "two were offered places far apart"


def versions(now: Moment) -> Found:
    """Each aggregate's events are numbered without a gap."""
    for event in now.after.events:
        if not event.type.startswith(("appointment.", "waitlist.", "enrolment.")):
            continue
        known = now.told.version.get(event.subject, 0)
        if event.version != known + 1:
            yield f"{event.type} has version {event.version} after {known}"
        now.told.version[event.subject] = event.version
        now.told.data[event.subject] = event.data


def announced(now: Moment) -> Found:
    """What was announced last is what stands in the rows."""
    for rows in ("appointments", "entries", "enrolments"):
        for _, row in now.changed(rows):
            data = now.told.data.get(row.id)
            if data is None or now.told.version[row.id] != row.version:
                yield f"{rows}: version {row.version}, told {now.told.version.get(row.id)}"
            elif any(data[name] != value for name, value in _public(rows, row).items()):
                yield f"{rows}: told {data['state']}, stands {row.state}"


def _public(rows: str, row: Any) -> dict[str, Any]:
    public = {"state": row.state, "session_id": row.session_id, "person_id": row.person_id}
    if rows == "appointments":
        public |= {"slot_id": row.slot_id, "starts_at": iso(row.starts_at), "devices": row.devices}
    if rows == "entries":
        public |= {"slot_id": row.slot_id, "devices": row.devices}
    return public


def displaced_once(now: Moment) -> Found:
    """Everybody who is displaced is told exactly once, and either has a place or waits for one."""
    told = Counter(
        e.subject for e in now.after.events if e.type.startswith("appointment.displaced")
    )
    waits = {(one.person_id, one.session_id) for one in now.after.entries.values()}
    for was, one in now.changed("appointments"):
        before = (
            was.displaced_at if was else None
        )  # claimed and displaced in one race: it is new here
        new = one.displaced_at is not None and one.displaced_at != before
        if told[one.id] != int(new):
            yield f"displaced {int(new)} times, told {told[one.id]} times"
        if (
            new
            and one.state == "cancelled"
            and (one.person_id, (was or one).session_id) not in waits
        ):
            yield "displaced and neither placed nor waiting"


def newest_first(now: Moment) -> Found:
    """Of a slot that shrank the newest bookings go, never an older one before a newer one."""
    if now.race:
        return
    gone = [
        was
        for was, one in now.changed("appointments")
        if was is not None and one.displaced_at != was.displaced_at and one.displaced_at is not None
    ]
    for one in gone:
        for other in now.after.booked:
            stood = now.before.appointments.get(other.id)
            stays = stood is not None and stood.slot_id == one.slot_id == other.slot_id
            if stays and other.state == "booked" and other.created_at > one.created_at:
                yield "an older booking had to go before a newer one"


def draw_order(now: Moment) -> Found:
    """A draw seats and lists people in the order that its published seed makes."""
    for draw in now.after.draws.values():
        if draw.state != "drawn" or now.before.draws.get(draw.session_id) == draw:
            continue
        mine = [one for one in now.after.drawn if one.session_id == draw.session_id]
        part = [one for one in mine if one.state != "withdrawn" and one.position]
        seed = bytes.fromhex(draw.seed)
        right = sorted(part, key=lambda one: sha256(seed + one.pseudonym.encode()).digest())
        if [one.position for one in right] != list(range(1, len(right) + 1)):
            yield "not in the order of the seed"
        rank = {
            e.person_id: e.rank
            for e in now.after.entries.values()
            if e.session_id == draw.session_id and e.by == "session"
        }
        line = [
            rank[one.person_id]
            for one in right
            if one.state == "waitlisted" and one.person_id in rank
        ]
        if line != sorted(line):
            yield "waits in another order than drawn"


def seats(now: Moment) -> Found:
    """Seats of a training: as many as there are, counted right, none idle beside a waitlist, in order."""
    waiting: dict[str, list[Any]] = defaultdict(list)
    seated: Counter[str] = Counter()
    for one in now.after.enrolments.values():
        if one.state == "waitlisted":
            waiting[one.session_id].append(one)
        elif one.state != "left":
            seated[one.session_id] += 1
    for row in now.after.sessions.values():
        if row.enrolled != seated[row.id] or row.enrolled > row.seat_ceiling:
            yield f"{row.enrolled} counted, {seated[row.id]} seated"
        coming = row.state == "published" and row.starts_at > now.after.at + BLUR
        if coming and waiting[row.id] and row.enrolled < row.seats:
            yield "a seat lies idle beside the waitlist"
    for was, one in now.changed("enrolments"):
        up = was and was.state == "waitlisted" and one.state == "enrolled" and not now.race
        if up and any(other.rank < was.rank for other in waiting[one.session_id]):
            yield "a seat went to somebody behind"


RULES: dict[str, Rule] = {
    "capacity": capacity,
    "sales": sales,
    "counters": counters,
    "holds": holds,
    "one_place": one_place,
    "idle": idle,
    "order": order,
    "usable": usable,
    "claims": claims,
    "ranks": ranks,
    "pairs": pairs,
    "versions": versions,
    "announced": announced,
    "displaced_once": displaced_once,
    "newest_first": newest_first,
    "draw_order": draw_order,
    "seats": seats,
}
