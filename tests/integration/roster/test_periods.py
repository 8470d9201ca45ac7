"""Months and quarters: checked, cross-checked by somebody else, closed; then only corrections."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.roster.app import close_all_forgotten
from services.roster.errors import PeriodClosed
from services.roster.models import Absence, Assignment, Period
from services.roster.models.hours import BY_RULE, PUT_RIGHT, RECORDED
from services.roster.use_cases.ledger import Line, write_entry
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry
from tests.integration.roster.serving import (
    AFTER,
    MONTH,
    QUARTER,
    close_month,
    correction,
    moment,
    serve,
    step,
    sums,
)


def review(roster: Roster, name: str = MONTH) -> dict[str, Any]:
    answer = roster.coordinator.get(f"/periods/{name}")
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def points(found: dict[str, Any], kind: str = "open") -> dict[str, int]:
    return {one["code"]: one["count"] for one in found[kind]}


def test_a_month_is_checked_by_two_people_and_closed(roster: Roster) -> None:
    serve(roster)
    other = roster.client(roster.new("coordinator"))
    early = step(roster.coordinator, "check")
    roster.at(AFTER)

    too_soon = step(other, "cross_check")
    checked = step(roster.coordinator, "check", note="都对过登记本了")
    same = step(roster.coordinator, "cross_check")
    not_yet = step(roster.coordinator, "close")
    crossed = step(other, "cross_check")
    closed = step(other, "close")

    assert code(early) == (409, "period_not_over")
    assert code(too_soon) == (409, "another_step")
    assert code(same) == (409, "same_person")
    assert code(not_yet) == (409, "another_step")
    states = [one.json["period"]["state"] for one in (checked, crossed, closed)]
    assert states == ["checked", "crossed", "closed"]
    shown = closed.json
    assert (shown["period"]["closed_minutes"], shown["period"]["closed_people"]) == (120, 1)
    assert [(one["act"], one["note"]) for one in shown["acts"]] == [
        ("check", "都对过登记本了"),
        ("cross_check", ""),
        ("close", ""),
    ]


def test_the_database_refuses_one_person_for_both_checks(roster: Roster) -> None:
    serve(roster)
    roster.at(AFTER)
    step(roster.coordinator, "check")

    same = {"state": "crossed", "crossed_by": Period.checked_by, "crossed_at": Period.checked_at}
    with (
        pytest.raises(Exception, match="not_the_same"),
        roster.service.database.transaction() as session,
    ):
        session.execute(update(Period).where(Period.name == MONTH).values(same))


def test_a_closed_month_is_never_opened_again(roster: Roster) -> None:
    serve(roster)
    roster.at(AFTER)
    close_month(roster)

    assert code(step(roster.coordinator, "send_back")) == (409, "another_step")
    open_again = {"state": "open", "checked_by": None, "crossed_by": None, "closed_by": None}
    with (
        pytest.raises(Exception, match="hours_period_closed"),
        roster.service.database.transaction() as session,
    ):
        session.execute(update(Period).where(Period.name == MONTH).values(open_again))


def test_what_is_open_stands_in_the_way_and_is_named(roster: Roster) -> None:
    volunteer, id = serve(roster)
    serve(roster, left=None, day=DAY + timedelta(days=1))
    close_all_forgotten(roster.service.database)
    roster.clock.set(DAY + timedelta(days=1, hours=12))
    close_all_forgotten(roster.service.database)
    volunteer.post(f"/assignments/{id}/objections", {"words": "少了半小时", "seen": 1})
    expected_day = DAY + timedelta(days=2)
    session_id = roster.publish(entry(day=expected_day), day=expected_day)
    roster.take(roster.volunteer(REPAIR), roster.shifts(session_id)[0])
    roster.at(AFTER)

    refused = step(roster.coordinator, "check")

    assert code(refused) == (409, "points_open")
    assert refused.json["detail"] == (
        "还有没处理完的：1 人来没来还没有记；1 条忘记签退还没核实；1 条异议没有处理。"
    )
    assert points(review(roster)) == {"unmarked": 1, "forgotten": 1, "objections": 1}


def test_a_month_waits_for_the_time_to_object(roster: Roster) -> None:
    last_day = datetime(2026, 12, 30, 6, tzinfo=UTC)
    serve(roster, day=last_day)
    roster.clock.set(datetime(2027, 1, 2, tzinfo=UTC))
    other = roster.client(roster.new("coordinator"))
    step(roster.coordinator, "check")
    step(other, "cross_check")

    refused = step(other, "close")
    until = next(one["until"] for one in review(roster)["open"])
    roster.clock.set(datetime(2027, 1, 6, 16, tzinfo=UTC))
    closed = step(other, "close")

    assert code(refused) == (409, "points_open")
    assert until == "2027-01-06T16:00:00Z"
    assert closed.status_code == 200


def test_minutes_that_count_twice_are_found(roster: Roster) -> None:
    volunteer, first = serve(roster, 0, 2.75)
    session_id = roster.publish(entry((2, 4)))
    roster.clock.set(DAY - timedelta(hours=3))
    second = roster.take(volunteer, roster.shifts(session_id)[0])["id"]
    roster.at(5)
    for act, at in (("check-in", 1.5), ("check-out", 4)):
        roster.coordinator.post(f"/assignments/{second}/{act}", {"occurred_at": moment(at)})
    roster.at(AFTER)

    found = review(roster)
    twice = roster.coordinator.get("/hours", show="double", month=MONTH).json["items"]
    right = correction(roster, first, checked_out_at=moment(1.5), reason="去了另一个班次")
    roster.coordinator.post(f"/hours/{first}/corrections", right)

    assert points(found)["double"] == 2
    assert {one["assignment_id"] for one in twice} == {first, second}
    assert "double" not in points(review(roster))


def test_what_is_unusual_is_pointed_out_and_stands_in_no_way(roster: Roster) -> None:
    serve(roster, 0, 0.1)
    serve(roster, -1, 3.5, day=DAY + timedelta(days=1))
    serve(roster, 2.5, 4, day=DAY + timedelta(days=2))
    roster.at(AFTER)

    found = review(roster)

    assert points(found, "look") == {"short": 1, "long": 1, "outside": 1}
    assert points(found) == {}
    assert len(roster.coordinator.get("/hours", show="long").json["items"]) == 1


def test_what_changed_after_the_check_is_looked_at_again(roster: Roster) -> None:
    _, id = serve(roster)
    roster.at(AFTER)
    other = roster.client(roster.new("coordinator"))
    step(roster.coordinator, "check")
    other.post(f"/hours/{id}/corrections", correction(roster, id))

    refused = step(other, "cross_check")
    step(roster.coordinator, "check")
    crossed = step(other, "cross_check")

    assert code(refused) == (409, "changed_since")
    assert crossed.status_code == 200
    third = roster.client(roster.new("coordinator"))
    third.post(f"/hours/{id}/corrections", correction(roster, id, reason="还是不对"))
    assert code(step(other, "close")) == (409, "changed_since")
    assert review(roster)["more_since"] == 1


def test_a_cross_check_sends_back_with_a_note(roster: Roster) -> None:
    serve(roster)
    roster.at(AFTER)
    other = roster.client(roster.new("coordinator"))
    step(roster.coordinator, "check")

    back = step(other, "send_back", note="3 号那场少了一个人")

    assert back.json["period"]["state"] == "open"
    assert back.json["acts"][-1]["note"] == "3 号那场少了一个人"
    assert step(roster.coordinator, "check").status_code == 200


def closed_month_with_loose_ends(roster: Roster) -> tuple[str, str]:
    """A closed month; one assignment was checked out by rule and confirmed, one was never marked."""
    _, forgotten = serve(roster, left=None)
    roster.at(6)
    close_all_forgotten(roster.service.database)
    same = correction(roster, forgotten, checked_out_at=moment(2), reason="问过本人，没错")
    assert roster.coordinator.post(f"/hours/{forgotten}/corrections", same).status_code == 201
    session_id = roster.publish(entry(day=DAY + timedelta(days=3)), day=DAY + timedelta(days=3))
    absent = roster.take(roster.volunteer(REPAIR), roster.shifts(session_id)[0])["id"]
    roster.at(24 * 3 + 3)
    roster.coordinator.post(f"/assignments/{absent}/absent")
    roster.at(AFTER)
    close_month(roster)
    return forgotten, absent


def test_a_closed_month_takes_nothing_but_corrections(roster: Roster) -> None:
    forgotten, absent = closed_month_with_loose_ends(roster)
    late = DAY + timedelta(days=3)

    came = roster.coordinator.post(
        f"/assignments/{absent}/check-in", {"occurred_at": moment(0, late)}
    )
    right = roster.coordinator.post(
        f"/assignments/{forgotten}/check-out", {"occurred_at": moment(1)}
    )
    excused = roster.coordinator.put(f"/assignments/{absent}/absence", {"excused": True})
    corrected = roster.coordinator.post(
        f"/hours/{forgotten}/corrections", correction(roster, forgotten)
    )
    was_there = correction(
        roster, absent, checked_in_at=moment(0, late), checked_out_at=moment(1, late)
    )
    given = roster.coordinator.post(f"/hours/{absent}/corrections", was_there)

    assert code(came) == (409, "period_closed")
    assert code(right) == (409, "already_checked_out")
    assert code(excused) == (409, "period_closed")
    assert (corrected.status_code, given.status_code) == (201, 201)
    found = review(roster)
    assert found["period"]["closed_minutes"] == 120
    assert (found["figures"]["minutes"], found["figures"]["after_closing"]) == (120, 2)
    assert sums(roster) == (120, 120)


def test_the_database_refuses_everything_else_on_paths_that_ask_nobody(roster: Roster) -> None:
    """A check-out that comes late, one put right, an absence: each past the use case's own look."""
    forgotten, absent = closed_month_with_loose_ends(roster)
    for kind in (RECORDED, BY_RULE, PUT_RIGHT):
        with pytest.raises(PeriodClosed):
            write_past_the_use_case(roster, forgotten, kind)
    with (
        pytest.raises(Exception, match="hours_period_closed"),
        roster.service.database.transaction() as session,
    ):
        session.execute(update(Absence).where(Absence.assignment_id == absent).values(excused=True))


def write_past_the_use_case(roster: Roster, assignment_id: str, kind: str) -> None:
    with roster.service.database.transaction() as session:
        row = session.get_one(Assignment, assignment_id)
        line = Line(kind, row.starts_at, row.ends_at, "somebody")
        write_entry(session, row, line, trial=False)


def test_a_quarter_is_closed_over_its_months(roster: Roster) -> None:
    november = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    serve(roster)
    roster.clock.set(november - timedelta(days=1))
    serve(roster, day=november)
    roster.at(AFTER)
    other = roster.client(roster.new("coordinator"))

    too_soon = step(roster.coordinator, "check", QUARTER)
    for month in ("2026-11", "2026-12"):
        close_month(roster, month)
    for client, act in ((roster.coordinator, "check"), (other, "cross_check"), (other, "close")):
        answer = step(client, act, QUARTER)
        assert answer.status_code == 200, answer.json

    assert code(too_soon) == (409, "points_open")
    assert too_soon.json["detail"] == "还有没处理完的：2 个月还没有关账。"
    assert answer.json["period"]["closed_minutes"] == 240
    assert [one["state"] for one in answer.json["months"]] == ["open", "closed", "closed"]


def test_a_month_without_anything_in_it_is_shut_by_its_quarter(roster: Roster) -> None:
    serve(roster)
    october = datetime(2026, 10, 12, 6, tzinfo=UTC)
    session_id = roster.publish(entry(day=october), day=october)
    roster.clock.set(october - timedelta(hours=5))
    roster.at(AFTER)
    close_month(roster)
    close_month(roster, QUARTER)
    shift = roster.shifts(session_id)[0]

    roster.clock.set(october - timedelta(hours=3))
    taken = roster.take(roster.volunteer(REPAIR), shift)
    roster.at(AFTER)
    late = roster.coordinator.post(
        f"/assignments/{taken['id']}/check-in", {"occurred_at": moment(0, october)}
    )

    assert code(late) == (409, "period_closed")


def test_what_is_no_month_is_not_found(roster: Roster) -> None:
    for name in ("2026-13", "2026-Q5", "nonsense", "2026-1"):
        assert roster.coordinator.get(f"/periods/{name}").status_code == 404
        assert step(roster.coordinator, "check", name).status_code == 404
    assert step(roster.coordinator, "burn").status_code == 404
