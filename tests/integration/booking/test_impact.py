"""The figures of impact: golden numbers of a made past with traps, the same on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.ids import new_id
from tests.integration.booking.past import held, repaired
from tests.support.services import Service

MARCH = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
FIRST_OF_APRIL = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)  # 00:30 on 1 April at the centre


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


def figures(booking: Service, **days: str) -> dict[str, Any]:
    answer = booking.client().get("/impact", **days)  # nobody signs in for it
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def past(booking: Service) -> None:
    """Make two sessions and a trial: one person twice, two walk-ins, an open and a cancelled device."""
    march, april = held(booking, MARCH), held(booking, FIRST_OF_APRIL)
    trial = held(booking, MARCH, trial=True)
    regular, volunteer = new_id(), new_id()
    repaired(march, "A1", regular, volunteer_id=volunteer)  # a kettle, fixed
    repaired(april, "A1", regular, category_id=34, volunteer_id=volunteer)  # a vacuum, fixed
    repaired(march, "W1", status="End of life", barrier="Lack of equipment")
    repaired(march, "W2", status="Unknown")
    repaired(april, "W1", category_id=18, volunteer_id=new_id())  # Misc, fixed: no weight
    repaired(april, "W2", category_id=7, status="Repairable")
    repaired(april, "W3", state="started", status=None)
    repaired(april, "W4", state="cancelled", status=None)
    repaired(trial, "W1")


def test_everything_together(booking: Service) -> None:
    past(booking)

    found = figures(booking)

    names = ("devices", "fixed", "repairable", "end_of_life", "unclear")
    assert [found[name] for name in names] == [6, 3, 1, 1, 1]
    assert found["rate"] == {
        "share": 0.6,
        "of": 5,
        "low": pytest.approx(0.2307, abs=1e-4),
        "high": pytest.approx(0.8824, abs=1e-4),
    }
    # kettle 2.80 (1.30–2.90) + vacuum 5.88 (5.30–5.99); Misc weighs nothing
    assert found["kilograms"] == {"usual": 8.7, "low": 6.6, "high": 8.9, "unweighed": 1}
    assert (found["people"], found["volunteers"], found["sessions"]) == (5, 2, 2)


def test_by_category_those_brought_most_first(booking: Service) -> None:
    past(booking)

    found = figures(booking)["categories"]

    assert [(one["category_id"], one["devices"], one["fixed"]) for one in found] == [
        (14, 3, 1),
        (7, 1, 0),
        (18, 1, 1),
        (34, 1, 1),
    ]
    assert found[0]["rate"]["of"] == 2  # an unknown outcome says nothing of the rate


def test_a_day_belongs_to_the_month_of_the_centre(booking: Service) -> None:
    past(booking)

    assert figures(booking, from_="2026-04-01", to="2026-04-30")["devices"] == 3
    course = figures(booking, from_="2026-01-01", to="2026-12-31")["course"]
    assert course["step"] == "month"
    assert [(one["from"], one["devices"]) for one in course["items"]] == [
        ("2026-03-01", 3),
        ("2026-04-01", 3),
    ]


def test_the_course_has_no_gaps_and_weeks_begin_on_monday(booking: Service) -> None:
    past(booking)

    course = figures(booking, from_="2026-03-01", to="2026-04-30")["course"]

    assert course["step"] == "week"
    days = [(one["from"], one["devices"]) for one in course["items"]]
    assert days[0] == ("2026-03-02", 3)
    assert days[-1] == ("2026-03-30", 3)
    assert [count for _day, count in days[1:-1]] == [0, 0, 0]


def test_nothing_is_said_as_nothing(booking: Service) -> None:
    found = figures(booking, from_="2026-01-01", to="2026-01-31")

    assert found["devices"] == found["people"] == 0
    assert found["rate"] == {"share": None, "low": 0.0, "high": 1.0, "of": 0}
    assert found["course"]["items"] == found["categories"] == []


def test_whoever_asks_again_within_a_minute_need_not_be_answered_twice(booking: Service) -> None:
    past(booking)
    first = booking.client().get("/impact")
    tag = {"If-None-Match": first.headers["ETag"]}

    same = booking.client().call("GET", "/impact", headers=tag)
    repaired(held(booking, MARCH), "W9")
    changed = booking.client().call("GET", "/impact", headers=tag)

    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert (same.status_code, same.get_data()) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
