"""The bound is never above what the best plan costs, and near it where people are many."""

from itertools import product

from hypothesis import given, settings

from services.roster.planning.annealing import Annealing
from services.roster.planning.board import Board
from services.roster.planning.bound import Prices, weighed
from services.roster.planning.check import violations
from services.roster.planning.greedy import Greedy
from services.roster.planning.grid import Grid
from services.roster.planning.objective import HOUR, SPARE, Cost, gap, strain
from services.roster.planning.problem import Problem, Role
from services.roster.planning.solvers import Until
from tests.bench.roster.term import term_problem
from tests.unit.roster.planning.builders import problem, problems, shift, volunteer

MOST = 9  # yes-or-no questions that are tried out


def every_plan(asked: Problem) -> list[Cost]:
    """What every plan without a broken rule costs."""
    grid = Grid(asked)
    pairs = [(v, seat) for v, seats in enumerate(grid.may) for seat in seats][:MOST]
    costs = []
    for chosen in product((False, True), repeat=len(pairs)):
        plan = [pair for pair, yes in zip(pairs, chosen, strict=True) if yes]
        board = Board(grid, plan)
        if not violations(asked, [grid.cell(*pair) for pair in board.pairs()]):
            costs.append(board.cost())
    return costs


@given(asked=problems())
@settings(max_examples=60, deadline=None)
def test_no_plan_beats_the_bound_nor_misses_fewer_people(asked: Problem) -> None:
    prices = Prices(Grid(asked))
    prices.search(weighed(Greedy().propose(asked, Until()).cost), 60)

    for cost in every_plan(asked):
        assert cost.short >= prices.surely_short
        assert cost.short > prices.surely_short or cost.points >= prices.unavoidable
        assert prices.best <= weighed(cost) + 1e-6


@given(asked=problems(locks=False))
@settings(max_examples=40, deadline=None)
def test_annealing_finds_the_best_of_small_problems(asked: Problem) -> None:
    grid = Grid(asked)
    if sum(map(len, grid.may)) > MOST:
        return

    made = Annealing().propose(asked, Until(moves=4_000))

    assert made.cost == min(every_plan(asked))


def test_for_a_term_bound_and_plan_are_close() -> None:
    asked = term_problem(1, weeks=8)
    made = Annealing(1).propose(asked, Until(moves=60_000))
    prices = Prices(Grid(asked))
    prices.search(weighed(made.cost), 150)

    bound = prices.bound(made.cost)

    assert bound is not None
    assert gap(made.cost, bound, prices.unavoidable) < 0.05


def test_somebody_missing_is_never_made_up_for_by_points() -> None:
    assert gap(Cost(1, 0), Cost(0, 10)) == 1.0
    assert gap(Cost(0, 11), Cost(0, 10)) == 0.1


def test_places_that_nobody_can_fill_make_no_gap_look_small() -> None:
    one = shift("one", 9, 11, Role("help", None, 1, 5))
    prices = Prices(Grid(problem([one], [volunteer("only")])))

    assert prices.surely_short == 0
    assert prices.unavoidable == 4 * SPARE
    assert gap(Cost(0, 4 * SPARE + 11), Cost(0, 4 * SPARE + 10), prices.unavoidable) == 0.1


def test_an_hour_more_costs_more_the_more_there_are() -> None:
    steps = [strain(HOUR * (n + 1)) - strain(HOUR * n) for n in range(30)]

    assert steps == sorted(steps)
    assert strain(HOUR * 8) == HOUR * 64
