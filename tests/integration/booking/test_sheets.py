"""Records as CSV and as a workbook: read back by others' readers, on both databases."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import openpyxl
import pytest

from services.booking.queries.sheets import COLUMNS, FORMULA, plain
from tests.integration.booking.past import held, repaired
from tests.support.clients import ApiClient
from tests.support.services import Service

AT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 23:30 at the centre
TRAPS = {
    "A": ("=HYPERLINK(\"http://x\")", "+1", "Fixed", None),
    "B": ("- onbekend", "@home\n第二行", "Unknown", None),
    "C": ("\t=1", "'quoted", "End of life", "Item too worn out"),
    "D": ("𠮷田 é🔧", "", "Repairable", None),
}  # fmt: skip


@pytest.fixture
def desk(any_service: Callable[[str], Service]) -> ApiClient:
    """A coordinator of a booking service in which the traps were repaired."""
    booking = any_service("booking")
    told = held(booking, AT, title={"zh": "=小家电", "en": ""})
    for number, (brand, problem, status, barrier) in TRAPS.items():
        repaired(
            told, number, brand=brand, problem=problem, status=status, barrier=barrier,
            name="周先生", bench=2,
        )  # fmt: skip
    return booking.as_("coordinator")


def test_csv_has_a_bom_and_every_record_with_its_formulas_defused(desk: ApiClient) -> None:
    answer = desk.get("/exports/records.csv", from_="2026-03-01", to="2026-03-31")

    text = answer.get_data().decode("utf-8")
    assert text.startswith("\ufeff日期,场次")
    assert answer.headers["Content-Disposition"].endswith(
        "xiuhao-records-2026-03-01-2026-03-31.csv"
    )
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA)]
    seen = {row["号码"]: (plain(row["品牌型号"]), plain(row["问题"])) for row in rows}
    assert seen == {number: (brand, problem) for number, (brand, problem, *_) in TRAPS.items()}
    assert {row["场次"] for row in rows} == {"'=小家电"}
    assert {(row["日期"], row["到场"], row["用时（分钟）"]) for row in rows} == {
        ("2026-03-02", "2026-03-02 23:30", "30")
    }
    assert "周先生" not in text


def test_a_workbook_holds_real_numbers_and_dates_and_no_formula(desk: ApiClient) -> None:
    desk.locale = "en"
    answer = desk.get("/exports/records.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    sheet = book.active
    assert sheet is not None
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    assert names == [column.en for column in COLUMNS]
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d"}
    for row in rows:
        record = dict(zip(names, (cell.value for cell in row), strict=True))
        brand, problem, status, barrier = TRAPS[record["Number"]]
        assert plain(record["Brand and model"]) == brand
        assert plain(record["Problem"] or "") == problem
        assert (record["Outcome"], record["Barrier"]) == (status, barrier)
        assert record["Date"] == datetime(2026, 3, 2)  # noqa: DTZ001 - as spreadsheets hold it
        assert record["Arrived"] == datetime(2026, 3, 2, 23, 30)  # noqa: DTZ001
        assert (record["Bench"], record["Minutes"]) == (2, 30)
    assert len(rows) == len(TRAPS)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:Q5")


def test_filters_hold_for_every_kind_of_file(desk: ApiClient) -> None:
    kinds = ("records.csv", "open-repair-data")
    lines = [
        len(
            desk.get(f"/exports/{kind}", outcome="Fixed", q="hyperlink")
            .get_data(as_text=True)
            .splitlines()
        )
        for kind in kinds
    ]

    assert lines == [2, 2]


def test_an_empty_export_is_a_file_with_headings(desk: ApiClient) -> None:
    answer = desk.get("/exports/records.xlsx", q="nothing like it")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    assert sheet is not None
    assert sheet.max_row == 1
