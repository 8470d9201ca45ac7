"""Records of others come in as Open Repair Data: looked at first, once each, and back out as a batch."""

import base64
import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from services.booking.models.past_record import PastRecord
from services.booking.models.ticket import Ticket
from services.booking.queries.ords import HEADER
from shared.ids import new_id
from tests.integration.booking.past import held, repaired
from tests.integration.booking.test_impact import MARCH, figures
from tests.support.services import Service

FAN = {
    "id": "rcmade_1", "data_provider": "Repair Café Made", "country": "CAN",
    "partner_product_category": "Electric fan", "product_category": "Fan",
    "product_category_id": "7", "brand": "Unknown", "year_of_manufacture": "", "product_age": "",
    "repair_status": "Fixed", "repair_barrier_if_end_of_life": "",
    "group_identifier": "Repair Café Made", "event_date": "2019-11-10", "problem": "",
}  # fmt: skip
WORN = {"repair_status": "End of life", "repair_barrier_if_end_of_life": "Item too worn out"}
TRAPS: list[tuple[dict[str, str], str]] = [
    ({}, "new"),
    ({"id": "made-2", "brand": "De'Longhi", "year_of_manufacture": "2006"}, "new"),
    ({"id": "made_3", **WORN, "problem": "stekker kapot\nné 🔧 修"}, "new"),
    ({"id": "made_4", **WORN, "repair_barrier_if_end_of_life": "Too worn out"}, "new"),
    ({"id": "made_5", "product_category_id": "", "product_category": "fan"}, "new"),
    ({"id": "made_6", "product_category": "", "product_age": "old"}, "new"),
    ({"id": "made_7", "repair_barrier_if_end_of_life": "Lack of equipment"}, "new"),
    ({"id": "made_8", "repair_status": "Unknown", "problem": "x" * 5000 + "\x00"}, "new"),
    ({"id": "made_9", "repair_status": "Broken"}, "invalid"),
    ({"id": "made_10", "event_date": "10/11/2019"}, "invalid"),
    ({"id": "made_11", "event_date": "2999-01-01"}, "invalid"),
    ({"id": "made_12", "product_category": "Boat", "product_category_id": "77"}, "invalid"),
    ({"id": ""}, "invalid"),
    ({"id": "made_3"}, "invalid"),
    ({"id": "xiuhao-5"}, "own"),
]


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


def file_of(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADER)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


TRAP_FILE = file_of([FAN | changed for changed, _state in TRAPS])


def send(
    booking: Service, content: bytes, key: str | None = None, desk: Any = None, **given: Any
) -> Any:
    body = {"name": "made.csv", "csv_base64": base64.b64encode(content).decode(), **given}
    return (desk or booking.as_("coordinator")).post("/record-imports", body, key=key)


def count(booking: Service, table: Any) -> int:
    with booking.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)


def test_a_dry_run_says_what_each_line_would_do_and_changes_nothing(booking: Service) -> None:
    answer = send(booking, TRAP_FILE, dry_run=True)

    assert answer.status_code == 200, answer.json
    assert answer.json["counts"] == {"new": 8, "known": 0, "own": 1, "invalid": 6}
    said = {line["id"]: line for line in answer.json["lines"]}
    assert said["made_10"]["said"][0]["en"] == "the date cannot be read: 10/11/2019"
    assert said["xiuhao-5"]["state"] == "own"
    assert "made-2" not in said  # nothing to say of it
    assert (answer.json["first"], answer.json["batch_id"]) == ("2019-11-10", None)
    assert count(booking, PastRecord) == 0


def test_what_can_be_read_is_taken_as_it_was_meant(booking: Service) -> None:
    assert send(booking, b"\xef\xbb\xbf" + TRAP_FILE).status_code == 201

    with booking.database.reading() as session:
        found = {row.id: row for row in session.scalars(select(PastRecord))}
    assert set(found) == {"rcmade_1", "made-2", *(f"made_{n}" for n in range(3, 9))}
    assert (found["rcmade_1"].brand, found["made-2"].brand) == ("", "De'Longhi")
    assert found["made-2"].year == 2006
    assert found["made_3"].barrier == "Item too worn out"
    assert found["made_3"].problem == "stekker kapot\nné 🔧 修"
    assert found["made_4"].barrier == "Too worn out"
    assert found["made_5"].category_id == found["made_6"].category_id == 7
    assert (found["made_6"].age, found["made_7"].barrier) == (None, None)
    assert found["made_8"].problem == "x" * 4000


def test_the_same_file_again_brings_nothing_and_the_same_key_the_same_answer(
    booking: Service,
) -> None:
    key, desk = new_id(), booking.as_("coordinator")
    first = send(booking, TRAP_FILE, key, desk)
    again = send(booking, TRAP_FILE, key, desk)
    other = send(booking, TRAP_FILE, new_id())
    look = send(booking, TRAP_FILE, dry_run=True)

    assert (first.status_code, again.json) == (201, first.json)
    assert (other.status_code, other.json["code"]) == (409, "nothing_new")
    assert look.json["counts"]["known"] == 8
    assert count(booking, PastRecord) == 8


def test_a_batch_goes_back_whole_once_and_can_come_again(booking: Service) -> None:
    batch = send(booking, TRAP_FILE).json["batch_id"]
    desk = booking.as_("coordinator")

    undone = desk.post(f"/record-imports/{batch}/undo")
    again = desk.post(f"/record-imports/{batch}/undo")

    assert undone.json["undone_at"]
    assert (again.status_code, again.json["code"]) == (409, "undone_already")
    assert count(booking, PastRecord) == 0
    assert send(booking, TRAP_FILE).status_code == 201
    states = [one["undone_at"] is None for one in desk.get("/record-imports").json["items"]]
    assert sorted(states) == [False, True]


def test_imported_records_touch_neither_tickets_nor_our_figures(booking: Service) -> None:
    repaired(held(booking, MARCH))
    send(booking, TRAP_FILE)

    assert count(booking, Ticket) == 1
    assert figures(booking)["devices"] == 1
    past = figures(booking, source="imported")
    assert (past["devices"], past["fixed"], past["people"]) == (8, 5, 0)
    assert past["course"]["items"][0]["from"] == "2019-11-10"
    both = figures(booking, source="all")
    assert (both["devices"], both["people"]) == (9, 1)
    inside = figures(booking, source="imported", from_="2020-01-01")
    assert inside["devices"] == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"id,name\n1,2\n", b"\xff\xfe\x00\x81", b"\x89PNG\r\n\x1a\n", b'id,"'],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(booking: Service, content: bytes) -> None:
    answer = send(booking, content or b"\n", dry_run=True)

    assert (answer.status_code, answer.json["code"]) == (422, "unreadable_records")


def test_two_coordinators_who_take_the_same_file_take_each_record_once(booking: Service) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: send(booking, TRAP_FILE), range(2)))

    assert 201 in {one.status_code for one in answers}
    assert {one.status_code for one in answers} <= {201, 409}
    assert count(booking, PastRecord) == 8
    batches = booking.as_("coordinator").get("/record-imports").json["items"]
    assert sum(one["records"] for one in batches) == 8


def test_our_own_export_read_again_is_known_as_ours(booking: Service) -> None:
    repaired(held(booking, MARCH), brand="=1+1")
    export = booking.as_("coordinator").get("/exports/open-repair-data").get_data()

    answer = send(booking, export, dry_run=True)

    assert answer.json["counts"] == {"new": 0, "known": 0, "own": 1, "invalid": 0}


def test_a_volunteer_may_not_import(booking: Service) -> None:
    volunteer = booking.as_("volunteer")

    assert volunteer.get("/record-imports").status_code == 403
    assert volunteer.post("/record-imports", {}).status_code == 403
