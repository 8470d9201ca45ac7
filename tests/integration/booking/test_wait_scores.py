"""What people were told is scored against what came of it, once a session is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.booking.models.visit import Visit
from services.booking.use_cases.wait_scores import score_sessions
from shared.clock import iso, now
from tests.integration.booking.build import HOUR, Told
from tests.integration.booking.line import call, on_duty, today, walk_in
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


def seen(booking: Service) -> list[dict[str, object]]:
    desk = booking.as_("coordinator")
    since, until = iso(now() - 30 * 24 * HOUR), iso(now() + HOUR)
    answer = desk.get("/wait-scores", from_=since, to=until)
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def score(booking: Service) -> int:
    with booking.database.transaction() as session:
        return score_sessions(session)


def waits(told: Told, *found: tuple[int | None, int | None, float | None]) -> None:
    """Let people have been told (low, high) and have waited, in minutes."""
    desk = told.service.as_("coordinator")
    for low, high, waited in found:
        visit = walk_in(told, desk)["visit"]["id"]
        with told.service.database.transaction() as session:
            row = session.get_one(Visit, visit)
            row.told_low, row.told_high, row.waited = low, high, waited


def over(booking: Service) -> Told:
    """Return a session that ended five hours ago (people can be noted for twelve)."""
    return today(booking, starts_at=now() - 7 * HOUR, ends_at=now() - 5 * HOUR)


def test_a_session_that_is_over_is_scored_once(booking: Service) -> None:
    told = over(booking)
    waits(told, (5, 10, 7.0), (5, 10, 10.0), (5, 10, 30.0), (0, 4, 2.0), (None, None, 9.0))

    assert [score(booking), score(booking)] == [1, 0]
    [found] = seen(booking)

    assert (found["session_id"], found["told"], found["inside"]) == (told.id, 4, 3)
    assert (found["untold"], found["share"], found["width"]) == (1, 0.75, 4.75)
    # the middles 7.5 and 2 ± 21 %, in whole minutes too, hold as often: 5–10 and 1–3
    assert found["naive_width"] == 4.25


def test_a_session_that_goes_on_and_a_trial_are_not_scored(booking: Service) -> None:
    waits(today(booking), (5, 10, 7.0))
    waits(
        today(booking, starts_at=now() - 7 * HOUR, ends_at=now() - 5 * HOUR, trial=True),
        (1, 2, 1.0),
    )

    assert score(booking) == 0


def test_the_first_call_says_how_long_somebody_waited_and_a_recall_does_not(
    booking: Service,
) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    on_duty(told, 1)
    visit = walk_in(told, desk)["visit"]["id"]
    with booking.database.transaction() as session:
        session.get_one(Visit, visit).recorded_at -= timedelta(minutes=12)

    call(told, desk)
    desk.post(f"/visits/{visit}/recall", {})

    with booking.database.reading() as session:
        waited = session.get_one(Visit, visit).waited
    assert waited is not None
    assert 12 <= waited < 13


def test_only_staff_reads_the_scores(booking: Service) -> None:
    hour = {"from_": iso(now() - HOUR), "to": iso(now())}

    answers = [booking.as_(role).get("/wait-scores", **hour) for role in ("student", "volunteer")]

    assert [answer.status_code for answer in answers] == [403, 403]
