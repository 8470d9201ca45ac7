"""The waiver of an offering: asked for once per version, agreed to before a move, later where staff book."""

from collections.abc import Callable

import pytest

from tests.integration.booking.build import repair
from tests.integration.booking.test_policies import book, offering, put, with_policy
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


WAIVER = {"zh": "修理有风险，数据请先备份。", "en": "Repairs carry a risk. Please back up first."}


def test_the_waiver_is_asked_for_once_and_again_when_its_text_changes(booking: Service) -> None:
    told = with_policy(booking, repair(booking), waiver=WAIVER)
    person = booking.as_("student")

    refused = book(person, told)
    booked = book(person, told, waiver_version=1)

    assert refused.json["code"] == "waiver_needed"
    assert booked.json["waiver_version"] == 1
    person.post(f"/appointments/{booked.json['id']}/cancel")
    assert book(person, told, 1).json["waiver_version"] == 1, "agreed to already"
    id = str(told.data["offering_id"])
    changed = put(booking, id, 1, waiver={"zh": "新的须知", "en": ""})
    assert changed.json["waiver_version"] == 2
    rules = person.get(f"/sessions/{told.id}/rules").json["waiver"]
    assert (rules["version"], rules["agreed"]) == (2, False)
    other = booking.as_("student")
    assert book(other, told, 1, waiver_version=1).json["code"] == "waiver_changed"
    assert book(other, told, 1, waiver_version=2).status_code == 201


def test_who_moves_to_another_offering_agrees_to_its_waiver_first(booking: Service) -> None:
    mine, there = repair(booking), with_policy(booking, repair(booking), waiver=WAIVER)
    person = booking.as_("student")
    id = book(person, mine).json["id"]
    target = {"slot_id": there.slots()[1]["id"]}

    refused = person.post(f"/appointments/{id}/move", target)
    stayed = person.get(f"/appointments/{id}").json
    moved = person.post(f"/appointments/{id}/move", target | {"waiver_version": 1})

    assert (refused.status_code, refused.json["code"]) == (422, "waiver_needed")
    assert stayed["session_id"] == mine.id, "nothing has changed hands"
    assert (moved.status_code, moved.json["waiver_version"]) == (200, 1)
    assert moved.json["session_id"] == there.id
    assert [slot["free"] for slot in (mine.slots()[0], there.slots()[1])] == [4, 3]


def test_the_same_waiver_text_keeps_its_version(booking: Service) -> None:
    id = offering(booking, repair(booking))

    versions = [put(booking, id, n, waiver=WAIVER).json["waiver_version"] for n in (0, 1)]

    assert versions == [1, 1]


def test_staff_book_for_somebody_who_agrees_later(booking: Service) -> None:
    told = with_policy(booking, repair(booking), waiver=WAIVER)
    person = booking.as_("student")

    answer = book(booking.as_("coordinator"), told, person_id=person.person.id)

    assert (answer.status_code, answer.json["waiver_version"]) == (201, None)
