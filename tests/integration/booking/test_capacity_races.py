"""Volunteers come and go while people book: never an error, never over capacity, nobody waits for ever."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from services.booking.models.slot import Slot
from services.booking.use_cases import projection
from shared.database import Database
from tests.integration.booking.build import kettle, repair
from tests.support.services import Service

CLIENTS = 12
EACH = 6
CHANGES = 40
ANSWERS = {(201, None), (409, "slot_full"), (409, "waiting_for_volunteers")}


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def rush(booking: Service) -> Counter[tuple[int, str | None]]:
    """Book from many sides while the number of accepted volunteers goes up and down."""
    told = repair(booking, accepted=2, benches=3)
    ids = [slot["id"] for slot in told.slots()]

    def book(number: int) -> list[tuple[int, str | None]]:
        answers = []
        for attempt in range(EACH):
            client = booking.as_("student")
            wish = {"slot_id": ids[(number + attempt) % len(ids)], "devices": [kettle()]}
            answer = client.post("/appointments", wish, key=f"k{number}-{attempt}")
            answers.append((answer.status_code, answer.json.get("code")))
        return answers

    def come_and_go() -> None:
        for change in range(CHANGES):
            told.staff(accepted=change % 4)

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        changes = pool.submit(come_and_go)
        answers = [one for many in pool.map(book, range(CLIENTS)) for one in many]
        changes.result()
    return Counter(answers)


def slots(database: Database) -> list[Slot]:
    with database.reading() as session:
        return list(session.scalars(select(Slot)))


def test_bookings_and_staffing_never_stand_in_each_others_way(booking: Service) -> None:
    answers = rush(booking)

    assert set(answers) <= ANSWERS, answers
    assert booking.waiting() == 0, "a message about staffing had to wait"
    assert booking.dead_letters() == []
    assert all(slot.taken <= slot.physical_capacity for slot in slots(booking.database))


def test_with_a_stronger_lock_they_would_deadlock(
    new_service: Callable[[str, str], Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = new_service("booking", "postgresql")
    lock = projection.locked

    def stronger(session: object, id: str) -> object:
        """Lock the session's row against foreign keys too, as FOR UPDATE does."""
        row = lock(session, id)  # type: ignore[arg-type]
        if row is not None:
            session.refresh(row, with_for_update=True)  # type: ignore[attr-defined]
        return row

    monkeypatch.setattr(projection, "locked", stronger)
    met = Counter[str]()
    for _ in range(5):
        answers = rush(booking)
        met["wrong"] += sum(count for answer, count in answers.items() if answer not in ANSWERS)
        met["waited"] += booking.waiting()

    assert met.total() > 0, "the test could not see the deadlock"
