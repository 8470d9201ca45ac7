"""Two who want to come together: asked at once, each answering alone, nobody overtaken."""

from collections.abc import Callable
from typing import Any

import pytest

from services.booking.queries.waitlist import invites
from services.booking.routes.line import secret
from shared.codes import lasting_code
from tests.integration.booking.build import Told, kettle, repair
from tests.integration.booking.test_waitlist import book, entry, wait
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


def full(booking: Service, slots: int = 3) -> tuple[Told, list[ApiClient], list[dict[str, Any]]]:
    """Return a session of slots with one place each, all booked."""
    told = repair(booking, accepted=1, benches=1, devices_per_bench=1, slot_minutes=120 // slots)
    people = [booking.as_("student") for _ in told.slots()]
    return told, people, [book(told, one, slot) for slot, one in enumerate(people)]


def code(booking: Service, one: dict[str, Any]) -> str:
    with booking.app.app_context():
        return lasting_code(secret(), invites(one["id"]))


def agree(booking: Service, friend: ApiClient, one: dict[str, Any], **given: Any) -> Any:
    return friend.post(f"/waitlist/{one['id']}/together", {"code": code(booking, one), **given})


def pair(booking: Service, told: Told) -> tuple[list[ApiClient], list[dict[str, Any]]]:
    first, friend = booking.as_("student"), booking.as_("student")
    one = wait(told, first)
    answer = agree(booking, friend, one)
    assert answer.status_code == 201, answer.json
    return [first, friend], [one, dict(answer.json)]


def cancel(people: list[ApiClient], booked: list[dict[str, Any]], *which: int) -> None:
    for n in which:
        answer = people[n].post(f"/appointments/{booked[n]['id']}/cancel", {})
        assert answer.status_code == 200, answer.json


def states(who: list[ApiClient], entries: list[dict[str, Any]]) -> list[str]:
    return [entry(one, its)["state"] for one, its in zip(who, entries, strict=True)]


def test_two_are_asked_when_neighbouring_places_are_free(booking: Service) -> None:
    told, people, booked = full(booking)
    who, entries = pair(booking, told)

    cancel(people, booked, 0)
    one_free = states(who, entries)
    cancel(people, booked, 2)
    apart = states(who, entries)
    cancel(people, booked, 1)

    assert one_free == apart == ["waiting", "waiting"]
    assert states(who, entries) == ["offered", "offered"]
    offers = [entry(w, e)["offer"] for w, e in zip(who, entries, strict=True)]
    times = [slot["id"] for slot in told.slots()]
    assert abs(times.index(offers[0]["slot_id"]) - times.index(offers[1]["slot_id"])) == 1
    assert offers[0]["expires_at"] == offers[1]["expires_at"]


def test_the_later_of_two_ranks_counts_so_nobody_is_overtaken(booking: Service) -> None:
    told, people, booked = full(booking)
    first, between, friend = (booking.as_("student") for _ in range(3))
    one, middle = wait(told, first), wait(told, between)

    together = agree(booking, friend, one).json

    assert entry(first, one)["place"] == together["place"] == 2
    assert entry(between, middle)["place"] == 1
    assert entry(first, one)["partner"]["place_alone"] == 1
    cancel(people, booked, 0, 1)
    assert entry(between, middle)["state"] == "offered"
    assert entry(first, one)["state"] == "waiting"


def test_each_of_two_answers_alone(booking: Service) -> None:
    told, people, booked = full(booking)
    who, entries = pair(booking, told)
    cancel(people, booked, 0, 1)

    taken = who[0].post(f"/waitlist/{entries[0]['id']}/claim", {"devices": [kettle()]})
    declined = who[1].post(f"/waitlist/{entries[1]['id']}/decline", {})

    assert (taken.status_code, declined.status_code) == (201, 200)
    assert states(who, entries) == ["claimed", "waiting"]
    assert entry(who[1], entries[1])["partner"] is None


def test_who_waits_on_alone_is_asked_for_what_lies_free(booking: Service) -> None:
    told, people, booked = full(booking)
    who, entries = pair(booking, told)
    cancel(people, booked, 2)

    who[0].post(f"/waitlist/{entries[0]['id']}/leave", {})

    assert states(who, entries) == ["left", "offered"]
    news = [event.data["pair"] for event in booking.announced("waitlist.joined.v1")]
    assert news.count("formed") == 2
    assert news[-1] == "ended"


def test_who_said_no_is_asked_for_what_lies_free_once_their_friend_took_theirs(
    booking: Service,
) -> None:
    told, people, booked = full(booking)
    who, entries = pair(booking, told)
    cancel(people, booked, 0, 1)
    cancel(people, booked, 2)
    who[1].post(f"/waitlist/{entries[1]['id']}/decline", {})
    rests = states(who, entries)

    who[0].post(f"/waitlist/{entries[0]['id']}/claim", {"devices": [kettle()]})

    assert rests == ["offered", "waiting"]
    assert states(who, entries) == ["claimed", "offered"]


def test_parting_gives_everybody_their_own_rank_back(booking: Service) -> None:
    told, _, _ = full(booking)
    first, between, friend = (booking.as_("student") for _ in range(3))
    one = wait(told, first)
    wait(told, between)
    mine = agree(booking, friend, one).json

    friend.post(f"/waitlist/{mine['id']}/part", {})

    assert (entry(first, one)["place"], entry(friend, mine)["place"]) == (1, 3)
    again = friend.post(f"/waitlist/{mine['id']}/part", {})
    assert (again.status_code, again.json["code"]) == (409, "not_together")


def test_an_invitation_is_for_one_other_person_with_its_code(booking: Service) -> None:
    told, _, _ = full(booking)
    who, entries = pair(booking, told)
    third = booking.as_("student")

    refused = [
        agree(booking, third, entries[0]),
        agree(booking, who[0], entries[0]),
        third.post(f"/waitlist/{entries[0]['id']}/together", {"code": "NOTTHIS1"}),
        third.get(f"/waitlist/{entries[0]['id']}/invitation", code="NOTTHIS1"),
    ]

    assert [(one.status_code, one.json["code"]) for one in refused] == [
        (409, "two_already"),
        (409, "with_oneself"),
        (404, "not_found"),
        (404, "not_found"),
    ]
    path = f"/waitlist/{entries[0]['id']}/invitation"
    seen = third.get(path, code=code(booking, entries[0]))
    assert (seen.status_code, seen.json["open"]) == (200, False)
    assert "person_id" not in seen.json


def test_nobody_comes_along_with_two(booking: Service) -> None:
    told, _, _ = full(booking)
    who, _ = pair(booking, told)
    other = wait(told, booking.as_("student"))

    answer = agree(booking, who[1], other)

    assert (answer.status_code, answer.json["code"]) == (409, "waits_already")


def test_two_who_wait_already_can_join_up_and_keep_their_ranks(booking: Service) -> None:
    told, _, _ = full(booking)
    first, friend = booking.as_("student"), booking.as_("student")
    one, mine = wait(told, first), wait(told, friend)

    joined = agree(booking, friend, one)

    assert joined.json["id"] == mine["id"]
    assert joined.json["place"] == 1, "nobody comes before the two"
    assert joined.json["partner"]["place_alone"] == 2


def test_what_is_on_offer_is_answered_before_somebody_joins(booking: Service) -> None:
    told, people, booked = full(booking)
    first = booking.as_("student")
    one = wait(told, first)
    cancel(people, booked, 0)

    answer = agree(booking, booking.as_("student"), one)

    assert (answer.status_code, answer.json["code"]) == (409, "has_an_offer")
