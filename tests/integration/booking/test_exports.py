"""Open Repair Data: what went in comes out verbatim, on both databases."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from shared.clock import parse
from tests.integration.booking.line import call, serve, today, walk_in
from tests.support.services import Service

HEADER = (
    "id,data_provider,country,partner_product_category,product_category,product_category_id,"
    "brand,year_of_manufacture,product_age,repair_status,repair_barrier_if_end_of_life,"
    "group_identifier,event_date,problem"
)
TRAPS = [  # brand, problem, status, barrier
    ("Unknown", "", "Unknown", ""),
    ("- onbekend", '=1+1, "quoted", and a comma', "Fixed", ""),
    ("美的", "加热\n不行", "End of life", "Item too worn out"),
    ("", "é🔧" * 300, "End of life", ""),
    ("@home", "+cmd|' /C calc'!A0", "Repairable", ""),
]


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_outcomes_come_out_as_they_went_in(booking: Service) -> None:
    told, desk = (
        today(booking, title={"zh": "Repair Café Gent", "en": ""}),
        booking.as_("coordinator"),
    )
    for brand, problem, status, barrier in TRAPS:
        desk.post(
            f"/sessions/{told.id}/walk-ins",
            {"devices": [{"category_id": 7, "brand": brand, "problem": problem}]},
        )
        serve(told, desk, status=status, barrier=barrier)

    answer = desk.get("/exports/open-repair-data", session_id=told.id)

    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/csv"
    assert text.splitlines()[0] == HEADER
    found = rows(text)
    names = ("brand", "problem", "repair_status", "repair_barrier_if_end_of_life")
    assert sorted(tuple(row[name] for name in names) for row in found) == sorted(TRAPS)
    assert {row["product_category"] for row in found} == {"Fan"}
    assert {row["group_identifier"] for row in found} == {"Repair Café Gent"}
    day = parse(told.data["starts_at"]).astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert {datetime.fromisoformat(row["event_date"]).date() for row in found} == {day}
    assert len({row["id"] for row in found}) == len(TRAPS)
    assert all(re.fullmatch(r"[a-z]+-[0-9]+", row["id"]) for row in found)


def test_trials_and_open_devices_are_left_out(booking: Service) -> None:
    desk = booking.as_("coordinator")
    trial, real = today(booking, trial=True), today(booking)
    for told in (trial, real):
        walk_in(told, desk)
        walk_in(told, desk)
        serve(told, desk)
        call(told, desk)

    counts = [
        len(rows(desk.get("/exports/open-repair-data", **asked).get_data(as_text=True)))
        for asked in ({}, {"trial": "1"}, {"to": "2020-01-01"}, {"from_": "2020-01-01"})
    ]

    assert counts == [1, 2, 0, 1]


def test_only_staff_export(booking: Service) -> None:
    assert booking.as_("volunteer").get("/exports/open-repair-data").status_code == 403
