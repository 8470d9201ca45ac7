"""Cells of a spreadsheet: none starts a formula, and all that was typed comes back."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from services.booking.queries.sheets import FORMULA, _lines, defused, plain

typed = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
risky = st.builds(str.__add__, st.sampled_from([*FORMULA, "'", "''", "\r\n"]), typed)


@given(st.lists(st.lists(typed | risky, min_size=2, max_size=5), min_size=1, max_size=5))
@example([["=1+1", "'=1"], ["\t=2", "\r=3"], ["", "'"], ["＝SUM(A1)", "@cmd"], ["-1", '+"a",\n']])
def test_rows_come_back_from_a_csv_file_and_no_cell_starts_a_formula(
    rows: list[list[str]],
) -> None:
    text = _lines([[defused(cell) for cell in row] for row in rows]).decode()

    read = list(csv.reader(io.StringIO(text, newline="")))

    assert not [cell for row in read for cell in row if cell.startswith(FORMULA)]
    assert [[plain(cell) for cell in row] for row in read] == rows


def test_numbers_stay_numbers() -> None:
    assert [defused(value) for value in (-5, 2.5, None)] == [-5, 2.5, None]
