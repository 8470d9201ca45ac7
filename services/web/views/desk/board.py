"""What the desk shows: the line, the benches, who is on duty, and what needs a decision, joined from three services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from services.web import dates
from services.web.clients import clients
from services.web.clients.queue import Bench, Queue, Ticket, Visit
from services.web.clients.roster import Assignment, Shift
from services.web.i18n import _, _n
from services.web.names import Names, isolated, marked, names_of
from services.web.show import text
from services.web.signin import has_role
from shared import clock
from shared.http_client import Problem, Unavailable

T = TypeVar("T")


@dataclass(frozen=True)
class Duty:
    """A volunteer of this session: expected, present, or gone."""

    assignment: Assignment
    name: str | None
    state: str  # present | due | late | later | gone


@dataclass(frozen=True)
class Decision:
    """Something a person has to decide."""

    kind: str  # bad | warn | calm
    tag: str
    text: str
    link: str | None = None


@dataclass(frozen=True)
class DeskBoard:
    """The whole desk at one version of the queue."""

    queue: Queue
    names: Names
    duty: tuple[Duty, ...]
    decisions: tuple[Decision, ...]
    roster_away: bool

    @property
    def present(self) -> tuple[Duty, ...]:
        """Volunteers who are here."""
        return tuple(one for one in self.duty if one.state == "present")

    @property
    def idle(self) -> str | None:
        """The first volunteer who is here and not at a device."""
        busy = {one.ticket.volunteer_id for one in self.queue.benches if one.ticket}
        ids = [one.assignment.person_id for one in self.present]
        return next((one for one in ids if one not in busy), None)

    @property
    def free_bench(self) -> Bench | None:
        """The first bench that nobody is at."""
        return next(
            (one for one in self.queue.benches if one.visit is None and one.ticket is None), None
        )

    def left_at(self, bench: int) -> Ticket | None:
        """The device left last at a free bench, while it waits for its safety test."""
        left = [one for one in self.queue.staying if one.bench == bench]
        return left[-1] if left and left[-1].care in ("test", "failed", "ask") else None

    @property
    def first(self) -> Visit | None:
        """Whom call-next calls: the first who has not asked for a few minutes."""
        at = self.queue.at or clock.now()
        awake = (v for v in self.queue.waiting if not (v.snoozed_until and v.snoozed_until > at))
        return next(awake, None)

    @property
    def called(self) -> tuple[Visit, ...]:
        """Those who were called and have not started, newest call last."""
        visits = self.queue.called or tuple(
            one.visit for one in self.queue.benches if one.visit and one.visit.state == "called"
        )
        return tuple(
            sorted(
                visits, key=lambda v: v.called_at or v.arrived_at or self.queue.session.starts_at
            )
        )

    @property
    def closed(self) -> int:
        """Devices dealt with."""
        return done_count(self.queue, "closed")

    @property
    def devices(self) -> int:
        """Devices of this session so far."""
        return done_count(self.queue, "total")

    def outcome(self, status: str) -> int:
        """How many devices ended this way."""
        return done_count(self.queue, status)


def done_count(queue: Queue, name: str) -> int:
    """A counter of today, 0 when there is none."""
    return int(queue.done.get(name, 0) or 0)


def attempt(call: Callable[[], T], fallback: T) -> tuple[T, bool]:
    """What a service says, or the fallback and True when it is away or refuses: the desk goes on without it."""
    try:
        return call(), False
    except (Unavailable, Problem):
        return fallback, True


def load(session_id: str) -> DeskBoard:
    """Ask booking for the line, roster for who is on duty, notify for what was not delivered."""
    queue = clients().booking.queue(session_id)
    nothing: tuple[Shift, ...] = ()
    shifts, away = nothing, False
    if has_role("coordinator"):
        shifts, away = attempt(lambda: clients().roster.session_shifts(session_id), nothing)
    assignments = [one for shift in shifts for one in shift.assignments]
    names = names_of([*_people(queue), *(one.person_id for one in assignments)])
    duty = _duty(assignments, names)
    return DeskBoard(queue, names, duty, _decisions(queue, duty, shifts), away)


def _people(queue: Queue) -> list[str]:
    at_bench = [one.visit for one in queue.benches if one.visit]
    everybody = (*queue.waiting, *queue.called, *queue.serving, *queue.absent, *at_bench)
    late = [one.person_id for one in queue.late if one.person_id]
    helpers = [
        one.ticket.volunteer_id for one in queue.benches if one.ticket and one.ticket.volunteer_id
    ]
    return [one.person_id for one in everybody if one.person_id] + helpers + late


def _duty(assignments: list[Assignment], names: Names) -> tuple[Duty, ...]:
    now = clock.now()
    live = [one for one in assignments if one.live]
    found = [Duty(one, names.masked(one.person_id), _duty_state(one, now)) for one in live]
    order = {"present": 0, "late": 1, "due": 2, "later": 3, "gone": 4}
    return tuple(sorted(found, key=lambda one: (order[one.state], one.assignment.starts_at)))


def _duty_state(one: Assignment, now: datetime) -> str:
    if one.checked_out_at:
        return "gone"
    if one.checked_in_at:
        return "present"
    if one.starts_at <= now:
        return "late"
    return "due" if (one.starts_at - now).total_seconds() < 3600 else "later"


def _decisions(
    queue: Queue, duty: tuple[Duty, ...], shifts: tuple[Shift, ...]
) -> tuple[Decision, ...]:
    found: list[Decision] = [*_steps(queue)]
    if queue.warning:
        found.append(Decision("warn", _("收工"), text(queue.warning)))
    found += [
        Decision(
            "bad",
            _("缺席"),
            marked(
                _("%(name)s %(time)s 该到，还没有签到。"),
                name=isolated(one.name or _("一位志愿者")),
                time=dates.time(one.assignment.starts_at),
            ),
        )
        for one in duty
        if one.state == "late"
    ]
    missing = [one for one in shifts if one.missing]
    if missing:
        found.append(
            Decision(
                "warn",
                _("缺人"),
                _n(
                    "还差 %(n)s 位志愿者，能修的数量跟着变少。", sum(one.missing for one in missing)
                ),
            )
        )
    return (*found, *_undelivered(queue.session.id))


def _steps(queue: Queue) -> list[Decision]:
    """Calls that nobody answered, by the rules of this line."""
    words = {
        "recall": _("%(number)s 叫了还没来，再叫一次。"),
        "absent": _("%(number)s 叫了 %(calls)s 次没来，可以过号了。"),
    }
    called = [one.visit for one in queue.benches if one.visit and one.visit.suggest]
    return [
        Decision(
            "warn",
            _("没来"),
            words[one.suggest] % {"number": one.number, "calls": one.calls},
            f"/desk/{queue.session.id}/visits/{one.id}",
        )
        for one in called
        if one.suggest in words
    ]


def _undelivered(session_id: str) -> list[Decision]:
    if not has_role("coordinator"):
        return []
    page, _away = attempt(lambda: clients().notify.deliveries("failed", session_id), None)
    count = len(page.items) if page else 0
    if not count:
        return []
    return [
        Decision(
            "warn",
            _("未送达"),
            _n("%(n)s 条消息没有送到，去看看是谁。", count),
            f"/manage/deliveries?session_id={session_id}",
        )
    ]


def first_open(visit: Visit | None) -> Ticket | None:
    """The device that comes next."""
    return visit.open_devices[0] if visit and visit.open_devices else None


def minutes_since(instant: datetime | None) -> int | None:
    """Whole minutes since then."""
    return None if instant is None else max(int((clock.now() - instant).total_seconds() // 60), 0)
