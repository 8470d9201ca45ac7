"""No proposal breaks a hard rule, whoever makes it; locks are kept, coverage never falls below greedy's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Event, Timer
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.roster.planning.annealing import Annealing
from services.roster.planning.board import Board
from services.roster.planning.check import violations
from services.roster.planning.choice import choose_solver
from services.roster.planning.cp_sat import CpSat, Search
from services.roster.planning.greedy import Greedy
from services.roster.planning.grid import Grid
from services.roster.planning.moves import MISSING, Moves
from services.roster.planning.problem import Cell, Problem, Role
from services.roster.planning.solvers import Progress, Solver, Until
from tests.bench.roster.baseline import RandomFeasible
from tests.bench.roster.term import term_problem
from tests.unit.roster.planning.builders import EASY, problem, problems, shift, volunteer

FEW = Until(moves=3_000)
QUICK: list[Callable[[], Solver]] = [Greedy, Annealing, RandomFeasible]


@pytest.mark.parametrize("solver", QUICK)
@given(asked=problems())
@settings(max_examples=60, deadline=None)
def test_no_proposal_breaks_a_hard_rule_and_locks_are_kept(
    solver: Callable[[], Solver], asked: Problem
) -> None:
    made = solver().propose(asked, FEW)

    assert violations(asked, made.cells) == []
    assert asked.fixed <= made.cells


@given(asked=problems())
@settings(max_examples=12, deadline=None)
def test_cp_sat_breaks_no_rule_and_is_no_worse_than_annealing(asked: Problem) -> None:
    annealed = Annealing().propose(asked, Until(moves=1_000))

    made = CpSat().propose(asked, Until(moves=4_000))

    assert violations(asked, made.cells) == []
    assert asked.fixed <= made.cells
    assert made.cost <= annealed.cost
    assert made.bound is None or made.bound <= made.cost


@given(asked=problems())
@settings(max_examples=60, deadline=None)
def test_annealing_never_covers_less_than_greedy(asked: Problem) -> None:
    greedy, annealed = Greedy().propose(asked, FEW), Annealing().propose(asked, FEW)

    assert annealed.cost <= greedy.cost
    assert annealed.cost.short <= greedy.cost.short
    assert len(annealed.cells) >= len(greedy.cells)


@given(asked=problems(), seed=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_what_moves_add_up_to_is_what_the_plan_costs(asked: Problem, seed: int) -> None:
    board = Board(Grid(asked))
    moves = Moves(board, Random(seed))
    moves.heat = 300.0
    before = board.cost()

    change = sum(moves.step() for _ in range(1_500))

    after = board.cost()
    assert change == MISSING * (after.short - before.short) + after.points - before.points
    assert violations(asked, board.cells()) == []


def test_a_term_is_proposed_without_breaking_a_rule_and_better_than_greedy() -> None:
    asked = term_problem(1, weeks=6)

    greedy = Greedy().propose(asked, FEW)
    made = Annealing(1).propose(asked, Until(moves=30_000))

    assert violations(asked, made.cells) == []
    assert made.cost.short <= greedy.cost.short
    assert made.cost.points < greedy.cost.points
    assert made.bound is not None
    assert made.bound <= made.cost


def test_the_same_seed_and_moves_give_the_same_proposal() -> None:
    asked = term_problem(2, weeks=2)

    once, again = (Annealing(7).propose(asked, Until(moves=5_000)) for _ in range(2))

    assert once.cells == again.cells
    assert once.bound == again.bound


def test_a_proposal_stops_when_somebody_asks_and_answers_with_the_best_so_far() -> None:
    asked, heard = term_problem(1, weeks=2), list[Progress]()

    made = Annealing().propose(asked, Until(asked=lambda: len(heard) >= 3), heard.append)

    assert violations(asked, made.cells) == []
    assert made.cost == min(one.cost for one in heard)
    assert [one.cost for one in heard] == sorted((one.cost for one in heard), reverse=True)


def test_cp_sat_stops_when_somebody_asks() -> None:
    asked, enough = term_problem(1, weeks=8), Event()
    search = Search(Grid(asked), Greedy().propose(asked, FEW))
    search.listen(lambda _: None, monotonic)
    began = monotonic()
    Timer(1, enough.set).start()

    search.run(600, Until(asked=enough.is_set))

    assert monotonic() - began < 300
    assert violations(asked, search.better().cells) == []


def test_a_new_proposal_keeps_the_last_one_where_nothing_is_better() -> None:
    shifts = [shift(f"s{n}", 9, 11, day=n) for n in range(4)]
    people = [volunteer(f"v{n}") for n in range(4)]
    last = frozenset(Cell(f"v{3 - n}", f"s{n}", "help") for n in range(4))

    made = Annealing().propose(problem(shifts, people, last=last), FEW)

    assert made.cells == last


def test_one_change_leaves_most_people_where_they_were() -> None:
    asked = term_problem(1, weeks=2)
    last = Annealing(1).propose(asked, Until(moves=20_000)).cells
    ill = next(iter(sorted(last)))
    again = replace(asked, last=last, kept_off=frozenset({ill[:2]}))

    with_memory = Annealing(2).propose(again, Until(moves=20_000)).cells
    without = Annealing(2).propose(replace(again, last=frozenset()), Until(moves=20_000)).cells

    assert len(last - with_memory) < len(last - without) / 2


def test_hours_served_before_count_for_an_equal_share() -> None:
    busy = volunteer("busy", served=timedelta(hours=8))
    shifts = [shift(f"s{n}", 9, 11, day=n) for n in range(2)]

    made = Greedy().propose(problem(shifts, [busy, volunteer("idle")]), FEW)

    assert {cell.volunteer for cell in made.cells} == {"idle"}


def test_without_or_tools_annealing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.roster.planning.choice.find_spec", lambda _: None)

    assert choose_solver("cp-sat").name == "annealing"
    monkeypatch.undo()
    assert choose_solver("cp-sat").name == "cp-sat"


def test_annealing_frees_somebody_by_moving_another_shift_to_a_third_person() -> None:
    both = volunteer("both", "mains", limits=replace(EASY, shifts_a_week=1))
    shifts = [shift("any", 9, 11), shift("mains", 9, 11, Role("mains", "mains", 1, 1), day=1)]

    made = Annealing().propose(problem(shifts, [both, volunteer("other")]), FEW)

    assert made.cells == {Cell("both", "mains", "mains"), Cell("other", "any", "help")}
