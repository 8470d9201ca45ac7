"""What one person may hold: counted per week and term, given back, set later."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from services.booking.models.appointment import Appointment
from services.booking.models.policy import PersonCount
from tests.integration.booking.build import repair, tomorrow
from tests.integration.booking.test_policies import book, term, with_policy
from tests.integration.booking.test_waivers import WAIVER
from tests.support.services import Service

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def counted(booking: Service) -> list[tuple[int, int | None]]:
    with booking.database.reading() as session:
        rows = select(PersonCount.held, PersonCount.most).order_by(PersonCount.period)
        return [tuple(row) for row in session.execute(rows)]


def test_bookings_of_a_week_are_limited_and_a_cancelled_one_is_given_back(
    booking: Service,
) -> None:
    first = with_policy(booking, repair(booking), week_limit=1)
    second = repair(booking, offering_id=first.data["offering_id"], starts_at=same_week())
    person = booking.as_("student")
    mine = book(person, first).json["id"]

    refused = book(person, second)

    assert refused.json["code"] == "week_limit"
    assert "每周最多 1 个" in refused.json["detail"]
    assert person.post(f"/appointments/{mine}/cancel").status_code == 200
    assert counted(booking) == [(0, 1)]
    assert book(person, second).status_code == 201
    assert counted(booking) == [(1, 1)]


def same_week() -> datetime:
    """A start that lies in the week of `tomorrow()` at the venue, but at another time."""
    start, aside = tomorrow().astimezone(SHANGHAI), timedelta(hours=2)
    over_monday = (start + aside).isocalendar().week != start.isocalendar().week
    return start - aside if over_monday else start + aside


def test_bookings_of_a_term_are_limited_across_its_weeks(booking: Service) -> None:
    monday = tomorrow().date() - timedelta(days=tomorrow().weekday())
    term(booking, monday)
    first = with_policy(booking, repair(booking), term_limit=2, week_limit=2)
    weeks = [
        repair(
            booking,
            offering_id=first.data["offering_id"],
            starts_at=tomorrow() + timedelta(weeks=n),
        )
        for n in (1, 2)
    ]
    person = booking.as_("student")

    answers = [book(person, told) for told in (first, *weeks)]

    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[2].json["code"] == "term_limit"
    assert book(booking.as_("student"), weeks[1]).status_code == 201


def test_staff_may_go_over_a_limit_for_somebody(booking: Service) -> None:
    first = with_policy(booking, repair(booking), week_limit=1)
    second = repair(booking, offering_id=first.data["offering_id"], starts_at=same_week())
    person = booking.as_("student")
    book(person, first)

    answer = book(booking.as_("coordinator"), second, person_id=person.person.id)

    assert answer.status_code == 201
    assert counted(booking) == [(2, 2)]


def test_a_move_to_another_week_counts_there(booking: Service) -> None:
    first = with_policy(booking, repair(booking), week_limit=1)
    other = repair(
        booking,
        offering_id=first.data["offering_id"],
        starts_at=tomorrow() + timedelta(weeks=1),
    )
    person = booking.as_("student")
    mine = book(person, first).json["id"]

    moved = person.post(f"/appointments/{mine}/move", {"slot_id": other.slots()[0]["id"]})

    assert moved.status_code == 200
    assert counted(booking) == [(0, 1), (1, 1)]


def test_a_session_that_is_cancelled_gives_back_what_it_counted(booking: Service) -> None:
    told = with_policy(booking, repair(booking), week_limit=1)
    book(booking.as_("student"), told)

    told.cancel()

    assert counted(booking) == [(0, 1)]


def test_a_limit_set_later_counts_what_was_booked_before(booking: Service) -> None:
    first = repair(booking)
    second = repair(booking, offering_id=first.data["offering_id"], starts_at=same_week())
    person = booking.as_("student")
    book(person, first)

    with_policy(booking, first, week_limit=1)

    assert book(person, second).json["code"] == "week_limit"


def test_nobody_waits_for_what_a_limit_would_not_let_them_book(booking: Service) -> None:
    first = with_policy(booking, repair(booking), week_limit=1)
    full = repair(
        booking, 1, benches=1, devices_per_bench=1, slot_minutes=120,
        offering_id=first.data["offering_id"], starts_at=same_week(),
    )  # fmt: skip
    person = booking.as_("student")
    book(person, first)
    book(booking.as_("student"), full)

    answer = person.post(f"/sessions/{full.id}/waitlist", {"devices": 1})

    assert answer.json["code"] == "week_limit"


def test_a_forgotten_person_leaves_no_counters(booking: Service) -> None:
    told = with_policy(booking, repair(booking), week_limit=3, waiver=WAIVER)
    person = booking.as_("student")
    book(person, told, waiver_version=1)

    booking.deliver("person.erased.v1", person.person.id, 1, {"person_id": person.person.id})

    assert counted(booking) == []
    with booking.database.reading() as session:
        assert session.scalars(select(Appointment.state)).all() == ["cancelled"]
