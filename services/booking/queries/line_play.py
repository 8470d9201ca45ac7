"""One way the line may go on, played as discrete events with simpy: all chance is drawn before.

Benches call by turn, people arrive, volunteers come and go. Both the waiting ranges that people are told
and a coordinator's "what if" are many of these plays; there is no other model of the line.
All times are minutes from now.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf
from typing import Any, NamedTuple

from simpy import Environment, Event
from simpy.core import EmptySchedule

Steps = Generator[Event, Any, None]


class Place(NamedTuple):
    """A place in the line: who has the smaller one is called first. `minutes`: how long they take.

    Who waits now has an `order` and an id; who is still to come has the same high order and none.
    """

    turn: float
    order: int
    id: str
    minutes: float


class Asker(NamedTuple):
    """Somebody who only asks when they would be called: they take nobody's place, and no bench."""

    at: float
    turn: float
    id: str


@dataclass(frozen=True)
class Dice:
    """What chance has decided for one play.

    `crews` holds (from minute, benches served from then on); `busy` the minutes that each bench with
    somebody at it still needs; `coming` (arrival, place) and `asking`, by arrival.
    """

    crews: Sequence[tuple[float, int]]
    opens: float
    busy: Sequence[float]
    line: Sequence[Place]
    coming: Sequence[tuple[float, Place]]
    asking: Sequence[Asker]


@dataclass
class Play:
    """One play: `called` says when who was called, `ended` when the last bench was done."""

    dice: Dice
    called: dict[str, float] = field(default_factory=dict)
    ended: float = 0.0

    def __post_init__(self) -> None:
        self._env = Environment()
        self._line = sorted(self.dice.line)  # a sorted list is a heap
        self._askers: list[Asker] = []  # who asked and has no answer: turns grow with arrivals
        self._idle: list[Event] = []
        self._crew = self.dice.crews[0][1]
        self._serving = 0
        self._begin()

    def until_told(self, many: int) -> "Play":
        """Play until `many` people have been called (or asked and know), or nobody ever will be."""
        try:
            while len(self.called) < many:
                self._env.step()
        except EmptySchedule:
            pass
        return self

    def to_the_end(self) -> "Play":
        """Play until everybody who is here or still comes is done; `ended` is infinite if that is never."""
        self._env.run()
        if self._line:
            self.ended = inf
        return self

    def _begin(self) -> None:
        env, dice = self._env, self.dice
        env.process(self._arrivals())
        for minutes in dice.busy:
            self._serving += 1
            env.process(self._bench(minutes))
        self._open_benches(dice.opens)
        if len(dice.crews) > 1:
            env.process(self._changes())

    def _open_benches(self, at: float) -> None:
        while self._serving < self._crew:
            self._serving += 1
            self._env.process(self._bench(max(0.0, at - self._env.now)))

    def _bench(self, busy: float) -> Steps:
        """A bench: done with who is at it, it calls the next; one too many ends with its device."""
        if busy > 0:
            yield self._env.timeout(busy)
            self.ended = self._env.now
        while self._serving <= self._crew:
            one = self._next()
            if one is None:
                news = self._env.event()
                self._idle.append(news)
                yield news
                continue
            yield self._env.timeout(one.minutes)
            self.ended = self._env.now
        self._serving -= 1

    def _next(self) -> Place | None:
        """Call whose turn it is, and tell everybody who asked and would have been before them."""
        first = self._line[0] if self._line else None
        while self._askers and (first is None or first.turn > self._askers[0].turn):
            self.called[self._askers.pop(0).id] = self._env.now
        if first is None:
            return None
        heappop(self._line)
        if first.id:
            self.called[first.id] = self._env.now
        return first

    def _arrivals(self) -> Steps:
        """Everybody who still comes stands in line, and everybody who asks is noted."""
        coming = [(at, None, place) for at, place in self.dice.coming]
        asking = [(one.at, one, None) for one in self.dice.asking]
        for at, asker, place in sorted([*coming, *asking], key=lambda one: one[0]):
            if at > self._env.now:
                yield self._env.timeout(at - self._env.now)
            if place is not None:
                heappush(self._line, place)
                self._wake()
            elif asker is not None and self._idle:
                self.called[asker.id] = self._env.now
            elif asker is not None:
                self._askers.append(asker)

    def _changes(self) -> Steps:
        """Volunteers come and go."""
        for at, many in self.dice.crews[1:]:
            if at > self._env.now:
                yield self._env.timeout(at - self._env.now)
            self._crew = many
            self._open_benches(self.dice.opens)
            if self._serving > many:
                self._wake(everybody=True)

    def _wake(self, *, everybody: bool = False) -> None:
        while self._idle:
            self._idle.pop(0).succeed()
            if not everybody:
                break
