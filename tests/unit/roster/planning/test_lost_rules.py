"""Negative control: a rule that solvers forget is noticed by the second opinion."""

from collections.abc import Callable

import pytest

from services.roster.planning import grid
from services.roster.planning.annealing import Annealing
from services.roster.planning.check import violations
from services.roster.planning.greedy import Greedy
from services.roster.planning.grid import Grid
from services.roster.planning.rules import Rule
from services.roster.planning.solvers import Solver, Until
from tests.unit.roster.planning.lone_rules import LONE

TABLES = {
    "kept_off": "ALONE",
    "availability": "ALONE",
    "skill": "SKILL",
    "overlap": "PAIRS",
    "rest": "PAIRS",
    "in_a_row": "IN_A_ROW",
}
FEW = Until(moves=2_000)


def forget(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch a rule off where solvers read it."""
    if name in TABLES:
        given = getattr(grid, TABLES[name])
        never = Rule(name, lambda _case: False)
        kept = (
            tuple(never if one.name == name else one for one in given)
            if isinstance(given, tuple)
            else never
        )
        monkeypatch.setattr(grid, TABLES[name], kept)
        return
    people = Grid._index_people

    def careless(of: Grid) -> None:
        people(of)
        if name == "weekly_limit":
            of.weekly = [99] * len(of.people)
        else:
            of.newcomer = [False] * len(of.people)

    monkeypatch.setattr(Grid, "_index_people", careless)


@pytest.mark.parametrize("solver", [Greedy, Annealing])
@pytest.mark.parametrize("name", LONE)
def test_a_forgotten_rule_is_found(
    name: str, solver: Callable[[], Solver], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = LONE[name]
    honest = solver().propose(asked, FEW)

    forget(name, monkeypatch)
    careless = solver().propose(asked, FEW)

    assert violations(asked, honest.cells) == []
    assert {one.rule for one in violations(asked, careless.cells)} == {name}
    assert careless.cost.short < honest.cost.short
