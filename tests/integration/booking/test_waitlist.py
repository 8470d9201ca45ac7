"""Waiting for a full slot: ranks, offers that hold a place, and what becomes of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.booking.models.slot import Slot
from services.booking.models.waitlist import WaitlistEntry
from services.booking.use_cases.waitlist_time import expire_offers
from shared.clock import iso, now, parse
from tests.integration.booking.build import Told, kettle, repair
from tests.support.clients import ApiClient
from tests.support.services import Service

ONE = {"benches": 1, "devices_per_bench": 1, "accepted": 1}


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


def book(told: Told, who: ApiClient, slot: int = 0, devices: int = 1) -> dict[str, Any]:
    body = {"slot_id": told.slots()[slot]["id"], "devices": [kettle()] * devices}
    answer = who.post("/appointments", body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def wait(told: Told, who: ApiClient, **given: Any) -> dict[str, Any]:
    answer = who.post(f"/sessions/{told.id}/waitlist", given)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def entry(who: ApiClient, one: dict[str, Any]) -> dict[str, Any]:
    answer = who.get(f"/waitlist/{one['id']}")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def full(booking: Service, **given: Any) -> tuple[Told, list[ApiClient], list[dict[str, Any]]]:
    """Return a session of two slots with one place each, both booked."""
    told = repair(booking, **{**ONE, **given})
    people = [booking.as_("student") for _ in told.slots()]
    return told, people, [book(told, one, slot) for slot, one in enumerate(people)]


def test_everybody_sees_their_place_on_the_list(booking: Service) -> None:
    told, _, _ = full(booking)
    first, second = booking.as_("student"), booking.as_("student")

    entries = [wait(told, first), wait(told, second)]

    assert [(one["state"], one["place"], one["offer"]) for one in entries] == [
        ("waiting", 1, None),
        ("waiting", 2, None),
    ]
    assert [event.data["place"] for event in booking.announced("waitlist.joined.v1")] == [1, 2]


def test_who_cancels_lets_the_first_have_the_place_for_a_while(booking: Service) -> None:
    told, people, booked = full(booking)
    first, second = booking.as_("student"), booking.as_("student")
    entries = [wait(told, first), wait(told, second)]

    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    offered = entry(first, entries[0])
    assert (offered["state"], offered["offer"]["slot_id"]) == ("offered", told.slots()[0]["id"])
    assert now() < parse(offered["offer"]["expires_at"]) < parse(told.data["starts_at"])
    assert entry(second, entries[1])["state"] == "waiting"
    assert [slot["free"] for slot in told.slots()] == [0, 0], "the place is held"
    refused = booking.as_("student").post(
        "/appointments", {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    )
    assert (refused.status_code, refused.json["code"]) == (409, "slot_full")
    [told_of] = booking.announced("waitlist.offered.v1")
    assert told_of.data["person_id"] == offered["person_id"]


def test_an_offer_that_is_taken_becomes_a_booking(booking: Service) -> None:
    told, people, booked = full(booking)
    first = booking.as_("student")
    one = wait(told, first)
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    answer = first.post(f"/waitlist/{one['id']}/claim", {"devices": [kettle()]}, key="k1")
    again = first.post(f"/waitlist/{one['id']}/claim", {"devices": [kettle()]}, key="k1")

    assert answer.status_code == 201, answer.json
    assert again.json == answer.json
    place = first.get(f"/appointments/{answer.json['appointment_id']}").json
    assert (place["state"], place["slot_id"]) == ("booked", told.slots()[0]["id"])
    assert entry(first, one)["state"] == "claimed"
    assert [slot["taken"] for slot in told.slots()] == [1, 1]
    late = first.post(f"/waitlist/{one['id']}/claim", {"devices": [kettle()]})
    assert (late.status_code, late.json["code"]) == (409, "offer_over")


def test_not_this_one_keeps_the_rank_and_passes_the_place_on(booking: Service) -> None:
    told, people, booked = full(booking)
    first, second = booking.as_("student"), booking.as_("student")
    entries = [wait(told, first), wait(told, second)]
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    kept = first.post(f"/waitlist/{entries[0]['id']}/decline", {}).json

    assert (kept["state"], kept["place"]) == ("waiting", 1)
    assert entry(second, entries[1])["state"] == "offered"
    people[1].post(f"/appointments/{booked[1]['id']}/cancel", {})
    assert entry(first, entries[0])["offer"]["slot_id"] == told.slots()[1]["id"]


def test_wishes_are_kept_to_and_the_favourite_comes_first(booking: Service) -> None:
    told, people, booked = full(booking)
    slots = [slot["id"] for slot in told.slots()]
    only_late, both = booking.as_("student"), booking.as_("student")
    entries = [wait(told, only_late, slots=[slots[1]]), wait(told, both, slots=slots[::-1])]

    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    assert entry(only_late, entries[0])["state"] == "waiting"
    assert entry(both, entries[1])["offer"]["slot_id"] == slots[0]


def test_an_offer_that_nobody_answers_goes_on_to_the_next(booking: Service) -> None:
    told, people, booked = full(booking)
    first, second = booking.as_("student"), booking.as_("student")
    entries = [wait(told, first), wait(told, second)]
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})
    with booking.database.transaction() as session:
        session.get_one(WaitlistEntry, entries[0]["id"]).expires_at = now() - timedelta(seconds=1)

    late = first.post(f"/waitlist/{entries[0]['id']}/claim", {"devices": [kettle()]})
    ended = expire_offers(booking.database)

    assert (late.status_code, late.json["code"]) == (409, "offer_over")
    assert ended == 1
    assert entry(first, entries[0])["state"] == "expired"
    assert entry(second, entries[1])["state"] == "offered"
    assert expire_offers(booking.database) == 0


def test_a_volunteer_who_joins_moves_the_waitlist_up(booking: Service) -> None:
    told = repair(booking, benches=2, devices_per_bench=1, accepted=0)
    one, other = booking.as_("student"), booking.as_("student")
    entries = [wait(told, one), wait(told, other, devices=2)]

    told.staff(1)
    assert [entry(one, entries[0])["state"], entry(other, entries[1])["state"]] == [
        "offered",
        "waiting",
    ]
    told.staff(2)

    assert entry(other, entries[1])["offer"]["slot_id"] == told.slots()[1]["id"]


def test_who_waits_for_two_does_not_keep_a_single_place_idle(booking: Service) -> None:
    told, people, booked = full(booking, max_devices=2)
    pair, single = booking.as_("student"), booking.as_("student")
    entries = [wait(told, pair, devices=2), wait(told, single)]

    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    assert entry(pair, entries[0])["state"] == "waiting"
    assert entry(single, entries[1])["state"] == "offered"


def test_leaving_gives_the_held_place_to_the_next(booking: Service) -> None:
    told, people, booked = full(booking)
    first, second = booking.as_("student"), booking.as_("student")
    entries = [wait(told, first), wait(told, second)]
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    left = first.post(f"/waitlist/{entries[0]['id']}/leave", {}).json

    assert left["state"] == "left"
    assert entry(second, entries[1])["state"] == "offered"
    again = first.post(f"/waitlist/{entries[0]['id']}/leave", {})
    assert (again.status_code, again.json["code"]) == (409, "not_waiting")


def test_moving_away_frees_the_place_too(booking: Service) -> None:
    told, people, booked = full(booking)
    other = repair(booking, **ONE)
    one = wait(told, waiting := booking.as_("student"))

    moved = people[0].post(
        f"/appointments/{booked[0]['id']}/move", {"slot_id": other.slots()[0]["id"]}
    )

    assert moved.status_code == 200, moved.json
    assert entry(waiting, one)["state"] == "offered"


def test_a_cancelled_session_ends_the_waitlist_and_its_offers(booking: Service) -> None:
    told, people, booked = full(booking)
    first = booking.as_("student")
    one = wait(told, first)
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    told.cancel()

    assert entry(first, one)["state"] == "ended"
    with booking.database.reading() as session:
        assert [slot.held for slot in session.query(Slot).all()] == [0, 0]


def test_an_offer_is_claimed_with_as_many_devices_as_were_waited_for(booking: Service) -> None:
    told, people, booked = full(booking)
    first = booking.as_("student")
    one = wait(told, first)
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    answer = first.post(f"/waitlist/{one['id']}/claim", {"devices": [kettle(), kettle()]})

    assert (answer.status_code, answer.json["code"]) == (422, "other_count")
    assert entry(first, one)["state"] == "offered", "nothing is lost by a wrong form"


def test_somebody_who_is_forgotten_makes_room(booking: Service) -> None:
    told, people, booked = full(booking)
    first, second = booking.as_("student"), booking.as_("student")
    entries = [wait(told, first), wait(told, second)]
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})
    gone = entries[0]["person_id"]

    booking.deliver("person.erased.v1", gone, 2, {"person_id": gone, "state": "erased"})

    assert booking.dead_letters() == []
    assert entry(second, entries[1])["state"] == "offered"


def test_who_books_after_all_stops_waiting(booking: Service) -> None:
    told, people, booked = full(booking)
    first, second = booking.as_("student"), booking.as_("student")
    entries = [wait(told, first, slots=[told.slots()[0]["id"]]), wait(told, second)]
    people[1].post(f"/appointments/{booked[1]['id']}/cancel", {})
    second.post(f"/waitlist/{entries[1]['id']}/leave", {})

    book(told, first, slot=1)

    assert entry(first, entries[0])["state"] == "left"
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})
    assert [slot["free"] for slot in told.slots()] == [1, 0], "nothing is held for them"


def test_who_is_offered_a_place_may_also_book_it_directly(booking: Service) -> None:
    told, people, booked = full(booking)
    first = booking.as_("student")
    one = wait(told, first)
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    book(told, first, slot=0)

    assert entry(first, one)["state"] == "left"
    with booking.database.reading() as session:
        assert [(slot.taken, slot.held) for slot in session.query(Slot)] == [(1, 0), (1, 0)]


def test_an_offer_may_be_taken_after_the_booking_has_closed(booking: Service) -> None:
    told, people, booked = full(booking)
    first = booking.as_("student")
    one = wait(told, first)
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})
    told.change(booking_closes_at=iso(now() - timedelta(minutes=1)))

    taken = first.post(f"/waitlist/{one['id']}/claim", {"devices": [kettle()]})

    assert taken.status_code == 201, taken.json


def test_a_place_that_comes_free_after_the_closing_is_still_offered(booking: Service) -> None:
    told, people, booked = full(booking)
    one = wait(told, first := booking.as_("student"))
    told.change(booking_closes_at=iso(now() - timedelta(minutes=1)))

    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    assert entry(first, one)["state"] == "offered"
