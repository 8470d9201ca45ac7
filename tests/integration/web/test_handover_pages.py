"""The table for the unit's own platform: its columns are saved once, the files follow them."""

import csv
import io
from collections.abc import Iterator

import openpyxl
import pytest

from tests.integration.web.conftest import Term, fresh_term
from tests.integration.web.pages import Reader
from tests.integration.web.test_service_record_pages import days, serve


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    yield from fresh_term(tmp_path_factory.mktemp("records"))


@pytest.fixture
def coordinator(term: Term) -> Reader:
    return term.reader("coordinator")


def test_the_files_have_the_columns_in_the_order_and_under_the_headings_that_were_saved(
    term: Term, coordinator: Reader
) -> None:
    minutes = serve(term, "volunteer4")
    coordinator.open(f"/manage/handover?{days()}")

    saved = coordinator.send(
        "layout",
        column=["minutes", "name", "project"],
        **{"place-name": "1", "place-minutes": "2", "head-minutes": "=时长", "head-name": "姓名"},
    )
    text = coordinator.client.get(f"/manage/handover.csv?{days()}").data.decode("utf-8-sig")
    book = openpyxl.load_workbook(
        io.BytesIO(coordinator.client.get(f"/manage/handover.xlsx?{days()}").data)
    )

    assert "列设置存好了" in saved.text
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:2] == ["姓名", "'=时长"]
    mine = [row for row in rows[1:] if row[1] == str(minutes)]
    assert mine
    assert mine[0][0]
    sheet = book.active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][:2] == ["姓名", "'=时长"]
    assert minutes in {row[1] for row in cells[1:]}


def test_two_who_save_columns_are_told_and_keep_what_they_typed(
    term: Term, coordinator: Reader
) -> None:
    coordinator.open("/manage/handover")
    other = term.reader("admin")
    other.open("/manage/handover")
    other.send("layout", column=["name"])

    late = coordinator.send("layout", status=412, column=["name", "day"], **{"head-day": "哪天"})
    again = coordinator.send("layout", column=["name", "day"], **{"head-day": "哪天"})

    assert "有人先保存了" in late.text
    assert 'value="哪天"' in late.html
    assert "列设置存好了" in again.text


def test_no_column_at_all_is_said_at_the_list(coordinator: Reader) -> None:
    coordinator.open("/manage/handover")

    page = coordinator.send("layout", column=[], status=422)

    assert "至少选一列" in page.text


def test_a_file_of_days_that_do_not_fit_is_not_there(coordinator: Reader) -> None:
    for path in ("handover.csv", "handover.csv?first=2026-02-01&last=2026-01-01", "handover.exe"):
        assert coordinator.client.get(f"/manage/{path}").status_code == 404
