"""Whatever people, staff, time and two at once do to bookings and waitlists, the rules hold: a state machine.

Acts, rules and planted bugs are those of `make histories`, which plays thousands of long lives on both
databases. Here Hypothesis chooses some short ones, the same in each run, and shortens what breaks a rule.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.bench.histories.acts import ACTS, BIG, RACERS, Step, history
from tests.bench.histories.planted import BUGS, Bug, planted
from tests.bench.histories.play import Watched, play
from tests.bench.histories.rules import RULES
from tests.bench.histories.work import find
from tests.bench.histories.world import World, hurried, standing_clock
from tests.support.databases import Databases

NUMBER = st.integers(0, BIG - 1)
SOMETHING = st.sampled_from([name for name, (_, weight) in ACTS.items() for _ in range(weight)])
ACT = st.builds(Step, SOMETHING, NUMBER, NUMBER, NUMBER)
RACER = st.builds(Step, st.sampled_from(RACERS), NUMBER, NUMBER, NUMBER)
BOOKING = st.builds(Step, st.just("book"), NUMBER, NUMBER, NUMBER)
LED = [bug for bug in BUGS if bug.first]
SHORT = settings(
    max_examples=8,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def world(dialect: str, databases: Databases, tmp_path: Path) -> Iterator[World]:
    """Booking with a few people and sessions, on a clock of its own."""
    with standing_clock(tmp_path) as clock:
        made = World(hurried(databases.open("booking", dialect)), clock)
        yield made
        made.close()


def bug_called(name: str) -> Bug:
    """One of the bugs that `make histories` plants."""
    return next(one for one in BUGS if name in one.name)


def lives(world: World) -> type[RuleBasedStateMachine]:
    """The machine: after each act, and after each two at once, every rule holds."""

    class Lives(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.watched = Watched(world)

        @initialize(rush=st.lists(BOOKING, min_size=6, max_size=12))
        def slots_fill(self, rush: list[Step]) -> None:
            for step in rush:
                self.act(step)

        @rule(step=ACT)
        def act(self, step: Step) -> None:
            violation = self.watched.step(step)
            assert violation is None, str(violation)

        @rule(first=RACER, second=RACER)
        def two_at_once(self, first: Step, second: Step) -> None:
            self.act(replace(first, other=second))

    return Lives


def test_no_rule_is_broken_in_any_life(world: World) -> None:
    run_state_machine_as_test(lives(world), settings=SHORT)  # type: ignore[no-untyped-call]


def test_long_lives_of_the_bench_hold_too(world: World) -> None:
    for seed in range(2):
        violation = play(world, history(seed, 100))
        assert violation is None, str(violation)


@pytest.mark.parametrize("name", ["sells above", "is not announced"])
def test_the_machine_finds_a_bug_that_is_planted(world: World, name: str) -> None:
    bug = bug_called(name)
    quick = settings(SHORT, max_examples=60, phases=[Phase.generate])

    with planted(bug, world), pytest.raises(AssertionError) as found:
        run_state_machine_as_test(lives(world), settings=quick)  # type: ignore[no-untyped-call]

    assert str(found.value).split(":")[0] in bug.rules


@pytest.mark.parametrize("name", ["cancelled booking offers its place", "last who came"])
def test_a_long_life_finds_a_bug_that_is_planted(world: World, name: str) -> None:
    found = find(world, bug_called(name), 20261126, 60)

    assert found is not None, "the rules would not see it"


def test_who_claims_a_place_and_loses_it_in_the_same_moment_is_told_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by a random history: the claim won its race against a coordinator who displaces."""
    offered = [Step("book", 0, 3), Step("book", 1, 3), Step("join", 2, 1, 2), Step("cancel")]
    nobody_left = Step("staffing", 1, 0)
    both = Step("claim", other=Step("at_risk"))
    monkeypatch.setattr(world, "at_once", lambda acts: [act() for act in acts])

    violation = play(world, [*offered, nobody_left, both])

    assert violation is None, str(violation)
    told = Counter(one.subject for one in world.seen.events if "displaced" in one.type)
    claimed = next(one for one in world.seen.booked if one.person_id == world.people[2])
    assert told[claimed.id] == 1
    assert claimed.displaced_at is not None


@pytest.mark.parametrize("bug", LED, ids=lambda bug: bug.name)
def test_a_history_that_leads_to_a_bug_finds_it_and_only_it(world: World, bug: Bug) -> None:
    steps = bug.history(1, len(bug.first) + 2)

    without = play(world, steps)
    with planted(bug, world):
        found = play(world, steps)

    assert without is None, str(without)
    assert found is not None, "the rules would not see it"
    assert found.rule in bug.rules


def test_each_rule_has_a_bug_that_it_must_find() -> None:
    assert {name for bug in BUGS for name in bug.rules} - {"errors"} == set(RULES)
