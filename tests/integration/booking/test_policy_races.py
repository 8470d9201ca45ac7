"""Races about a person's limits: one person asks many times at once, and what happens without guards."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import get_ident
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from services.booking.models.appointment import Appointment
from services.booking.models.policy import PersonCount
from services.booking.use_cases import hot, limits
from shared.database import insert_if_absent
from shared.http import once
from tests.integration.booking.build import Told, repair, tomorrow
from tests.integration.booking.test_policies import book, put, term, with_policy
from tests.integration.booking.test_races import at_once
from tests.support.clients import ApiClient
from tests.support.services import Service

ASKED, ALLOWED, ROUNDS = 8, 2, 5


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def monday_morning() -> Any:
    """A Monday next week, 09:00 at the venue: eight sessions of that week fit behind it."""
    start = tomorrow() + timedelta(days=1)
    return (start + timedelta(days=7 - start.weekday())).replace(hour=1)


def many_sessions(booking: Service, *, weeks: int = 0, **limit: int) -> list[Told]:
    """Eight sessions of one offering, in one week or (`weeks`) a week apart, with a limit."""
    start = monday_morning()
    step = timedelta(weeks=weeks) if weeks else timedelta(hours=12)
    first = with_policy(booking, repair(booking, starts_at=start), **limit)
    same = {"offering_id": first.data["offering_id"]}
    rest = [repair(booking, starts_at=start + step * n, **same) for n in range(1, ASKED)]
    return [first, *rest]


def everywhere(client: ApiClient, sessions: list[Told]) -> list[Callable[[], Any]]:
    """One booking in each session, all by one person."""
    slots = [told.slots()[0]["id"] for told in sessions]
    devices = [{"category_id": 14}]
    wishes = [{"slot_id": slot, "devices": devices} for slot in slots]
    return [partial(client.post, "/appointments", wish) for wish in wishes]


def live(booking: Service, client: ApiClient) -> tuple[int, list[int]]:
    """Count a person's bookings, and read their counters that hold any."""
    assert client.person
    with booking.database.reading() as session:
        mine = (Appointment.person_id == client.person.id) & (Appointment.state == "booked")
        booked = session.execute(select(func.count()).where(mine)).scalar_one()
        counters = select(PersonCount.held).where(
            PersonCount.person_id == client.person.id, PersonCount.held > 0
        )
        return booked, sorted(session.scalars(counters))


def test_one_person_never_books_more_than_a_week_allows(booking: Service) -> None:
    sessions = many_sessions(booking, week_limit=ALLOWED)

    with ThreadPoolExecutor(ASKED) as pool:
        for _ in range(ROUNDS):
            client = booking.as_("student")
            answers = at_once(pool, everywhere(client, sessions))

            codes = Counter((a.status_code, a.json.get("code")) for a in answers)
            assert codes == {(201, None): ALLOWED, (409, "week_limit"): ASKED - ALLOWED}
            assert live(booking, client) == (ALLOWED, [ALLOWED])


def test_one_person_never_books_more_than_a_term_allows(booking: Service) -> None:
    term(booking, monday_morning().date())
    sessions = many_sessions(booking, weeks=1, term_limit=ALLOWED)

    with ThreadPoolExecutor(ASKED) as pool:
        client = booking.as_("student")
        answers = at_once(pool, everywhere(client, sessions))

    codes = Counter((a.status_code, a.json.get("code")) for a in answers)
    assert codes == {(201, None): ALLOWED, (409, "term_limit"): ASKED - ALLOWED}
    assert live(booking, client) == (ALLOWED, [1, 1, ALLOWED])


def test_cancelling_and_booking_at_once_keep_the_counter_right(booking: Service) -> None:
    sessions = many_sessions(booking, week_limit=ALLOWED)
    client = booking.as_("student")
    mine = [book(client, told).json["id"] for told in sessions[:ALLOWED]]
    leave = [lambda id=id: client.post(f"/appointments/{id}/cancel") for id in mine]
    acts = [*leave, *everywhere(client, sessions[ALLOWED:])]

    with ThreadPoolExecutor(len(acts)) as pool:
        answers = at_once(pool, acts)

    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    booked, counters = live(booking, client)
    assert counters == ([booked] if booked else [])
    assert booked <= ALLOWED


def test_a_session_is_cancelled_while_its_people_book_elsewhere(booking: Service) -> None:
    sessions = many_sessions(booking, week_limit=ASKED)
    clients = [booking.as_("student") for _ in range(4)]
    for client in clients:
        book(client, sessions[0])

    acts = [act for client in clients for act in everywhere(client, sessions[1:3])]
    with ThreadPoolExecutor(len(acts) + 1) as pool:
        answers = at_once(pool, [sessions[0].cancel, *acts])[1:]

    assert {answer.status_code for answer in answers} == {201}
    assert booking.waiting() == 0
    assert [live(booking, client) for client in clients] == [(2, [2])] * 4


def test_a_stricter_limit_written_meanwhile_leaves_no_wrong_counter(booking: Service) -> None:
    sessions = many_sessions(booking, week_limit=ASKED)
    client = booking.as_("student")
    id = str(sessions[0].data["offering_id"])

    acts = [lambda: put(booking, id, 1, week_limit=1), *everywhere(client, sessions)]
    with ThreadPoolExecutor(len(acts)) as pool:
        at_once(pool, acts)

    booked, counters = live(booking, client)
    assert counters == [booked]
    late = repair(booking, offering_id=id, starts_at=monday_morning() + timedelta(hours=6))
    assert book(client, late).json["code"] == "week_limit"


def test_without_the_guard_a_person_books_too_many(
    booking: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = many_sessions(booking, week_limit=1)
    seen: dict[int, int] = {}

    def look_first(*given: Any, **more: Any) -> Any:
        with booking.database.reading() as session:
            seen[get_ident()] = session.execute(select(func.sum(PersonCount.held))).scalar() or 0
        return once(*given, **more)

    def trust(session: Any, person_id: str, period: str, most: int | None, *, over: bool) -> bool:
        if most is not None and seen[get_ident()] >= most:
            return False
        mine = (PersonCount.person_id == person_id) & (PersonCount.period == period)
        values = {"person_id": person_id, "period": period, "held": 0, "most": None}
        insert_if_absent(session, PersonCount, values, key=["person_id", "period"])
        session.execute(update(PersonCount).where(mine).values(held=PersonCount.held + 1))
        return True

    monkeypatch.setattr(limits, "_counted", trust)
    monkeypatch.setattr("services.booking.routes.appointments.once", look_first)
    monkeypatch.setattr(
        "services.booking.routes.appointments.book_in_one_statement", lambda *_: None
    )
    client = booking.as_("student")

    with ThreadPoolExecutor(ASKED) as pool:
        at_once(pool, everywhere(client, sessions))

    assert live(booking, client)[0] > 1, "the test would not see a missing guard"


def test_without_the_check_the_one_statement_lets_a_person_book_too_many(
    new_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = new_service("booking", "postgresql")
    sessions = many_sessions(booking, week_limit=1)
    with booking.database.transaction() as session:
        session.execute(text("ALTER TABLE person_count DROP CONSTRAINT ck_person_count_held"))
    hits: list[int] = []
    monkeypatch.setattr(hot, "tell", lambda *_: hits.append(1))

    with ThreadPoolExecutor(ASKED) as pool:
        for _ in range(20):
            client = booking.as_("student")
            at_once(pool, everywhere(client, sessions))
            if live(booking, client)[0] > 1:
                break

    assert hits, "the one statement was never taken"
    assert live(booking, client)[0] > 1, "the test would not see a missing CHECK"
