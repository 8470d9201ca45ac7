"""The pressure of a live line, measured and announced, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.booking.models.pressure import QueuePressure
from services.booking.models.session import ServiceSession
from services.booking.use_cases.pressure import watch_pressure
from shared.clock import now
from tests.contract.booking.test_contracts import validator
from tests.integration.booking.build import Told
from tests.integration.booking.line import on_duty, today, walk_in
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def since(booking: Service, minutes: float) -> None:
    """Let what is seen now have been seen for so many minutes."""
    with booking.database.transaction() as session:
        session.execute(update(QueuePressure).values(since=now() - timedelta(minutes=minutes)))


def crowded(booking: Service, people: int = 14) -> Told:
    """A line that is much too long for one volunteer at two benches."""
    told = today(booking)
    on_duty(told, 1)
    desk = booking.as_("coordinator")
    for _ in range(people):
        walk_in(told, desk)
    return told


def told_of(booking: Service) -> list[dict[str, Any]]:
    return [event.data for event in booking.announced("queue.pressure.v1")]


def test_a_line_above_its_limit_is_announced_once_with_counts_only(booking: Service) -> None:
    told = crowded(booking)
    assert watch_pressure(booking.database) == 0  # it has just begun
    since(booking, 2)

    assert watch_pressure(booking.database) == 1
    assert watch_pressure(booking.database) == 0

    (event,) = booking.announced("queue.pressure.v1")
    assert (event.subject, event.version) == (told.id, 1)
    assert (event.data["state"], event.data["waiting"], event.data["free_benches"]) == (
        "high",
        14,
        1,
    )
    assert event.data["low"] < event.data["high"]
    validator("queue.pressure.v1").validate(event.data)


def test_it_eases_with_the_session(booking: Service) -> None:
    told = crowded(booking)
    watch_pressure(booking.database)
    since(booking, 2)
    watch_pressure(booking.database)
    with booking.database.transaction() as session:
        over = {"ends_at": now() - timedelta(minutes=1), "starts_at": now() - timedelta(hours=2)}
        session.execute(update(ServiceSession).where(ServiceSession.id == told.id).values(**over))

    watch_pressure(booking.database)
    since(booking, 4)
    watch_pressure(booking.database)

    assert [one["state"] for one in told_of(booking)] == ["high", "eased"]


def test_the_limit_of_the_line_decides(booking: Service) -> None:
    told = crowded(booking)
    desk = booking.as_("coordinator")
    shown = desk.get(f"/sessions/{told.id}/line-policy").json
    assert shown["help_minutes"] == 60
    rules = {
        name: value
        for name, value in shown.items()
        if name not in ("id", "kind", "title", "own", "version")
    }
    path = f"/sessions/{told.id}/line-policy"
    answer = desk.put(path, rules | {"help_minutes": None}, headers={"If-Match": '"0"'})
    assert answer.status_code == 200, answer.json

    watch_pressure(booking.database)
    since(booking, 10)

    assert watch_pressure(booking.database) == 0
    assert told_of(booking) == []


def test_a_short_line_presses_nobody(booking: Service) -> None:
    told = today(booking)
    on_duty(told, 2)
    walk_in(told, booking.as_("coordinator"))

    watch_pressure(booking.database)
    since(booking, 10)

    assert watch_pressure(booking.database) == 0
