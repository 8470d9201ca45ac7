"""Playing a history: step by step, every rule after each step; a broken one is made as short as it gets."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.booking.models.appointment import LIVE as BOOKED
from tests.bench.histories.acts import Step, do
from tests.bench.histories.rules import RULES, Moment, Told
from tests.bench.histories.state import State
from tests.bench.histories.world import World

MOST_REPLAYS = 150


@dataclass(frozen=True)
class Violation:
    """A rule that did not hold after a step of a history."""

    rule: str
    what: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}\n  " + "\n  ".join(str(step) for step in self.steps)


class Watched:
    """A world that is looked at after each step."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.done: list[Step] = []
        self.freed: set[str] = set()
        self.doubled: set[tuple[str, str]] = set()
        self.told = Told()
        world.reset()
        self.state = world.look()

    def step(self, step: Step) -> Violation | None:
        """Do one step; say which rule does not hold after it."""
        before = self.state
        do(self.world, step)
        self.done.append(step)
        self.state = after = self.world.look()
        self._excuse(step, before, after)
        if self.world.errors:
            return Violation("errors", self.world.errors[0], tuple(self.done))
        now = Moment(step, before, after, self.told, self.freed, self.doubled, self.world.ticked_at)
        for name, rule in RULES.items():
            for what in rule(now):
                return Violation(name, what, tuple(self.done))
        return None

    def _excuse(self, step: Step, before: State, after: State) -> None:
        """Until the timers run: who was freed elsewhere, and who booked and waited in one moment."""
        if step.other is None and self.world.ticked_at == after.at:
            self.freed.clear()
            self.doubled.clear()
        else:
            self.freed |= {
                was.person_id
                for id, was in before.appointments.items()
                if was.state in BOOKED and after.appointments.get(id) != was
            }
        if step.other is not None:
            booked = {(one.person_id, one.session_id) for one in after.booked}
            waits = {(one.person_id, one.session_id) for one in after.live_entries}
            self.doubled |= booked & waits


def play(world: World, steps: Sequence[Step]) -> Violation | None:
    """Play a history from its beginning; None where every rule held after every step."""
    watched = Watched(world)
    for step in steps:
        found = watched.step(step)
        if found is not None:
            return found
    return None


def shortened(world: World, found: Violation) -> Violation:
    """Leave out whatever is not needed to break the same rule."""
    best, tries, size = found, 0, max(1, len(found.steps) // 2)
    while size and tries < MOST_REPLAYS:
        cut = False
        for start in range(0, len(best.steps) - 1, size):
            fewer = best.steps[:start] + best.steps[start + size :]
            again, tries = play(world, fewer), tries + 1
            if again is not None and again.rule == found.rule:
                best, cut = again, True
                break
            if tries >= MOST_REPLAYS:
                break
        size = size if cut else size // 2
    return best
