"""Races: many people at once through real threads and HTTP, and what happens with the guard off."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, get_ident
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from services.booking.errors import SlotFull
from services.booking.models.appointment import Appointment
from services.booking.models.enrolment import Enrolment
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.use_cases import appointments
from shared.http import once
from tests.integration.booking.build import Told, kettle, repair, training
from tests.support.clients import ApiClient
from tests.support.services import Service

CLIENTS = 50
ROUNDS = 100
Act = Callable[[], Any]


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def at_once(pool: ThreadPoolExecutor, acts: list[Act]) -> list[Any]:
    """Start every act at the same moment and return what each answered."""
    barrier = Barrier(len(acts))

    def start(act: Act) -> Any:
        barrier.wait(timeout=30)
        return act()

    return list(pool.map(start, acts))


def booker(client: ApiClient, slot_id: str) -> Act:
    wish = {"slot_id": slot_id, "devices": [kettle()]}
    return lambda: client.post("/appointments", wish, key=slot_id)


def one_place(booking: Service) -> Told:
    return repair(
        booking, accepted=1, benches=1, devices_per_bench=1, slot_minutes=120, categories=[14]
    )


def reopen(booking: Service, slot_id: str) -> None:
    """Forget the last round: the slot is empty again and its people are gone."""
    with booking.database.transaction() as session:
        gone = update(Appointment).where(Appointment.slot_id == slot_id)
        session.execute(gone.values(state="cancelled"))
        session.execute(update(Slot).where(Slot.id == slot_id).values(taken=0))
        session.execute(text("DELETE FROM idempotency_key"))


def sold(booking: Service, slot_id: str) -> tuple[int, int]:
    with booking.database.reading() as session:
        live = select(func.count()).where(
            Appointment.slot_id == slot_id, Appointment.state == "booked"
        )
        return session.execute(live).scalar_one(), session.get_one(Slot, slot_id).taken


@pytest.mark.slow
def test_the_last_place_is_sold_once_to_fifty_clients_a_hundred_times(booking: Service) -> None:
    slot_id = one_place(booking).slots()[0]["id"]
    clients = [booking.as_("student") for _ in range(CLIENTS)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        for _ in range(ROUNDS):
            answers = at_once(pool, [booker(client, slot_id) for client in clients])

            codes = Counter((a.status_code, a.json.get("code")) for a in answers)
            assert codes == {(201, None): 1, (409, "slot_full"): CLIENTS - 1}
            assert sold(booking, slot_id) == (1, 1)
            reopen(booking, slot_id)


@contextmanager
def guard_off(booking: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Do as naive code does: read what is free, then, in the write, trust what was read.

    The reading stands before the transaction, since SQLite's write lock would order it otherwise.
    """
    seen: dict[int, dict[str, Slot]] = {}

    def look_first(*given: Any, **more: Any) -> Any:
        with booking.database.reading() as session:
            seen[get_ident()] = {slot.id: slot for slot in session.scalars(select(Slot))}
        return once(*given, **more)

    def trust(session: Any, slot_id: str, count: int, *_: Any, **__: Any) -> None:
        slot = seen[get_ident()][slot_id]
        if slot.taken + count > slot.open_capacity:
            raise SlotFull
        session.execute(update(Slot).where(Slot.id == slot_id).values(taken=slot.taken + count))

    route = "services.booking.routes.appointments"
    monkeypatch.setattr(f"{route}.book_in_one_statement", lambda *_: None)
    monkeypatch.setattr(f"{route}.refuse_sold_out", lambda *_: None)
    monkeypatch.setattr(f"{route}.once", look_first)
    monkeypatch.setattr(appointments, "take", trust)
    yield


def test_without_the_guard_the_place_is_oversold(
    booking: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot_id = one_place(booking).slots()[0]["id"]
    clients = [booking.as_("student") for _ in range(CLIENTS)]

    with guard_off(booking, monkeypatch), ThreadPoolExecutor(CLIENTS) as pool:
        most = 0
        for _ in range(10):
            at_once(pool, [booker(client, slot_id) for client in clients])
            most = max(most, sold(booking, slot_id)[0])
            reopen(booking, slot_id)

    assert most > 1, "the race test could not see an oversell"


def test_the_check_alone_refuses_an_oversell(booking: Service) -> None:
    slot_id = one_place(booking).slots()[0]["id"]

    with pytest.raises(Exception, match="ck_slot_taken"), booking.database.transaction() as session:
        session.execute(update(Slot).where(Slot.id == slot_id).values(taken=2))


def test_one_person_on_two_phones_gets_one_booking(booking: Service) -> None:
    told = repair(booking)
    first, second = (slot["id"] for slot in told.slots())

    with ThreadPoolExecutor(2) as pool:
        for _ in range(20):
            student = booking.people.student()
            phones = [booking.client(student) for _ in range(2)]
            acts = [booker(phone, id) for phone, id in zip(phones, (first, second), strict=True)]
            answers = at_once(pool, acts)

            codes = sorted((a.status_code, a.json.get("code") or "") for a in answers)
            assert codes == [(201, ""), (409, "already_booked")]
            assert sum(slot["taken"] for slot in told.slots()) == 1
            reopen(booking, first)
            reopen(booking, second)


def test_the_same_request_twice_at_once_is_done_once(booking: Service) -> None:
    slot_id = repair(booking).slots()[0]["id"]

    with ThreadPoolExecutor(2) as pool:
        for _ in range(20):
            student = booking.people.student()
            acts = [booker(booking.client(student), slot_id) for _ in range(2)]
            answers = at_once(pool, acts)

            assert [a.status_code for a in answers] == [201, 201]
            assert answers[0].json == answers[1].json
            assert sold(booking, slot_id) == (1, 1)
            reopen(booking, slot_id)


def test_crossing_moves_lose_no_place_and_nobody(booking: Service) -> None:
    told = repair(booking, accepted=1, benches=1, devices_per_bench=2)
    slots = [slot["id"] for slot in told.slots()]
    clients = [booking.as_("coordinator") for _ in range(3)]
    ids = [booker(c, slots[i % 2])().json["id"] for i, c in enumerate(clients)]

    with ThreadPoolExecutor(3) as pool:
        for round_ in range(20):
            acts = [
                lambda c=c, id=id, to=slots[(i + round_ + 1) % 2]: c.post(
                    f"/appointments/{id}/move", {"slot_id": to}
                )
                for i, (c, id) in enumerate(zip(clients, ids, strict=True))
            ]
            answers = at_once(pool, acts)

            assert {a.status_code for a in answers} <= {200, 409}, [a.json for a in answers]
            taken = [sold(booking, id) for id in slots]
            assert all(people == places for people, places in taken)
            assert sum(places for _, places in taken) == 3


def test_leaving_and_enrolling_at_once_never_oversells_nor_leaves_a_seat_empty(
    booking: Service,
) -> None:
    told = training(booking, seats=2)
    clients = [booking.as_("student") for _ in range(12)]
    seated = [c.post("/enrolments", {"session_id": told.id}).json["id"] for c in clients[:4]]

    with ThreadPoolExecutor(12) as pool:
        leave = [
            lambda c=c, id=id: c.post(f"/enrolments/{id}/leave")
            for c, id in zip(clients, seated, strict=False)
        ]
        come = [lambda c=c: c.post("/enrolments", {"session_id": told.id}) for c in clients[4:]]
        answers = at_once(pool, [*leave, *come])

    assert {a.status_code for a in answers} <= {200, 201}
    with booking.database.reading() as session:
        states = Counter(session.scalars(select(Enrolment.state)))
        row = session.get_one(ServiceSession, told.id)
        promoted = session.scalars(
            select(Enrolment.state).where(Enrolment.state == "enrolled")
        ).all()
    assert states == {"left": 4, "enrolled": 2, "waitlisted": 6}
    assert row.enrolled == len(promoted) == 2


def test_seats_are_sold_once_to_everybody_at_once(booking: Service) -> None:
    told = training(booking, seats=5)
    clients = [booking.as_("student") for _ in range(20)]

    with ThreadPoolExecutor(20) as pool:
        acts = [lambda c=c: c.post("/enrolments", {"session_id": told.id}) for c in clients]
        answers = at_once(pool, acts)

    states = Counter(answer.json["state"] for answer in answers)
    assert states == {"enrolled": 5, "waitlisted": 15}
    places = sorted(a.json["place"] for a in answers if a.json["place"])
    assert places == list(range(1, 16))


def test_a_refused_booking_writes_nothing_at_all(booking: Service) -> None:
    slot_id = one_place(booking).slots()[0]["id"]
    booker(booking.as_("student"), slot_id)()
    before = len(booking.announced())

    refused = booker(booking.as_("student"), slot_id)()

    assert refused.status_code == 409
    assert len(booking.announced()) == before
    with booking.database.reading() as session:
        kept = session.execute(text("SELECT count(*) FROM idempotency_key")).scalar_one()
        tickets = session.execute(text("SELECT count(*) FROM ticket")).scalar_one()
    assert (kept, tickets) == (1, 1)
