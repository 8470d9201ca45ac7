"""What was found, done and used: codes of the list, a note, parts whose cost nobody pays; both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from services.booking.models.work import PartUsed
from tests.integration.booking.bench import LAMP, done, give, measure, skilled, started
from tests.integration.booking.line import call, helper, queue, today, walk_in
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def write(desk: ApiClient, id: str, version: int, *found: str, did: Any = (), **more: Any) -> Any:
    body = {"findings": list(found), "actions": list(did), **more}
    return desk.put(f"/tickets/{id}/work", body, if_match=version)


def codes(desk: ApiClient, id: str) -> tuple[list[str], list[str]]:
    shown = desk.get(f"/tickets/{id}").json
    return (
        [one["code"] for one in shown["findings"]],
        [one["code"] for one in shown["actions"]],
    )


def test_several_codes_and_a_note_are_kept_in_the_order_of_the_list(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = started(told, desk)

    kept = write(desk, id, 1, "dirt", "cord", did=["rewired", "cleaned"], note="接头发黑 🔧")

    assert (kept.status_code, kept.headers["ETag"]) == (200, '"2"')
    assert codes(desk, id) == (["cord", "dirt"], ["cleaned", "rewired"])
    assert desk.get(f"/tickets/{id}").json["note"] == "接头发黑 🔧"


def test_two_who_write_at_once_do_not_overwrite_each_other(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = started(told, desk)

    first, late = write(desk, id, 1, "cord"), write(desk, id, 1, "motor")
    unsaid = desk.put(f"/tickets/{id}/work", {"findings": [], "actions": []})

    assert (first.status_code, late.status_code, unsaid.status_code) == (200, 412, 428)
    assert codes(desk, id)[0] == ["cord"]


def test_codes_come_from_the_list(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = started(told, desk)

    wrong, swapped = write(desk, id, 1, "ghost"), write(desk, id, 1, did=["cord"])
    offered = desk.get("/repair-codes").json

    assert [one.json["errors"][0]["pointer"] for one in (wrong, swapped)] == [
        "#/findings", "#/actions",
    ]  # fmt: skip
    assert len(offered["findings"]) + len(offered["actions"]) == 32


def test_an_outcome_can_bring_its_codes_along(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = started(told, desk)
    write(desk, id, 1, "cord")

    closed = desk.post(f"/tickets/{id}/close", {"status": "Fixed", "actions": ["replaced"]})
    wrong = desk.post(f"/tickets/{id}/close", {"status": "Fixed", "actions": ["magic"]})

    assert closed.status_code == 200
    assert wrong.status_code in (409, 422)
    assert codes(desk, id) == (["cord"], ["replaced"])


def test_a_wrong_code_leaves_the_device_without_outcome(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = started(told, desk)

    refused = desk.post(f"/tickets/{id}/close", {"status": "Fixed", "actions": ["magic"]})

    assert (refused.status_code, refused.json["code"]) == (422, "unknown_repair_code")
    assert desk.get(f"/tickets/{id}").json["state"] == "started"


def test_work_is_written_down_after_the_device_has_left(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk)
    measure(desk, id)
    give(desk, id)

    assert write(desk, id, 1, "cord", did=["rewired"]).status_code == 200


def test_parts_are_noted_with_what_they_cost_the_centre(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    path = f"/tickets/{started(told, desk)}/parts"
    fuse = {"name": "热熔断体 10 A", "quantity": 2, "source": "centre", "cost_cents": 150}

    first = desk.post(path, fuse, key="p")
    desk.post(path, fuse, key="p")
    own = desk.post(path, {"name": "电池", "source": "owner"})
    shown = desk.get(path.removesuffix("/parts")).json["parts"]
    struck = desk.delete(f"{path}/{own.json['id']}")

    assert (first.status_code, own.status_code, struck.status_code) == (201, 201, 204)
    assert [(one["name"], one["quantity"], one["cost_cents"]) for one in shown] == [
        ("热熔断体 10 A", 2, 150), ("电池", 1, None),
    ]  # fmt: skip
    assert len(desk.get(path.removesuffix("/parts")).json["parts"]) == 1
    assert desk.delete(f"{path}/{own.json['id']}").status_code == 404


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"name": "", "source": "centre"}, "#/name"),
        ({"name": "保险丝", "source": "shop"}, "#/source"),
        ({"name": "保险丝", "source": "centre", "quantity": 0}, "#/quantity"),
        ({"name": "保险丝", "source": "centre", "cost_cents": -1}, "#/cost_cents"),
        ({"name": "保险丝", "source": "owner", "cost_cents": 100}, "#/cost_cents"),
        ({"name": "保险丝", "source": "centre", "price": 5}, "#/price"),
    ],
)
def test_a_part_that_makes_no_sense_is_refused_with_the_field(
    new_service: Callable[..., Service], part: dict[str, object], field: str
) -> None:
    booking = new_service("booking")
    told = today(booking)
    desk = helper(told)

    refused = desk.post(f"/tickets/{started(told, desk)}/parts", part)

    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, field)


def test_the_database_knows_no_cost_of_an_owners_part(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    desk.post(f"/tickets/{started(told, desk)}/parts", {"name": "电池", "source": "owner"})

    with pytest.raises(IntegrityError), booking.database.transaction() as session:
        session.execute(update(PartUsed).values(cost_cents=100))


def test_the_owner_reads_what_was_done_but_no_cost(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = started(told, desk)
    write(desk, id, 1, "cord", did=["replaced"])
    desk.post(f"/tickets/{id}/parts", {"name": "插头", "source": "centre", "cost_cents": 320})
    before = desk.get(f"/places/{desk.get(f'/tickets/{id}').json['visit_id']}").json
    desk.post(f"/tickets/{id}/close", {"status": "Fixed"})

    after = desk.get(f"/places/{before['id']}").json["devices"][0]

    assert before["devices"][0]["findings"] == []
    assert after["findings"][0]["said"]["zh"] == "电源线或插头坏了"
    assert after["actions"][0]["said"]["en"] == "replaced a part"
    assert after["parts"] == [{"name": "插头", "quantity": 1, "source": "centre"}]


def test_the_desk_sees_what_has_not_gone_home(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    first, second, third = (done(told, desk) for _ in range(3))
    measure(desk, second)
    measure(desk, third)
    give(desk, third)

    staying = queue(told, desk)["staying"]

    assert [(one["id"], one["care"]) for one in staying] == [(first, "test"), (second, "ready")]


def test_each_device_of_a_visit_has_its_own_outcome_test_and_way_home(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    walk_in(told, desk, devices=2)
    lamp, phone = (one["id"] for one in call(told, desk)["devices"])
    for id, category in ((lamp, LAMP), (phone, 19)):
        desk.post(f"/tickets/{id}/start", {"bench": 1})
        desk.post(f"/tickets/{id}/close", {"status": "Fixed", "category_id": category})
    measure(desk, lamp)

    gone, stays = give(desk, lamp), give(desk, phone)

    assert (gone.status_code, stays.json["code"]) == (200, "not_tested")  # it came as a kettle
    siblings = desk.get(f"/tickets/{lamp}").json["siblings"]
    assert [(one["id"], one["care"]) for one in siblings] == [
        (lamp, "handed_back"), (phone, "test"),
    ]  # fmt: skip
