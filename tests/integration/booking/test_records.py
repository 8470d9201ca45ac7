"""A coordinator finds what happened to a device: by days, words and filters, page by page."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.booking.queries.records import Wanted, pieces
from shared.ids import new_id
from tests.integration.booking.line import booked, today, walk_in
from tests.integration.booking.past import held, repaired
from tests.support.services import Service

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # 14:00 at the centre


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


def search(booking: Service, **given: Any) -> dict[str, Any]:
    answer = booking.as_("coordinator").get("/records", **given)
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def brands(booking: Service, **given: Any) -> list[str]:
    return [one["brand"] for one in search(booking, **given)["items"]]


def test_days_end_at_midnight_of_the_centre_not_of_utc(booking: Service) -> None:
    late = held(booking, datetime(2026, 3, 2, 15, 59, tzinfo=UTC))  # 23:59 there
    early = held(booking, datetime(2026, 3, 2, 16, 0, tzinfo=UTC))  # 00:00 of the 3rd
    repaired(late, brand="late")
    repaired(early, brand="early")

    assert brands(booking, from_="2026-03-02", to="2026-03-02") == ["late"]
    assert brands(booking, from_="2026-03-03", to="2026-03-03") == ["early"]
    assert brands(booking) == ["early", "late"]
    assert brands(booking, sort="oldest") == ["late", "early"]


@pytest.mark.parametrize(
    ("q", "finds"),
    [
        ("美的", ["美的 MK-100"]),
        ("mk-100", ["美的 MK-100"]),
        ("电热水壶", ["美的 MK-100"]),
        ("KETTLE", ["美的 MK-100"]),
        ("W17", ["Café"]),
        ("café", ["Café"]),
        (unicodedata.normalize("NFD", "CAFÉ"), ["Café"]),
        ("焦味 café", ["Café"]),
        ("焦味 美的", []),
        ("换了保险丝", ["Café"]),
        ("100%", ["美的 MK-100"]),
        ("%", ["美的 MK-100"]),
        ("_", []),
        ("１００", []),  # a full-width digit is another character: NFC, never NFKC
        ("𠮷田", ["𠮷田"]),
        ("王小明", ["𠮷田"]),
    ],
)
def test_words_are_found_in_number_device_fault_and_note(
    booking: Service, q: str, finds: list[str]
) -> None:
    told = held(booking, MONDAY)
    repaired(told, brand="美的 MK-100", problem="100% 不加热")
    repaired(
        told,
        "W17",
        brand=unicodedata.normalize("NFD", "Café"),
        problem="有焦味",
        note="换了保险丝",
        category_id=36,
    )
    repaired(told, "W18", brand="𠮷田", category_id=15, name="王小明")

    found = [unicodedata.normalize("NFC", one) for one in brands(booking, q=q)]

    assert found == finds


def test_filters_narrow_and_counts_say_how_many_by_outcome(booking: Service) -> None:
    first, second = held(booking, MONDAY), held(booking, MONDAY.replace(day=3))
    volunteer = new_id()
    repaired(first, brand="a", volunteer_id=volunteer)
    repaired(first, "W2", brand="b", status="End of life", barrier="Lack of equipment")
    repaired(second, brand="c", category_id=7)
    repaired(second, "W2", brand="d", state="cancelled", status=None)
    repaired(second, "W3", brand="e", state="started", status=None)

    assert search(booking)["counts"] == {"total": 4, "open": 1, "Fixed": 2, "End of life": 1}
    for asked, finds in [
        ({"volunteer_id": volunteer}, ["a"]),
        ({"session_id": first.id}, ["a", "b"]),
        ({"offering_id": second.data["offering_id"]}, ["c", "e"]),
        ({"category_id": 7}, ["c"]),
        ({"outcome": "Fixed"}, ["a", "c"]),
        ({"outcome": "open"}, ["e"]),
        ({"outcome": "cancelled"}, ["d"]),
        ({"barrier": "Lack of equipment"}, ["b"]),
        ({"came": "booked"}, []),
    ]:
        assert sorted(brands(booking, **asked)) == finds, asked


def test_a_booking_nobody_has_arrived_for_is_found_by_who_made_it(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    booked(told)
    walk_in(told, desk, name="周先生")

    [one] = search(booking, came="booked")["items"]
    [other] = search(booking, came="walk_in")["items"]

    assert (one["state"], one["visit_id"], bool(one["person_id"])) == ("waiting", None, True)
    assert (other["name"], other["person_id"], other["came"]) == ("周先生", None, "walk_in")


@pytest.mark.parametrize("sort", ["newest", "oldest", "category"])
def test_pages_hold_every_record_once_in_each_order(booking: Service, sort: str) -> None:
    for day in (2, 3):
        told = held(booking, MONDAY.replace(day=day))
        for number in range(6):
            repaired(told, f"W{number}", category_id=1 + number % 3, brand=f"{day}-{number}")

    seen: list[str] = []
    cursor = None
    while True:
        page = search(booking, sort=sort, limit=5, cursor=cursor or "")
        seen += [one["brand"] for one in page["items"]]
        assert (page["counts"] is None) == bool(cursor)
        cursor = page["next_cursor"]
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 12


def test_pieces_hold_every_record_once_across_many_sessions(booking: Service) -> None:
    for day in range(1, 26):
        told = held(booking, MONDAY.replace(day=day))
        repaired(told, brand=f"{day}")

    found = [row.brand for rows in pieces(booking.database, Wanted()) for row in rows]

    assert found == [str(day) for day in range(1, 26)]


def test_choices_name_only_what_these_days_hold(booking: Service) -> None:
    volunteer = new_id()
    inside, outside = held(booking, MONDAY), held(booking, MONDAY.replace(month=4))
    held(booking, MONDAY)  # nobody came
    repaired(inside, category_id=7, volunteer_id=volunteer)
    repaired(outside, category_id=9)

    answer = booking.as_("coordinator").get("/records/choices", from_="2026-03-01", to="2026-03-31")

    assert [one["id"] for one in answer.json["sessions"]] == [inside.id]
    assert [one["id"] for one in answer.json["offerings"]] == [inside.data["offering_id"]]
    assert (answer.json["categories"], answer.json["volunteers"]) == ([7], [volunteer])


@pytest.mark.parametrize(
    "asked",
    [{"outcome": "Broken"}, {"sort": "random"}, {"from_": "yesterday"}, {"cursor": "x"}],
)
def test_what_makes_no_sense_is_refused(booking: Service, asked: dict[str, Any]) -> None:
    assert booking.as_("coordinator").get("/records", **asked).status_code == 422


def test_a_volunteer_may_not_search(booking: Service) -> None:
    for path in ("/records", "/records/choices", "/exports/records.csv", "/exports/records.xlsx"):
        assert booking.as_("volunteer").get(path).status_code == 403
