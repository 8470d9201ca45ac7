"""A fair opening: everybody in the first minute has the same chance, and anybody can recompute it."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select, update

from services.booking.models.draw import Draw, DrawEntry
from services.booking.models.session import ServiceSession
from services.booking.use_cases import draws
from services.booking.use_cases.draws import draw_due
from shared.clock import now
from tests.integration.booking.build import HOUR, Told, kettle, publish, repair
from tests.support.clients import ApiClient
from tests.support.services import Service

DEVICE = {"category_id": 14, "brand": "美的", "problem": "不加热"}


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def opening(booking: Service, *, seconds: float = 5, **given: Any) -> Told:
    """A session with a draw whose booking opened `seconds` ago; one device fits each of two slots."""
    few = {"accepted": 1, "benches": 1, "devices_per_bench": 1}
    opens = now() - timedelta(seconds=seconds)
    return repair(booking, **(few | {"opening": "draw", "booking_opens_at": opens} | given))


def enter(student: ApiClient, told: Told, *slots: int, devices: int = 1) -> dict[str, Any]:
    ids = [slot["id"] for slot in told.slots()]
    wishes = [ids[n] for n in slots or range(len(ids))]
    body = {"wishes": wishes, "devices": [DEVICE] * devices}
    answer = student.post(f"/sessions/{told.id}/draw/entry", body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def minute_over(booking: Service, told: Told) -> int:
    """Let the first minute be over, and the timer come by."""
    with booking.database.transaction() as session:
        mine = update(ServiceSession).where(ServiceSession.id == told.id)
        session.execute(mine.values(booking_opens_at=now() - timedelta(seconds=61)))
    return draw_due(booking.database)


def read(client: ApiClient, told: Told) -> dict[str, Any]:
    answer = client.get(f"/sessions/{told.id}/draw")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def test_the_hash_is_there_before_and_the_seed_only_after(booking: Service) -> None:
    told = opening(booking, seconds=-3600)

    before = read(booking.client(), told)
    told.change(title={"zh": "改名", "en": "Renamed"})
    changed = read(booking.client(), told)
    minute_over(booking, told)
    after = read(booking.client(), told)

    assert (before["state"], before["seed"], before["entries"]) == ("before", None, None)
    assert before["seed_hash"] == changed["seed_hash"] == after["seed_hash"]
    assert sha256(bytes.fromhex(after["seed"])).hexdigest() == before["seed_hash"]
    assert (after["state"], after["entries"]) == ("drawn", [])


def test_booking_in_the_first_minute_leads_to_the_draw(booking: Service) -> None:
    told = opening(booking)
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}

    first = booking.as_("student").post("/appointments", wish)
    waiting = booking.as_("student").post(f"/sessions/{told.id}/waitlist", {"devices": 1})
    with booking.database.transaction() as session:
        late = now() - timedelta(seconds=61)
        session.execute(update(ServiceSession).values(booking_opens_at=late))
    running = booking.as_("student").post("/appointments", wish)
    draw_due(booking.database)
    after = booking.as_("student").post("/appointments", wish)

    assert (first.status_code, first.json["code"]) == (409, "draw_open")
    assert "抽签" in first.json["detail"]
    assert waiting.json["code"] == "draw_open"
    assert (running.status_code, running.json["code"]) == (409, "draw_running")
    assert after.status_code == 201


def test_the_draw_seats_in_the_order_of_seed_and_pseudonyms(booking: Service) -> None:
    told = opening(booking)
    students = [booking.as_("student") for _ in range(5)]
    mine = [enter(student, told, 0, 1)["mine"]["pseudonym"] for student in students]

    assert minute_over(booking, told) == 1

    shown = read(booking.client(), told)
    seed = bytes.fromhex(shown["seed"])
    expected = sorted(mine, key=lambda one: sha256(seed + one.encode()).digest())
    assert [one["pseudonym"] for one in shown["entries"]] == expected
    assert [one["state"] for one in shown["entries"]] == ["seated"] * 2 + ["waitlisted"] * 3
    waiting = booking.announced("waitlist.joined.v1")
    assert [event.data["person_id"] for event in waiting] == [
        students[mine.index(one)].person.id for one in expected[2:]
    ]
    first = students[mine.index(expected[0])]
    assert read(first, told)["mine"]["slot_id"] == told.slots()[0]["id"]
    assert [slot["taken"] for slot in told.slots()] == [1, 1]
    booked = booking.announced("appointment.booked.v1")
    assert [event.data["reason"] for event in booked] == ["draw", "draw"]
    assert len(booking.announced("draw.decided.v1")) == 3
    (made,) = booking.announced("draw.made.v1")
    assert (made.data["entries"], made.data["seated"]) == (5, 2)


def test_an_entry_can_be_changed_and_withdrawn_and_is_one_per_person(booking: Service) -> None:
    told = opening(booking)
    student, other = booking.as_("student"), booking.as_("student")

    first = enter(student, told, 0)
    second = enter(student, told, 1, devices=2)
    enter(other, told)
    gone = other.post(f"/sessions/{told.id}/draw/withdraw").json

    assert (first["count"], second["count"], gone["count"]) == (1, 1, 1)
    assert first["mine"]["pseudonym"] == second["mine"]["pseudonym"]
    assert [one["slot_id"] for one in second["mine"]["wishes"]] == [told.slots()[1]["id"]]
    assert len(second["mine"]["devices"]) == 2
    assert gone["mine"]["state"] == "withdrawn"
    minute_over(booking, told)
    assert [one["pseudonym"] for one in read(other, told)["entries"]] == [
        first["mine"]["pseudonym"]
    ]


def test_nobody_else_sees_whose_pseudonym_it_is(booking: Service) -> None:
    told = opening(booking)
    student = booking.as_("student")
    enter(student, told)
    minute_over(booking, told)

    for client in (booking.client(), booking.as_("student"), booking.as_("coordinator")):
        shown = read(client, told)
        assert shown["mine"] is None
        assert str(student.person.id if student.person else "") not in str(shown)


@pytest.mark.parametrize(
    ("seconds", "code"), [(-3600, "draw_not_open"), (61, "draw_closed")], ids=["before", "after"]
)
def test_entries_are_taken_in_the_minute_only(booking: Service, seconds: int, code: str) -> None:
    told = opening(booking, seconds=seconds)
    body = {"wishes": [told.slots()[0]["id"]], "devices": [DEVICE]}

    answer = booking.as_("student").post(f"/sessions/{told.id}/draw/entry", body)

    assert (answer.status_code, answer.json["code"]) == (409, code)


def test_an_entry_keeps_the_rules_of_a_booking(booking: Service) -> None:
    told, other = opening(booking, categories=[14]), opening(booking)
    path, student = f"/sessions/{told.id}/draw/entry", booking.as_("student")
    here = [told.slots()[0]["id"]]

    def code(wishes: list[str], devices: list[dict[str, Any]]) -> str:
        return str(student.post(path, {"wishes": wishes, "devices": devices}).json["code"])

    assert code([other.slots()[0]["id"]], [DEVICE]) == "wishes_unknown"
    assert code(here * 2, [DEVICE]) == "wishes_unknown"
    assert code(here, [DEVICE] * 4) == "too_many_devices"
    assert code(here, [DEVICE | {"category_id": 39}]) == "category_refused"


def test_a_session_without_a_draw_says_so(booking: Service) -> None:
    told = repair(booking)

    assert booking.client().get(f"/sessions/{told.id}/draw").json["code"] == "no_draw"


def test_a_session_that_stops_drawing_goes_back_to_first_come(booking: Service) -> None:
    told = opening(booking)

    told.change(opening="first_come")

    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    assert booking.as_("student").post("/appointments", wish).status_code == 201
    assert booking.client().get(f"/sessions/{told.id}/draw").json["code"] == "no_draw"


def test_an_older_sender_that_knows_no_opening_means_first_come(booking: Service) -> None:
    told = publish(booking)

    with booking.database.reading() as session:
        assert session.get_one(ServiceSession, told.id).opening == "first_come"


def test_who_has_another_place_at_that_time_gets_the_next_wish(booking: Service) -> None:
    told = opening(booking)
    elsewhere = repair(booking, starts_at=told.data and None)
    student = booking.as_("student")
    enter(student, told, 0, 1)
    wish = {"slot_id": elsewhere.slots()[0]["id"], "devices": [kettle()]}
    assert student.post("/appointments", wish).status_code == 201

    minute_over(booking, told)

    assert read(student, told)["mine"]["slot_id"] == told.slots()[1]["id"]


def test_a_crash_midway_leaves_nothing_and_the_next_try_draws_the_same(
    booking: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = opening(booking)
    for _ in range(3):
        enter(booking.as_("student"), told)
    seat, seats = draws.book_slot, []

    def crash(*given: Any) -> Any:
        if len(seats) == 1:
            raise RuntimeError("the worker dies")
        seats.append(1)
        return seat(*given)

    monkeypatch.setattr(draws, "book_slot", crash)
    with pytest.raises(RuntimeError):
        minute_over(booking, told)
    monkeypatch.undo()

    assert read(booking.client(), told)["state"] == "drawing"
    assert [slot["taken"] for slot in told.slots()] == [0, 0]
    assert draw_due(booking.database) == 1
    assert draw_due(booking.database) == 0
    assert [slot["taken"] for slot in told.slots()] == [1, 1]


def test_what_was_typed_is_forgotten_by_the_draw_and_a_person_by_erasure(booking: Service) -> None:
    told, later = opening(booking), opening(booking, starts_at=now() + 50 * HOUR)
    student = booking.as_("student")
    assert student.person
    enter(student, told)
    enter(student, later)
    minute_over(booking, told)

    booking.deliver(
        "person.erased.v1", student.person.id, 9, {"person_id": student.person.id, "state": "e"}
    )

    with booking.database.reading() as session:
        rows = session.scalars(select(DrawEntry)).all()
        assert [(row.person_id, row.devices) for row in rows] == [(None, [])] * 2
        assert {row.state for row in rows} == {"seated", "withdrawn"}
        assert session.get_one(Draw, told.id).is_over
