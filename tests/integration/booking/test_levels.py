"""Ranges are cut by how the last ones held: in this line, and in the offering's session before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.booking.models.visit import Visit
from services.booking.queries.levels import AIM, STEP, Levels
from shared.clock import now
from tests.integration.booking.build import HOUR, Told
from tests.integration.booking.line import call, on_duty, queue, today, walk_in
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


def came(told: Told, **values: Any) -> Visit:
    """Somebody walks in and hears a range; then let what is kept of it be `values`."""
    id = walk_in(told, told.service.as_("coordinator"))["visit"]["id"]
    with told.service.database.transaction() as session:
        visit = session.get_one(Visit, id)
        for name, value in values.items():
            setattr(visit, name, value)
    with told.service.database.reading() as session:
        return session.get_one(Visit, id)


def levels(visit: Visit) -> tuple[float | None, float | None]:
    return visit.level_low, visit.level_high


def test_the_next_range_is_cut_wider_where_the_last_did_not_hold(booking: Service) -> None:
    told = today(booking)
    on_duty(told, 1)
    heard_at = now() - timedelta(minutes=30)
    first = came(told, recorded_at=heard_at, told_low=0, told_high=5, waited=20.0)

    second = came(told)

    assert levels(first) == (Levels().low, Levels().high)
    assert levels(second) == pytest.approx(
        (Levels().low + STEP * AIM, Levels().high + STEP * (1 - AIM))
    )


def test_who_waits_beyond_their_range_moves_it_though_nobody_called_them(booking: Service) -> None:
    told = today(booking)
    on_duty(told, 1)
    came(told, recorded_at=now() - timedelta(minutes=6), told_low=0, told_high=5)

    assert (came(told).level_high or 0) > Levels().high


def test_a_session_goes_on_where_the_offerings_last_one_ended(booking: Service) -> None:
    offering = {"offering_id": "0192f0c1-0000-7000-8000-0000000000aa"}
    past = today(booking, starts_at=now() - 8 * HOUR, ends_at=now() - 6 * HOUR, **offering)
    on_duty(past, 1)
    came(past, told_low=1, told_high=2, level_low=0.3, level_high=0.9)
    other = today(booking, starts_at=now() - timedelta(minutes=20))
    told = today(booking, starts_at=now() - timedelta(minutes=10), **offering)
    trial = today(booking, starts_at=now() - timedelta(minutes=5), trial=True, **offering)
    for one in (other, told, trial):
        on_duty(one, 1)

    assert levels(came(told)) == (0.3, 0.9)
    assert levels(came(other)) == (Levels().low, Levels().high)
    assert levels(came(trial)) == (Levels().low, Levels().high)


def test_what_nobody_heard_says_nothing(booking: Service) -> None:
    told = today(booking)  # nobody is on duty: the wait is unknown

    assert levels(came(told)) == (None, None)
    on_duty(told, 1)
    assert levels(came(told)) == (Levels().low, Levels().high)


def test_the_desk_shows_the_ranges_that_the_levels_give(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    on_duty(told, 1)
    for _ in range(4):
        came(told, told_low=0, told_high=1)
    narrow = queue(told, desk)["wait_new"]
    with booking.database.transaction() as session:
        for visit in session.scalars(select(Visit)):
            visit.level_low, visit.level_high = 0.02, 0.98

    wide = queue(told, desk)["wait_new"]

    assert wide["low"] < narrow["low"]
    assert wide["high"] > narrow["high"]


def test_an_undone_call_takes_back_what_it_taught(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    on_duty(told, 1)
    came(told, told_low=5, told_high=9)
    call(told, desk)  # at once: before the range
    tap = queue(told, desk)["undo"]["id"]
    undone = desk.post(f"/taps/{tap}/undo", {})
    assert undone.status_code == 200, undone.json

    assert levels(came(told)) == (Levels().low, Levels().high)


def test_who_stepped_out_of_line_for_parts_does_not_wait_on(booking: Service) -> None:
    told = today(booking)
    on_duty(told, 1)
    heard_at = now() - timedelta(minutes=30)
    paused_at = heard_at + timedelta(minutes=2)
    came(told, recorded_at=heard_at, told_low=0, told_high=5, state="paused", paused_at=paused_at)

    assert levels(came(told)) == (Levels().low, Levels().high)
