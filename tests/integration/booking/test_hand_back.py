"""A mains device goes home only with a safety test that passed, on both databases."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from services.booking.models.hand_back import HandBack
from services.booking.models.ticket import Ticket
from tests.integration.booking.bench import (
    FAILING,
    LAMP,
    MISC,
    PASSING,
    PHONE,
    done,
    give,
    grant,
    measure,
    skilled,
    started,
    told_of,
)
from tests.integration.booking.line import helper, today
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_a_mains_device_without_a_test_stays(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = done(told, desk)

    refused = give(desk, id)
    unsafe = give(desk, id, disabled=True, acknowledged_by="张三")

    assert (refused.status_code, refused.json["code"]) == (409, "not_tested")
    assert (unsafe.status_code, unsafe.json["code"]) == (409, "not_failed")
    assert told_of(booking, "ticket.handed_back.v1") == []


def test_a_device_that_passed_goes_home(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk)
    measure(desk, id)

    gone = give(desk, id)

    assert (gone.status_code, gone.json["care"], gone.json["handed_back"]) == (
        200, "handed_back", "tested",
    )  # fmt: skip
    event = told_of(booking, "ticket.handed_back.v1")[0]
    assert (event["handed_back"], event["safety"], event["power"]) == ("tested", "passed", "mains")
    shown = desk.get(f"/tickets/{id}").json
    assert (shown["hand_back"]["how"], shown["hand_back"]["by"]) == ("tested", desk.person.id)


def test_a_battery_device_needs_no_test(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)

    gone = give(desk, done(told, desk, PHONE))

    assert (gone.status_code, gone.json["handed_back"]) == (200, "no_test")


def test_nothing_goes_home_before_its_outcome(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = started(told, desk)
    measure(desk, id)

    refused = give(desk, id)

    assert (refused.status_code, refused.json["code"]) == (409, "device_not_in_state")


def test_a_device_of_no_telling_kind_is_looked_at_first(booking: Service) -> None:
    told = today(booking)
    desk, staff = helper(told), booking.as_("coordinator")
    id = done(told, desk, MISC)

    unknown = give(desk, id)
    too_easy = desk.put(f"/tickets/{id}/power", {"power": "battery"})
    staff.put(f"/tickets/{id}/power", {"power": "battery"})

    assert (unknown.status_code, unknown.json["code"]) == (409, "power_unknown")
    assert (too_easy.status_code, too_easy.json["code"]) == (403, "not_a_judge")
    assert give(desk, id).json["handed_back"] == "no_test"


def test_a_device_that_failed_leaves_only_disabled_and_acknowledged(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk, status="Repairable")
    measure(desk, id, FAILING)

    plain, nameless = give(desk, id), give(desk, id, disabled=True, acknowledged_by="  ")
    gone = give(desk, id, disabled=True, acknowledged_by="欧阳·娜")

    assert (plain.status_code, plain.json["code"]) == (409, "test_failed")
    assert nameless.status_code == 422
    assert nameless.json["errors"][0]["pointer"] == "#/acknowledged_by"
    assert (gone.status_code, gone.json["handed_back"]) == (200, "disabled")
    assert desk.get(f"/tickets/{id}").json["hand_back"]["acknowledged_by"] == "欧阳·娜"
    assert "欧阳" not in str(told_of(booking, "ticket.handed_back.v1"))


def test_the_last_test_counts_and_all_are_kept(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk)

    for readings in (PASSING, FAILING):
        measure(desk, id, readings)
    after_failing = give(desk, id).json["code"]
    measure(desk, id)
    after_passing = give(desk, id).status_code

    assert (after_failing, after_passing) == ("test_failed", 200)
    tests = desk.get(f"/tickets/{id}").json["tests"]
    assert [(test["number"], test["passed"]) for test in tests] == [
        (3, True), (2, False), (1, True),
    ]  # fmt: skip


def test_new_work_takes_the_test_away_and_a_slip_does_not(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk)
    measure(desk, id)

    slip = desk.post(f"/tickets/{id}/reopen").json["safety"]
    desk.post(f"/tickets/{id}/close", {"status": "Fixed"})
    with booking.database.transaction() as session:
        session.execute(update(Ticket).values(closed_at=text(long_ago(booking))))
    again = desk.post(f"/tickets/{id}/reopen").json["safety"]
    desk.post(f"/tickets/{id}/close", {"status": "Fixed"})

    assert (slip, again) == ("passed", None)
    assert give(desk, id).json["code"] == "not_tested"


def long_ago(booking: Service) -> str:
    if booking.database.dialect == "sqlite":
        return "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', '-6 minutes')"
    return "now() - interval '6 minutes'"


def test_a_wrong_tap_is_undone_and_kept(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = done(told, desk, PHONE)
    give(desk, id)

    twice, reopened = give(desk, id), desk.post(f"/tickets/{id}/reopen")
    undone = desk.post(f"/tickets/{id}/take-back")
    nothing = desk.post(f"/tickets/{id}/take-back")

    assert {twice.json["code"], reopened.json["code"]} == {"device_handed_back"}
    assert (undone.json["care"], nothing.json["code"]) == ("ready", "not_handed_back")
    assert [one["handed_back"] for one in told_of(booking, "ticket.handed_back.v1")] == [
        "no_test", None,
    ]  # fmt: skip
    assert give(desk, id).status_code == 200
    with booking.database.reading() as session:
        kept = session.scalars(select(HandBack).order_by(HandBack.recorded_at)).all()
    assert [row.undone_by for row in kept] == [desk.person.id, None]


def test_a_corrected_category_takes_no_safety_test_away(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = started(told, desk, category_id=LAMP)

    desk.post(f"/tickets/{id}/close", {"status": "Fixed", "category_id": PHONE})

    assert give(desk, id).json["code"] == "not_tested"


def test_saying_that_it_is_no_mains_device_takes_a_judge(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    id = done(told, desk)
    path = f"/tickets/{id}/power"

    refused = desk.put(path, {"power": "battery"})
    grant(booking, desk.person.id, "electrical_safety")
    allowed = desk.put(path, {"power": "battery"})
    back = desk.put(path, {"power": "mains"})

    assert (refused.status_code, allowed.json["care"], back.json["care"]) == (403, "ready", "test")


def test_strangers_find_no_device(booking: Service) -> None:
    told = today(booking)
    id = done(told, helper(told))
    other = booking.as_("volunteer")

    answers = [
        give(other, id), measure(other, id), other.get(f"/tickets/{id}"),
        other.post(f"/tickets/{id}/take-back"), other.put(f"/tickets/{id}/power", {"power": "mains"}),
        other.post(f"/tickets/{id}/parts", {"name": "保险丝", "source": "centre"}),
        other.put(f"/tickets/{id}/work", {"findings": [], "actions": []}, if_match=1),
    ]  # fmt: skip

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(
    "values",
    [
        {"handed_back": "tested"},
        {"handed_back": "no_test"},
        {"handed_back": "no_test", "supply": "mains"},
        {"handed_back": "disabled"},
        {"handed_back": "tested", "safety": "failed"},
    ],
)
def test_the_database_itself_keeps_an_unsafe_device_here(
    booking: Service, values: dict[str, str]
) -> None:
    told = today(booking)
    id = done(told, helper(told))

    with pytest.raises(IntegrityError), booking.database.transaction() as session:
        session.execute(
            update(Ticket).where(Ticket.id == id).values(**values, handed_back_at=Ticket.closed_at)
        )


def test_a_hand_back_cannot_claim_another_devices_test(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    passed, failed = done(told, desk), done(told, desk)
    test = measure(desk, passed).json["id"]
    bad = measure(desk, failed, FAILING).json["id"]

    for id in (test, bad):
        with pytest.raises(IntegrityError):
            claim(booking, failed, id)


def claim(booking: Service, ticket_id: str, test_id: str) -> None:
    """Write a hand-back that says this test of this device was passed."""
    with booking.database.transaction() as session:
        at = session.get_one(Ticket, ticket_id).closed_at
        values = {"how": "tested", "safety_test_id": test_id, "test_passed": True, "by": "x"}
        session.add(
            HandBack(id="h", ticket_id=ticket_id, handed_back_at=at, recorded_at=at, **values)
        )


def test_an_erased_person_signs_nothing_any_more(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk)
    measure(desk, id, FAILING)
    give(desk, id, disabled=True, acknowledged_by="李四")
    owner = "0b9c4d1e-5f60-4a7b-8c9d-0000000000aa"
    with booking.database.transaction() as session:
        session.execute(update(Ticket).values(person_id=owner))

    booking.deliver("person.erased.v1", owner, 9, {"person_id": owner})

    assert desk.get(f"/tickets/{id}").json["hand_back"]["acknowledged_by"] == ""
