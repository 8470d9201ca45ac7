"""Shares of small counts and the weights of the code list."""

from hypothesis import given
from hypothesis import strategies as st

from services.booking.models.category import CATEGORIES
from services.booking.models.weight import BY_KEY, KEYS, weight_of
from services.booking.queries.rates import rate

counts = st.integers(0, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def test_few_devices_give_a_wide_range_and_many_a_narrow_one() -> None:
    one, few, many = rate(1, 1), rate(8, 10), rate(800, 1000)

    assert (round(one.low, 3), one.high) == (0.207, 1.0)
    assert (round(few.low, 3), round(few.high, 3)) == (0.490, 0.943)  # Wilson's textbook value
    assert (round(many.low, 3), round(many.high, 3)) == (0.774, 0.824)


@given(counts)
def test_the_share_lies_in_its_range_and_the_range_in_all_there_is(pair: tuple[int, int]) -> None:
    found = rate(*pair)

    assert 0.0 <= found.low <= (found.share or 0.0) <= found.high <= 1.0


def test_every_category_but_misc_has_a_weight_from_the_code_list() -> None:
    without = [one.en for one in CATEGORIES if weight_of(one.id) is None]

    assert without == ["Misc"]
    assert set(KEYS.values()) == set(BY_KEY)


def test_the_moved_decimal_point_of_vacuum_cleaners_is_put_back() -> None:
    vacuum = weight_of(34)

    assert vacuum is not None
    assert (vacuum.low, vacuum.usual, vacuum.high) == (5.3, 5.88, 5.99)
