"""How long a stand-in is looked for, and what a coordinator does meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from services.booking.models.risk import Risk, stand_in_until
from shared.clock import now, parse
from shared.ids import new_id
from tests.integration.booking.build import HOUR, repair
from tests.integration.booking.test_displacing import (
    ONE_DEVICE,
    at_risk,
    book,
    time_is_up,
    two_in_a_slot,
)
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


@pytest.mark.parametrize(
    ("hours", "minutes", "expected"),
    [(24, 120, 120), (3, 120, 60), (2, 120, 30), (1, 120, 0), (0.5, 120, 0), (24, 0, 0)],
)
def test_the_stand_in_time_is_shorter_close_to_the_start(
    hours: float, minutes: int, expected: int
) -> None:
    at = datetime.fromisoformat("2026-11-25T06:00:00+00:00")

    until = stand_in_until(at, at + timedelta(hours=hours), minutes)

    assert until - at == timedelta(minutes=expected)


def test_a_coordinator_waits_longer_keeps_by_hand_or_acts_at_once(booking: Service) -> None:
    told, _, _ = two_in_a_slot(booking)
    told.staff(1)
    staff = booking.as_("coordinator")
    (item,) = at_risk(booking, told)["items"]
    path = f"/slots/{item['slot_id']}"

    longer = staff.post(f"{path}/wait-longer", {"minutes": 60}).json["items"][0]
    kept = staff.post(f"{path}/keep").json["items"][0]
    ignored = time_is_up(booking)
    refused = staff.post(f"{path}/displace")

    assert parse(longer["until"]) - parse(item["until"]) == HOUR
    assert (kept["kept"], kept["would_go"], ignored) == (1, [], 0)
    assert refused.json["code"] == "not_at_risk"


def test_acting_at_once_does_not_wait_for_the_time(booking: Service) -> None:
    told, _, _ = two_in_a_slot(booking)
    told.staff(1)
    (item,) = at_risk(booking, told)["items"]

    answer = booking.as_("coordinator").post(f"/slots/{item['slot_id']}/displace")

    assert answer.status_code == 200
    assert answer.json["items"] == []
    assert [slot["taken"] for slot in told.slots()] == [1, 1]
    assert booking.as_("student").post(f"/slots/{item['slot_id']}/displace").status_code == 403


def test_a_further_drop_after_keeping_by_hand_starts_the_time_anew(booking: Service) -> None:
    told = repair(booking, accepted=3, benches=3, slot_minutes=120, **ONE_DEVICE)
    for _ in range(3):
        book(booking.as_("student"), told.slots()[0]["id"])
    told.staff(2)
    staff = booking.as_("coordinator")
    slot_id = at_risk(booking, told)["items"][0]["slot_id"]
    staff.post(f"/slots/{slot_id}/keep")
    with booking.database.transaction() as session:
        session.execute(update(Risk).values(until=now() - HOUR))

    told.staff(1)

    (item,) = at_risk(booking, told)["items"]
    assert (item["over"], item["kept"], len(item["would_go"])) == (2, 1, 1)
    assert parse(item["until"]) > now() + HOUR


def test_the_stand_in_time_is_set_per_session_and_per_offering(booking: Service) -> None:
    offering = new_id()
    told, _, _ = two_in_a_slot(booking, offering_id=offering)
    staff = booking.as_("coordinator")
    data = {"id": offering, "kind": "repair", "title": told.data["title"], "skill": "repair"}
    data |= {"categories": [], "state": "active"}
    booking.deliver("offering.changed.v1", offering, 1, data)
    told.staff(1)

    def minutes() -> float:
        (item,) = at_risk(booking, told)["items"]
        return (parse(item["until"]) - parse(item["since"])).total_seconds() / 60

    seen = [minutes()]
    assert staff.put(f"/offerings/{offering}/stand-in", {"minutes": 30}).status_code == 200
    seen.append(minutes())
    assert staff.put(f"/sessions/{told.id}/stand-in", {"minutes": 10}).status_code == 200
    seen.append(minutes())
    staff.put(f"/sessions/{told.id}/stand-in", {"minutes": None})
    seen.append(minutes())

    assert seen == [120, 30, 10, 30]
