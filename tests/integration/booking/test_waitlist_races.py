"""Races about what the waitlist offers: two phones, an offer's last moment, somebody who slips in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from services.booking.models.slot import Slot
from services.booking.models.waitlist import WaitlistEntry
from services.booking.use_cases import appointments
from services.booking.use_cases.waitlist_time import expire_offers
from shared.clock import now
from tests.integration.booking.build import Told, kettle
from tests.integration.booking.test_races import at_once
from tests.integration.booking.test_waiting_as_two import full as full_of_singles
from tests.integration.booking.test_waiting_as_two import pair, states
from tests.integration.booking.test_waitlist import entry, full, wait
from tests.support.clients import ApiClient
from tests.support.services import Service

ROUNDS, OUTSIDERS, TRIES = 4, 3, 6
Offered = tuple[Told, ApiClient, dict[str, Any]]


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


@pytest.fixture
def pool() -> Any:
    with ThreadPoolExecutor(OUTSIDERS + 1) as pool:
        yield pool


def offered(booking: Service) -> Offered:
    """Somebody who is offered the first slot's place, in a session that is full else."""
    told, people, booked = full(booking)
    who = booking.as_("student")
    one = wait(told, who)
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})
    assert entry(who, one)["state"] == "offered"
    return told, who, one


def claim(who: ApiClient, one: dict[str, Any]) -> Callable[[], Any]:
    return partial(who.post, f"/waitlist/{one['id']}/claim", {"devices": [kettle()]})


def counted(told: Told) -> tuple[int, int]:
    """Places taken and held in the first slot."""
    with told.service.database.reading() as session:
        slot = session.get_one(Slot, told.slots()[0]["id"])
        return slot.taken, slot.held


def test_an_offer_that_two_phones_take_at_once_is_one_booking(
    booking: Service, pool: ThreadPoolExecutor
) -> None:
    for _ in range(ROUNDS):
        told, who, one = offered(booking)

        answers = at_once(pool, [claim(who, one), claim(who, one)])

        assert sorted(a.status_code for a in answers) == [201, 409]
        assert {a.json["code"] for a in answers if a.status_code == 409} <= {"offer_over"}
        assert counted(told) == (1, 0)


def test_taking_and_not_this_one_at_once_is_one_of_the_two(
    booking: Service, pool: ThreadPoolExecutor
) -> None:
    for _ in range(ROUNDS):
        told, who, one = offered(booking)
        decline = partial(who.post, f"/waitlist/{one['id']}/decline", {})

        taken, declined = at_once(pool, [claim(who, one), decline])

        assert sorted([taken.status_code // 100, declined.status_code // 100]) == [2, 4]
        state = "claimed" if taken.status_code == 201 else "waiting"
        assert entry(who, one)["state"] == state
        assert counted(told) == ((1, 0) if state == "claimed" else (0, 0))


def test_an_offer_is_taken_or_ends_and_goes_to_the_next_never_both(
    booking: Service, pool: ThreadPoolExecutor
) -> None:
    for _ in range(ROUNDS):
        told, who, one = offered(booking)
        other = booking.as_("student")
        next_ = wait(told, other)
        with booking.database.transaction() as session:
            mine = update(WaitlistEntry).where(WaitlistEntry.id == one["id"])
            session.execute(mine.values(expires_at=now() + timedelta(milliseconds=15)))

        taken, *_ = at_once(pool, [claim(who, one), *[lambda: expire_offers(booking.database)] * 2])
        expire_offers(booking.database)

        if taken.status_code == 201:
            assert (entry(who, one)["state"], entry(other, next_)["state"]) == (
                "claimed",
                "waiting",
            )
        else:
            assert taken.json["code"] == "offer_over"
            assert (entry(who, one)["state"], entry(other, next_)["state"]) == (
                "expired",
                "offered",
            )
        assert sum(counted(told)) == 1


def test_two_who_come_together_answer_in_the_same_moment(
    booking: Service, pool: ThreadPoolExecutor
) -> None:
    for _ in range(ROUNDS):
        told, people, booked = full_of_singles(booking, slots=2)
        who, entries = pair(booking, told)
        leave = [
            partial(one.post, f"/appointments/{its['id']}/cancel", {})
            for one, its in zip(people, booked, strict=True)
        ]

        assert {a.status_code for a in at_once(pool, leave)} == {200}
        assert states(who, entries) == ["offered", "offered"]
        answers = at_once(pool, [claim(*one) for one in zip(who, entries, strict=True)])

        assert {a.status_code for a in answers} == {201}
        assert [slot["taken"] for slot in told.slots()] == [1, 1]


def slips_in(booking: Service, pool: ThreadPoolExecutor) -> bool:
    """Somebody cancels while others book and one waits; whether another than who waits got in."""
    told, people, booked = full(booking)
    wait(told, booking.as_("student"))
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    others = [booking.as_("student") for _ in range(OUTSIDERS)]
    cancel = partial(people[0].post, f"/appointments/{booked[0]['id']}/cancel", {})

    def book_again_and_again(one: ApiClient) -> list[int]:
        return [one.post("/appointments", wish).status_code for _ in range(TRIES)]

    left, *answers = at_once(pool, [cancel, *(partial(book_again_and_again, o) for o in others)])

    assert left.status_code == 200, left.json
    codes = {code for one in answers for code in one}
    assert codes <= {201, 409}
    assert sum(counted(told)) <= 1
    return 201 in codes


def test_nobody_slips_in_between_a_cancel_and_the_offer(
    booking: Service, pool: ThreadPoolExecutor
) -> None:
    assert not any(slips_in(booking, pool) for _ in range(ROUNDS))


def test_without_the_offer_in_the_same_transaction_somebody_slips_in(
    booking: Service, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointments, "promote", lambda *_: 0)

    assert any(slips_in(booking, pool) for _ in range(5 * ROUNDS)), "the test would not see it"
