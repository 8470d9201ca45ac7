"""When each person in line will be called: the line played on many times, by chance but repeatably.

All times are minutes from now. The same line gives the same answer: the seed is fixed, and each
person draws from a stream of their own, so that whoever joins behind changes nobody's range.
"""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from random import Random

from services.booking.queries.service_times import ServiceTimes

RUNS = 120
SEED = 20_261_123
LOW, HIGH = 0.15, 0.85  # whole minutes widen them: four in five waits end inside (decision 0008)
LEAST_PACE = 0.4
COMES_FROM, COMES_TO, COMES_MOSTLY = -15.0, 10.0, -3.0  # about the slot's start
HORIZON = 600.0
NOBODY = ""  # the id of somebody who would come now


@dataclass(frozen=True)
class InLine:
    """Somebody who waits: the turn that orders the line, and the categories of open devices."""

    id: str
    turn: float
    categories: tuple[int, ...]


@dataclass(frozen=True)
class AtBench:
    """Somebody at a bench: minutes since the device on it was begun (None: not begun)."""

    elapsed: float | None
    categories: tuple[int, ...]


@dataclass(frozen=True)
class Expected:
    """Somebody who has booked and is not here: when their slot starts, how likely they come."""

    starts: float
    likely: float
    categories: tuple[int, ...]


@dataclass(frozen=True)
class Scene:
    """A line at one moment.

    `crews` holds (from minute, benches served from then on), the first at or before the opening.
    `walk_ins` is how many people without a booking come per minute; they queue `walk_in_step` behind.
    """

    crews: tuple[tuple[float, int], ...]
    at_bench: tuple[AtBench, ...] = ()
    waiting: tuple[InLine, ...] = ()
    expected: tuple[Expected, ...] = ()
    walk_ins: float = 0.0
    walk_in_step: float = 15.0
    opens_in: float = 0.0
    grace: float = 10.0


@lru_cache(maxsize=256)
def ranges(scene: Scene, times: ServiceTimes, runs: int = RUNS) -> dict[str, tuple[float, float]]:
    """Return for everybody who waits, and for `NOBODY` who comes now, the minutes (low, high).

    The same line is asked for by every phone in the room: it is played once.
    """
    called = played(scene, times, runs)
    return {id: _cut(sorted(minutes)) for id, minutes in called.items()}


def played(scene: Scene, times: ServiceTimes, runs: int = RUNS) -> dict[str, list[float]]:
    """Play the line on `runs` times; return when everybody was called in each."""
    newcomer = InLine(NOBODY, max(0.0, scene.opens_in) + scene.walk_in_step, ())
    found: dict[str, list[float]] = {one.id: [] for one in (*scene.waiting, newcomer)}
    names = ("pace", "bench", "others", *(one.id for one in scene.waiting))
    streams = {name: Random(f"{SEED}|{name}") for name in names}  # noqa: S311 - repeatable
    for _ in range(runs):
        for id, minute in _Run(scene, times, streams).calls(newcomer):
            found[id].append(minute)
    return found


class _Run:
    """One way the afternoon may go on."""

    def __init__(self, scene: Scene, times: ServiceTimes, streams: Mapping[str, Random]) -> None:
        self.scene, self.times = scene, times
        self.pace = max(LEAST_PACE, streams["pace"].gauss(1.0, times.spread))
        self.free = self._free_benches(streams["bench"])
        self.line = [
            (one.turn, index, one.id, self._takes(one.categories, streams[one.id]))
            for index, one in enumerate(scene.waiting)
        ]
        self.line.sort()
        self.coming = sorted(self._coming(streams["others"]), reverse=True)

    def calls(self, newcomer: InLine) -> list[tuple[str, float]]:
        """Return who of those that wait now is called when."""
        found: list[tuple[str, float]] = []
        left = len(self.line)
        told = False
        while left or not told:
            if not self.free:
                found += self._never(newcomer if not told else None)
                break
            at = heappop(self.free)
            self._arrive(at)
            if not told and (not self.line or self.line[0][0] > newcomer.turn):
                found.append((NOBODY, max(0.0, at)))
                told = True
            if not self.line:
                if self.coming:
                    heappush(self.free, max(at, self.coming[-1][0]))
                continue
            _, _, id, minutes = self.line.pop(0)
            if id:
                found.append((id, max(0.0, at)))
                left -= 1
            if not self._shrinks(at + minutes):
                heappush(self.free, at + minutes)
        return found

    def _free_benches(self, chance: Random) -> list[float]:
        scene = self.scene
        crew = scene.crews[0][1]
        opens = max(0.0, scene.opens_in)
        busy = sorted(self._busy_for(one, chance) for one in scene.at_bench)
        free = (busy[len(busy) - crew :] if len(busy) > crew else busy) if crew else []
        free += [opens] * (crew - len(free))
        self.size = crew
        for starts, more in scene.crews[1:]:
            free += [max(opens, starts)] * max(0, more - self.size)
            self.size = max(self.size, more)
        heap: list[float] = []
        for at in free:
            heappush(heap, at)
        return heap

    def _busy_for(self, one: AtBench, chance: Random) -> float:
        if not one.categories:
            return 0.0
        first, *rest = one.categories
        if one.elapsed is None:
            begun = self.times.handover + self.times.drawn(first, chance) * self.pace
        else:
            begun = self.times.left(first, one.elapsed / self.pace, chance) * self.pace
        return begun + sum(self.times.drawn(one, chance) for one in rest) * self.pace

    def _takes(self, categories: Sequence[int], chance: Random) -> float:
        drawn = sum(self.times.drawn(one, chance) for one in categories)
        return self.times.handover + drawn * self.pace

    def _coming(self, chance: Random) -> list[tuple[float, float, float]]:
        """Return who else will come: (arrival, turn, minutes)."""
        scene = self.scene
        found = []
        for one in scene.expected:
            comes = chance.random() < one.likely
            at = max(0.0, one.starts + chance.triangular(COMES_FROM, COMES_TO, COMES_MOSTLY))
            minutes = self._takes(one.categories, chance)
            if comes:
                found.append((at, one.starts if at <= one.starts + scene.grace else at, minutes))
        at = 0.0
        while scene.walk_ins > 0:
            at += chance.expovariate(scene.walk_ins)
            if at > HORIZON / 5:
                break
            found.append((at, at + scene.walk_in_step, self._takes((-1,), chance)))
        return found

    def _arrive(self, until: float) -> None:
        while self.coming and self.coming[-1][0] <= until:
            _, turn, minutes = self.coming.pop()
            insort(self.line, (turn, len(self.scene.waiting), "", minutes))

    def _shrinks(self, at: float) -> bool:
        """Tell whether the crew of the moment `at` is smaller than the benches that are served."""
        crew = self.scene.crews[0][1]
        for starts, many in self.scene.crews:
            if starts <= at:
                crew = many
        if self.size > max(crew, 0) and crew < self.size:
            later = max((many for starts, many in self.scene.crews if starts > at), default=0)
            if max(crew, later) < self.size:
                self.size -= 1
                return True
        return False

    def _never(self, newcomer: InLine | None) -> list[tuple[str, float]]:
        rest = [(one[2], HORIZON) for one in self.line if one[2]]
        return rest + ([(NOBODY, HORIZON)] if newcomer else [])


def _cut(minutes: Sequence[float]) -> tuple[float, float]:
    last = len(minutes) - 1
    return minutes[round(LOW * last)], minutes[round(HIGH * last)]
