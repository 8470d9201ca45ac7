"""Shifts drop and come back while students book: never an error, never over capacity, nobody lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select, update

from services.booking.models.appointment import LIVE, Appointment
from services.booking.models.risk import Risk
from services.booking.models.slot import Slot
from services.booking.use_cases import displacing
from services.booking.use_cases.displacing import displace_due
from shared.clock import now
from tests.integration.booking.build import Told, kettle, repair
from tests.support.services import Service

CLIENTS, EACH, CHANGES = 8, 5, 24
CODES = {"slot_full", "waiting_for_volunteers", "not_enough_room"}
Answer = tuple[int, str | None]


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def rush(booking: Service) -> tuple[Told, Counter[Answer]]:
    """Students book and cancel, volunteers come and go, and two workers displace at the same time."""
    told = repair(booking, accepted=3, benches=3, slot_minutes=30)
    booking.as_("coordinator").put(f"/sessions/{told.id}/stand-in", {"minutes": 0})
    slots = [slot["id"] for slot in told.slots()]

    def book(number: int) -> list[Answer]:
        answers = []
        for attempt in range(EACH):
            client = booking.as_("student")
            wish = {"slot_id": slots[(number + attempt) % len(slots)], "devices": [kettle()]}
            answer = client.post("/appointments", wish)
            answers.append((answer.status_code, answer.json.get("code")))
            if answer.status_code == 201 and attempt % 3 == 2:
                gone = client.post(f"/appointments/{answer.json['id']}/cancel")
                answers.append((gone.status_code, gone.json.get("code")))
        return answers

    def come_and_go() -> None:
        for change in range(CHANGES):
            told.staff(accepted=(3, 1, 2, 0)[change % 4])
        told.staff(accepted=1)

    def displaces() -> None:
        for _ in range(CHANGES):
            displace_due(booking.database)

    with ThreadPoolExecutor(CLIENTS + 3) as pool:
        others = [pool.submit(act) for act in (come_and_go, displaces, displaces)]
        answers = [one for many in pool.map(book, range(CLIENTS)) for one in many]
        for other in others:
            other.result()
    with booking.database.transaction() as session:
        session.execute(update(Risk).values(until=now()))
    displace_due(booking.database)
    return told, Counter(answers)


def counted(booking: Service) -> list[tuple[int, int, int, int]]:
    """Return (devices of live appointments, taken, open, physical) of each slot."""
    live = (
        select(func.coalesce(func.sum(Appointment.devices), 0))
        .where(Appointment.slot_id == Slot.id, Appointment.state.in_(LIVE))
        .scalar_subquery()
    )
    with booking.database.reading() as session:
        rows = session.execute(
            select(live, Slot.taken, Slot.open_capacity, Slot.physical_capacity)
        ).all()
    return [(int(a), b, c, d) for a, b, c, d in rows]


def test_a_drop_while_students_book_is_never_an_error_and_never_over_capacity(
    booking: Service,
) -> None:
    _, answers = rush(booking)

    fine = {(201, None), (200, None), *((409, code) for code in CODES), (409, "not_live")}
    assert set(answers) <= fine, answers
    assert booking.waiting() == 0
    assert booking.dead_letters() == []
    for people, taken, opened, physical in counted(booking):
        assert people == taken <= min(opened, physical)
    told_twice = Counter(
        (event.subject, event.version) for event in booking.announced("appointment.displaced.v1")
    )
    assert set(told_twice.values()) <= {1}


def test_without_the_lock_places_are_counted_wrong(
    new_service: Callable[[str, str], Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = new_service("booking", "postgresql")

    def naive(session: Any, slot: Slot, count: int) -> None:
        """Write what was read before, as code without a lock does."""
        seen = slot.taken
        session.execute(update(Slot).where(Slot.id == slot.id).values(taken=max(0, seen + count)))

    def unlocked(session: Any, session_id: str) -> displacing.Scene:
        rows = select(displacing.ServiceSession).where(displacing.ServiceSession.id == session_id)
        slots = session.scalars(select(Slot).where(Slot.session_id == session_id)).all()
        at = displacing.suite_time(session)
        sessions = {row.id: row for row in session.scalars(rows)}
        return displacing.Scene(at, sessions, {slot.id: slot for slot in slots})

    monkeypatch.setattr(displacing, "shift_places", naive)
    monkeypatch.setattr(displacing, "_locked", unlocked)
    wrong = 0
    for _ in range(6):
        try:
            _, answers = rush(booking)
        except Exception:  # noqa: BLE001 - whatever goes wrong is what the guard is for
            wrong += 1
            continue
        wrong += sum(people != taken for people, taken, _, _ in counted(booking))
        wrong += sum(status >= 500 for status, _ in answers)

    assert wrong > 0, "the race test could not see a wrong count"
