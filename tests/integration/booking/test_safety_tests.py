"""Safety tests: who may make one, what is kept, what the database refuses, limits by version; both databases."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from services.booking.models.safety import SafetyTest
from services.booking.models.ticket import Ticket
from services.booking.use_cases import hand_back as hand_backs
from services.booking.use_cases import ticket_rules
from tests.integration.booking.bench import (
    FAILING,
    PASSING,
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

STRICT = {
    "I": {"earth_ohm": 0.1, "insulation_mohm": 2.0, "leakage_ma": 0.75},
    "II": {"insulation_mohm": 7.0, "leakage_ma": 0.25},
    "III": {"insulation_mohm": 1.0},
    "source": "GB 4706.1 / GB/T 3787",
}


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_only_who_has_the_skill_tests(booking: Service) -> None:
    told = today(booking)
    desk, staff = helper(told), booking.as_("coordinator")
    id = done(told, desk)

    answers = [measure(desk, id), measure(staff, id)]
    grant(booking, desk.person.id, "electrical_safety")
    allowed = measure(desk, id)
    grant(booking, desk.person.id, "reception", version=2)
    revoked = measure(desk, id)

    assert [(one.status_code, one.json["code"]) for one in (*answers, revoked)] == [
        (403, "not_a_tester"),
    ] * 3  # fmt: skip
    assert allowed.status_code == 201


def test_staff_write_down_what_a_tester_of_this_session_measured(booking: Service) -> None:
    told = today(booking)
    tester, staff, elsewhere = skilled(told), booking.as_("coordinator"), skilled(today(booking))
    id = done(told, tester)

    written = measure(staff, id, tester_id=tester.person.id)
    stranger = measure(staff, id, tester_id=elsewhere.person.id)
    for_another = measure(tester, id, tester_id=elsewhere.person.id)

    assert (written.status_code, written.json["tester_id"]) == (201, tester.person.id)
    assert (stranger.status_code, for_another.status_code) == (403, 403)


def test_pass_or_fail_is_computed_and_cannot_be_typed(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk)

    typed = measure(desk, id, FAILING | {"passed": True})
    failed = measure(desk, id, FAILING)
    passed = measure(desk, id)

    assert (typed.status_code, typed.json["errors"][0]["pointer"]) == (422, "#/passed")
    assert (failed.json["passed"], failed.json["failed"]) == (False, ["earth"])
    assert (passed.json["passed"], passed.json["earth_limit"], passed.json["number"]) == (
        True, 0.3, 2,
    )  # fmt: skip
    assert [one["safety"] for one in told_of(booking, "ticket.tested.v1")] == ["failed", "passed"]


def test_missing_readings_are_asked_for_unless_one_failed(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk)

    asked = measure(desk, id, earth_ohm=None, leakage_ma=None)
    stopped = measure(desk, id, visual_ok=False, earth_ohm=None, leakage_ma=None)

    assert asked.status_code == 422
    assert {one["pointer"] for one in asked.json["errors"]} == {"#/earth_ohm", "#/leakage_ma"}
    assert (stopped.status_code, stopped.json["failed"]) == (201, ["visual"])


@pytest.mark.parametrize("reading", [-0.1, 10_001, "NaN", "Infinity", "一", True])
def test_a_reading_is_a_number_of_an_instrument(
    new_service: Callable[..., Service], reading: object
) -> None:
    booking = new_service("booking")
    told = today(booking)
    desk = skilled(told)

    refused = measure(desk, done(told, desk), leakage_ma=reading)

    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/leakage_ma")


def test_a_device_is_tested_at_the_bench_or_after_but_not_before(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = started(told, desk)

    at_bench = measure(desk, id)
    desk.post(f"/tickets/{id}/reopen")
    before = measure(desk, id)

    assert at_bench.status_code == 201
    assert (before.status_code, before.json["code"]) == (409, "device_not_in_state")
    assert desk.get(f"/tickets/{id}").json["safety"] is None


def test_the_same_key_records_one_test(booking: Service) -> None:
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk)

    first, again = (desk.post(f"/tickets/{id}/safety-tests", PASSING, key="t") for _ in range(2))

    assert first.json == again.json
    assert len(desk.get(f"/tickets/{id}").json["tests"]) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"visual_ok": False},
        {"polarity": "wrong"},
        {"polarity": "not_polarised"},
        {"earth_ohm": 0.31},
        {"earth_ohm": None},
        {"insulation_mohm": 0.9},
        {"insulation_mohm": None},
        {"leakage_ma": 3.6},
        {"leakage_ma": None},
        {"limits_version": 99},
    ],
)
def test_the_database_refuses_a_pass_that_was_not_measured(
    booking: Service, values: dict[str, object]
) -> None:
    told = today(booking)
    desk = skilled(told)
    measure(desk, done(told, desk))

    with pytest.raises(IntegrityError), booking.database.transaction() as session:
        session.execute(update(SafetyTest).values(**values))


def test_limits_change_by_a_new_version_and_old_tests_keep_theirs(booking: Service) -> None:
    told = today(booking)
    desk, staff = skilled(told), booking.as_("coordinator")
    id = done(told, desk)
    measure(desk, id)

    shown = desk.get("/safety-limits")
    changed = staff.put("/safety-limits", STRICT, if_match=shown.headers["ETag"])
    late = staff.put("/safety-limits", STRICT, if_match=shown.headers["ETag"])
    again = measure(desk, id)

    assert shown.json["items"][0]["classes"]["I"] == {
        "earth_ohm": 0.3, "insulation_mohm": 1.0, "leakage_ma": 3.5,
    }  # fmt: skip
    assert "EN 50678" in shown.json["items"][0]["source"]
    assert (changed.status_code, changed.json["version"], late.status_code) == (200, 2, 412)
    assert (again.json["passed"], again.json["failed"]) == (False, ["earth"])
    tests = desk.get(f"/tickets/{id}").json["tests"]
    assert [(one["limits_version"], one["passed"]) for one in tests] == [(2, False), (1, True)]
    assert [one["version"] for one in desk.get("/safety-limits").json["items"]] == [2, 1]


def test_limits_that_measure_nothing_are_refused(booking: Service) -> None:
    staff = booking.as_("coordinator")
    no_earth = STRICT | {"I": {"insulation_mohm": 2.0, "leakage_ma": 0.75}}
    no_source = STRICT | {"source": " "}
    wild = STRICT | {"II": {"insulation_mohm": 7.0, "leakage_ma": 99}}

    answers = [
        staff.put("/safety-limits", body, if_match=1) for body in (no_earth, no_source, wild)
    ]

    assert [(one.status_code, one.json["errors"][0]["pointer"]) for one in answers] == [
        (422, "#/I/earth_ohm"), (422, "#/source"), (422, "#/II/leakage_ma"),
    ]  # fmt: skip
    assert booking.as_("volunteer").put("/safety-limits", STRICT, if_match=1).status_code == 403


def hand_back_while_failing(booking: Service, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Record a failing test in the moment between looking at a device and giving it away."""
    told = today(booking)
    desk = skilled(told)
    id = done(told, desk)
    measure(desk, id)
    looked, begun = threading.Event(), threading.Event()
    judged = hand_backs.way_home

    def slowly(ticket: Ticket, taking: hand_backs.Taking) -> str:
        how = judged(ticket, taking)
        looked.set()
        begun.wait(5)
        return how

    monkeypatch.setattr(hand_backs, "way_home", slowly)
    giving = threading.Thread(target=give, args=(desk, id))
    giving.start()
    looked.wait(10)
    failing = threading.Thread(target=measure, args=(desk, id, FAILING))
    failing.start()
    failing.join(1.5)
    begun.set()
    giving.join()
    failing.join()
    with booking.database.reading() as session:
        row = session.scalars(select(Ticket).where(Ticket.id == id)).one()
        newest = session.scalars(
            select(SafetyTest.passed)
            .where(SafetyTest.ticket_id == id)
            .order_by(SafetyTest.number.desc())
        ).first()
    return row.handed_back if not newest else None


def test_a_failing_test_and_a_hand_back_queue_up(
    booking: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hand_back_while_failing(booking, monkeypatch) is None


def test_without_the_lock_and_the_checks_it_would_go_home(
    new_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: nobody queues up, and the database does not mind."""
    booking = new_service("booking", "postgresql")
    monkeypatch.setattr(ticket_rules.visits, "locked", ticket_rules.visits.one)
    with booking.database.transaction() as session:
        for table, check in (("ticket", "handed_back"), ("hand_back", "test")):
            session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{check}"))

    assert hand_back_while_failing(booking, monkeypatch) == "tested"


def test_without_the_lock_the_database_still_keeps_it_here(
    new_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = new_service("booking", "postgresql")
    monkeypatch.setattr(ticket_rules.visits, "locked", ticket_rules.visits.one)

    assert hand_back_while_failing(booking, monkeypatch) is None


def test_the_instrument_of_the_session_is_offered_again(booking: Service) -> None:
    told = today(booking)
    tester, staff = skilled(told), booking.as_("coordinator")
    first, second = done(told, tester), done(told, tester)

    before = staff.get(f"/tickets/{first}").json["instrument"]
    measure(tester, first)
    after = staff.get(f"/tickets/{second}").json["instrument"]

    assert (before, after) == (None, {"name": "Benning ST 725", "serial": "4711"})
