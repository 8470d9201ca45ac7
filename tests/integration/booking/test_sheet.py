"""The paper sheet: what it prints, and its rows typed in later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.clock import iso, now, parse
from shared.ids import new_id
from tests.integration.booking.build import Told
from tests.integration.booking.line import booked, call, queue, today, walk_in
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def at(minutes: float) -> str:
    return iso(now() - timedelta(minutes=minutes))


def type_in(told: Told, desk: ApiClient, **row: Any) -> Any:
    return desk.post(f"/sessions/{told.id}/sheet-rows", {"id": new_id(), **row})


def test_the_sheet_has_a_row_for_each_device_that_is_expected_or_in_line(booking: Service) -> None:
    told, desk, student = today(booking), booking.as_("coordinator"), booking.as_("student")
    appointment = booked(told, student)
    walk_in(told, desk, devices=2, name="宋雨")

    rows = desk.get(f"/sessions/{told.id}/sheet").json["rows"]

    assert [(row["number"], row["state"]) for row in rows] == [
        ("B001", "waiting"), ("B001", "waiting"), (None, "booked"),
    ]  # fmt: skip
    assert rows[0]["name"] == "宋雨"
    assert rows[2]["appointment_id"] == appointment["id"]
    assert rows[2]["person_id"] == student.person.id  # type: ignore[union-attr]


def test_a_booked_row_typed_in_is_arrival_repair_and_outcome_with_the_paper_s_times(
    booking: Service,
) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    booked(told)
    (row,) = desk.get(f"/sessions/{told.id}/sheet").json["rows"]
    which = {"ticket_id": row["ticket_id"], "appointment_id": row["appointment_id"]}
    times = {"arrived_at": at(20), "started_at": at(12), "closed_at": at(3)}

    done = [type_in(told, desk, **which, **times, bench=2, status="Fixed") for _ in range(2)]

    assert [one.json for one in done] == [{"number": "A001", "state": "closed"}] * 2
    (ticket,) = queue(told, desk)["recent"]
    assert parse(ticket["closed_at"]) - parse(ticket["started_at"]) == pytest.approx(
        timedelta(minutes=9), abs=timedelta(seconds=2)
    )
    assert desk.get(f"/sessions/{told.id}/sheet").json["rows"] == []


def test_somebody_who_had_no_number_gets_one_and_twice_is_once(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    row = {"id": new_id(), "name": "马丽娜", "category_id": 29, "arrived_at": at(15)}

    first = type_in(told, desk, **row)
    again = type_in(told, desk, **row)
    later = type_in(told, desk, **row, status="Repairable", closed_at=at(1))

    assert [one.json for one in (first, again, later)] == [
        {"number": "B001", "state": "waiting"},
        {"number": "B001", "state": "waiting"},
        {"number": "B001", "state": "closed"},
    ]


def test_a_row_that_does_not_fit_is_refused_whole(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    call(told, desk, 1)

    refused = type_in(told, desk, name="宋雨", category_id=29, bench=1, arrived_at=at(9))
    nobody = type_in(told, desk, number="B777", status="Fixed")
    unsaid = type_in(told, desk, name="宋雨", arrived_at=at(9))

    assert (refused.status_code, refused.json["code"]) == (409, "bench_busy")
    assert (nobody.status_code, nobody.json["code"]) == (409, "no_such_number")
    assert (unsaid.status_code, unsaid.json["errors"][0]["pointer"]) == (422, "#/category_id")
    assert queue(told, desk)["waiting"] == []


def test_a_second_device_of_the_same_number_is_its_own_row(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk, devices=2)
    rows = desk.get(f"/sessions/{told.id}/sheet").json["rows"]

    for row, status in zip(rows, ("Fixed", "End of life"), strict=True):
        which = {"number": row["number"], "ticket_id": row["ticket_id"]}
        assert type_in(told, desk, **which, status=status).status_code == 200

    assert queue(told, desk)["done"]["closed"] == 2


def test_an_outcome_that_stands_is_not_overwritten_by_paper(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    type_in(told, desk, number="B001", status="Fixed")

    other = type_in(told, desk, number="B001", status="Repairable")

    assert (other.status_code, other.json["code"]) == (409, "other_outcome")
