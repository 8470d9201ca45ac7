"""The roster's promises: its API description, and its events as they are really announced."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

import services.roster
from services.roster.app import close_all_forgotten
from services.roster.consumers import HANDLERS
from services.roster.events import ANNOUNCED
from shared import clock
from tests.integration.roster.given import DAY, REPAIR, Roster, entry
from tests.support.clients import ApiClient
from tests.support.services import Service

CONTRACTS = Path(str(services.roster.__file__)).parent / "contracts"


def read(name: str) -> Any:
    return json.loads((CONTRACTS / name).read_text(encoding="utf-8"))


def validator(type: str) -> Draft202012Validator:
    schema = read(f"{type}.schema.json")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture
def roster(new_service: Callable[..., Service], tmp_path: Path) -> Iterator[Roster]:
    """The roster on SQLite: its contracts do not depend on the database."""
    set_by_test = clock.configure(clock.SIMULATED, tmp_path / "clock.json")
    yield Roster(new_service("roster"), set_by_test)
    clock.configure(clock.REAL)


def test_the_description_is_the_committed_one_and_valid(roster: Roster) -> None:
    served = roster.coordinator.get("/openapi.json").json

    assert served == read("openapi.json")
    OpenAPIV31SpecValidator(served).validate()


@pytest.mark.parametrize("type", ANNOUNCED)
def test_every_event_has_a_schema_that_its_example_fits(type: str) -> None:
    validator(type).validate(read(f"{type}.example.json"))


def test_no_contract_lies_about_that_nobody_announces() -> None:
    described = {path.name.removesuffix(".schema.json") for path in CONTRACTS.glob("*.schema.json")}

    assert described == set(ANNOUNCED)
    assert {type.rsplit(".", 1)[1] for type in HANDLERS} == {"v1"}


def test_what_is_really_announced_fits_its_schema(roster: Roster) -> None:
    live_through_everything(roster)

    announced = roster.service.announced()

    assert {event.type for event in announced} == set(ANNOUNCED)
    for event in announced:
        validator(event.type).validate(event.data)


def test_versions_of_each_aggregate_only_grow(roster: Roster) -> None:
    live_through_everything(roster)

    last: dict[tuple[str, str], int] = {}
    for event in roster.service.announced():
        key = (event.subject, "hours" if event.type.startswith("hours.") else "state")
        assert event.version > last.get(key, 0), event
        last[key] = event.version


def call_for_help(roster: Roster) -> None:
    """A session runs short of hands; somebody idle is asked and comes."""
    roster.at(72)
    short = roster.publish(entry(day=DAY + timedelta(days=3)), day=DAY + timedelta(days=3))
    roster.take_over(short)
    idle = roster.volunteer(REPAIR)
    idle.put("/help/mine", {"asked": True})
    assert roster.coordinator.post(f"/sessions/{short}/help", {"wanted": 1}).status_code == 201
    ask = idle.get("/help/mine").json["items"][0]
    assert idle.post(f"/help/{ask['id']}/join").status_code == 201


def certify_and_revoke(roster: Roster, person_id: str) -> None:
    """Issue a record of somebody's hours, and say afterwards that it does not hold."""
    details = {"organiser": "中心", "responsible": "周慧", "handler": "吴佳琪", "contact": "前台"}
    days = {"first": DAY.date().isoformat(), "last": DAY.date().isoformat()}
    asked = {**days, "people": [{"person_id": person_id, "name": "许诺"}], "details": details}
    made = roster.coordinator.post("/records", asked)
    assert made.status_code == 201, made.json
    record = f"/records/{made.json['items'][0]['record_id']}"
    assert roster.coordinator.post(f"{record}/revoke", {"reason": "名字写错了"}).status_code == 200


def live_through_everything(roster: Roster) -> None:
    """Accept, move, drop, come, leave, forget to leave, stay away, cancel; skills come and go."""
    session_id = roster.publish(entry(at_most=4), entry((2, 4), skill=None, position=1))
    people = [roster.volunteer(REPAIR) for _ in range(4)]
    taken = [roster.take(who, roster.shifts(session_id)[0]) for who in people]
    roster.change(session_id, entry((0, 1.5), at_most=4), entry((2, 4), skill=None, position=1))
    people[0].post(f"/assignments/{taken[0]['id']}/drop")
    roster.at(0)
    for one in taken[1:3]:
        roster.coordinator.post(f"/assignments/{one['id']}/check-in")
    roster.coordinator.post(f"/assignments/{taken[3]['id']}/absent")
    roster.at(1)
    roster.coordinator.post(f"/assignments/{taken[1]['id']}/check-out")
    roster.take(people[0], roster.shifts(session_id)[1])
    roster.cancel(session_id)
    roster.at(3)
    close_all_forgotten(roster.service.database)
    object_and_correct(roster, people[1], taken[1]["id"])
    skills = f"/volunteers/{people[0].person.id}/skills"
    for held in ([REPAIR, "electrical_safety"], [REPAIR]):
        assert roster.coordinator.put(skills, {"skills": held}).status_code == 200
    ahead = roster.publish(entry(day=DAY + timedelta(days=2)), day=DAY + timedelta(days=2))
    asked = f"/shifts/{roster.shifts(ahead)[0]['id']}/offers"
    offer = roster.coordinator.post(asked, {"person_id": people[1].person.id}).json
    assert people[1].post(f"/offers/{offer['id']}/decline").status_code == 200
    call_for_help(roster)
    certify_and_revoke(roster, people[1].person.id)
    people[1].get("/hours/mine")


def object_and_correct(roster: Roster, volunteer: ApiClient, assignment_id: str) -> None:
    """Object to the hours of an assignment; somebody decides and corrects them."""
    stands = volunteer.get(f"/hours/{assignment_id}").json
    said = {"words": "少了", "seen": stands["version"]}
    raised = volunteer.post(f"/assignments/{assignment_id}/objections", said).json
    right = {"checked_in_at": stands["checked_in_at"], "checked_out_at": stands["shift_ends_at"]}
    decision = {"upheld": True, "answer": "是少了", "right": right}
    decided = roster.coordinator.post(f"/objections/{raised['id']}/decision", decision)
    assert decided.status_code == 200, decided.json
