"""When each person in line will be called: the line played on many times, by chance but repeatably.

Here chance is drawn (how long devices take, who comes and when); `line_play` plays the line with it.
All times are minutes from now. The same line gives the same answer: the seed is fixed, and each
person draws from a stream of their own, so that whoever joins behind changes nobody's range, and
another crew meets the very same afternoon.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from random import Random

from services.booking.queries.levels import Levels
from services.booking.queries.line_play import Asker, Dice, Place, Play
from services.booking.queries.service_times import ServiceTimes

RUNS = 120
SEED = 20_261_123
MIDDLE = 0.5
LEAST_PACE = 0.4
COMES_FROM, COMES_TO, COMES_MOSTLY = -15.0, 10.0, -3.0  # about the slot's start
HORIZON = 600.0
NOBODY = "@now"  # the id of somebody who would come now
OTHER = -1  # the category of a device that nobody has seen
START = Levels()  # before we know how our ranges hold

Range = tuple[float, float, float]


@dataclass(frozen=True)
class InLine:
    """Somebody who waits: the turn that orders the line, and the categories of open devices.

    `not_before`: others go first until then, as the person asked.
    """

    id: str
    turn: float
    categories: tuple[int, ...]
    not_before: float = 0.0


@dataclass(frozen=True)
class AtBench:
    """Somebody at a bench: minutes since the device on it was begun (None: not begun)."""

    elapsed: float | None
    categories: tuple[int, ...]


@dataclass(frozen=True)
class Expected:
    """Somebody who has booked and is not here: when their slot starts, how likely they come.

    `late`: how much later they said they come; the turn is kept that much longer.
    """

    starts: float
    likely: float
    categories: tuple[int, ...]
    late: float = 0.0


@dataclass(frozen=True)
class Scene:
    """A line at one moment.

    `crews` holds (from minute, benches served from then on), the first at or before the opening.
    `walk_ins` is how many people without a booking come per minute until the doors close
    (`closes_in`); they queue `walk_in_step` behind.
    """

    crews: tuple[tuple[float, int], ...]
    at_bench: tuple[AtBench, ...] = ()
    waiting: tuple[InLine, ...] = ()
    expected: tuple[Expected, ...] = ()
    walk_ins: float = 0.0
    walk_in_step: float = 15.0
    opens_in: float = 0.0
    closes_in: float = HORIZON / 5
    grace: float = 10.0


@dataclass(frozen=True)
class Outlook:
    """What the plays of a line to its end say: minutes (low, middle, high); never is infinite.

    `points` holds (minute, range) of the wait of somebody without a booking who comes then; `ends` is
    the minute in which the last device is done.
    """

    points: tuple[tuple[float, Range], ...]
    ends: Range


@lru_cache(maxsize=256)
def ranges(
    scene: Scene, times: ServiceTimes, levels: Levels = START, runs: int = RUNS
) -> dict[str, tuple[float, float]]:
    """Return for everybody who waits, and for `NOBODY` who comes now, the minutes (low, high).

    The same line is asked for by every phone in the room: it is played once.
    """
    called = played(scene, times, runs)
    return {
        id: (cut(minutes, levels.low), cut(minutes, levels.high)) for id, minutes in called.items()
    }


def played(scene: Scene, times: ServiceTimes, runs: int = RUNS) -> dict[str, list[float]]:
    """Play the line on `runs` times; return when everybody was called in each."""
    asking = (_newcomer(scene, 0.0, NOBODY),)
    ids = [*(one.id for one in scene.waiting), NOBODY]
    found: dict[str, list[float]] = {id: [] for id in ids}
    for dice in _throws(scene, times, runs, asking):
        called = Play(dice).until_told(len(ids)).called
        for id in ids:
            found[id].append(called.get(id, HORIZON))
    return found


@lru_cache(maxsize=32)
def outlook(
    scene: Scene, times: ServiceTimes, every: float, levels: Levels = START, runs: int = RUNS
) -> Outlook:
    """Play the line to its end; return the waits of who comes each `every` minutes until closing."""
    moments = [every * step for step in range(int(scene.closes_in // every) + 1)]
    asking = tuple(_newcomer(scene, at, f"@{at}") for at in moments)
    plays = [Play(dice).to_the_end() for dice in _throws(scene, times, runs, asking)]
    points = tuple(
        (
            one.at,
            _range((max(0.0, play.called.get(one.id, inf) - one.at) for play in plays), levels),
        )
        for one in asking
    )
    return Outlook(points, _range((play.ended for play in plays), levels))


def cut(minutes: Iterable[float], part: float) -> float:
    """Return the quantile: the value below which `part` of them lie.

    A part below 0 or above 1 goes on beyond what was played, in widths of all the plays; never
    before now.
    """
    found = sorted(minutes)
    inside = min(max(part, 0.0), 1.0)
    width = found[-1] - found[0] if found[-1] < inf else 0.0
    return max(0.0, found[round(inside * (len(found) - 1))] + (part - inside) * width)


def _range(minutes: Iterable[float], levels: Levels) -> Range:
    found = sorted(minutes)
    return cut(found, levels.low), cut(found, MIDDLE), cut(found, levels.high)


def _newcomer(scene: Scene, at: float, id: str) -> Asker:
    return Asker(at, max(at, scene.opens_in) + scene.walk_in_step, id)


def _throws(
    scene: Scene, times: ServiceTimes, runs: int, asking: Sequence[Asker]
) -> Iterable[Dice]:
    names = ("pace", "bench", "others", *(one.id for one in scene.waiting))
    streams = {name: Random(f"{SEED}|{name}") for name in names}  # noqa: S311 - repeatable
    for _ in range(runs):
        yield _Throw(scene, times, streams).dice(asking)


class _Throw:
    """One throw of all the dice of an afternoon."""

    def __init__(self, scene: Scene, times: ServiceTimes, streams: Mapping[str, Random]) -> None:
        self.scene, self.times, self.streams = scene, times, streams
        self.pace = max(LEAST_PACE, streams["pace"].gauss(1.0, times.spread))

    def dice(self, asking: Sequence[Asker]) -> Dice:
        """Return what one play needs."""
        scene, streams = self.scene, self.streams
        places = [
            Place(one.turn, order, one.id, self._takes(one.categories, streams[one.id]))
            for order, one in enumerate(scene.waiting)
        ]
        asleep = {one.id: one.not_before for one in scene.waiting if one.not_before > 0}
        return Dice(
            crews=scene.crews,
            opens=max(0.0, scene.opens_in),
            busy=[self._busy_for(one, streams["bench"]) for one in scene.at_bench],
            line=[place for place in places if place.id not in asleep],
            coming=[
                *((asleep[place.id], place) for place in places if place.id in asleep),
                *self._booked(streams["others"]),
                *self._walk_ins(streams["others"]),
            ],
            asking=asking,
        )

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
        if len(categories) == 1:  # nearly always
            drawn = self.times.drawn(categories[0], chance)
        else:
            drawn = sum(self.times.drawn(one, chance) for one in categories)
        return self.times.handover + drawn * self.pace

    def _booked(self, chance: Random) -> Iterable[tuple[float, Place]]:
        """Yield who booked and comes: (arrival, place)."""
        scene = self.scene
        for one in scene.expected:
            comes = chance.random() < one.likely
            about = chance.triangular(COMES_FROM, COMES_TO, COMES_MOSTLY)
            at = max(0.0, one.starts + one.late + about)
            minutes = self._takes(one.categories, chance)
            if comes:
                kept = at <= one.starts + scene.grace + one.late
                yield at, self._place(one.starts if kept else at, minutes)

    def _walk_ins(self, chance: Random) -> Iterable[tuple[float, Place]]:
        """Yield who comes without a booking until the doors close: (arrival, place)."""
        at, rate = 0.0, self.scene.walk_ins
        while rate > 0 and (at := at + chance.expovariate(rate)) <= self.scene.closes_in:
            yield at, self._place(at + self.scene.walk_in_step, self._takes((OTHER,), chance))

    def _place(self, turn: float, minutes: float) -> Place:
        return Place(turn, len(self.scene.waiting), "", minutes)
