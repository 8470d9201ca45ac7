"""Closing a month races what comes late, on both databases, with negative controls."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.roster.models import Assignment
from services.roster.models.hours import RECORDED
from services.roster.models.period import month_of
from services.roster.use_cases import absences
from services.roster.use_cases.absences import set_absence
from services.roster.use_cases.ledger import Line, write_entry
from shared.ids import new_id
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry
from tests.integration.roster.serving import AFTER, MONTH, moment, serve, step
from tests.integration.roster.test_races import at_once
from tests.support.clients import ApiClient

HELD = 1.5  # seconds; the database lets nobody wait for a lock longer than three


def ready_to_close(roster: Roster) -> tuple[ApiClient, str]:
    """A month that two people have looked at, and somebody in it who is marked absent."""
    serve(roster)
    day = DAY + timedelta(days=2)
    session_id = roster.publish(entry(day=day), day=day)
    roster.clock.set(day - timedelta(hours=5))
    absent = roster.take(roster.volunteer(REPAIR), roster.shifts(session_id)[0])["id"]
    roster.clock.set(day + timedelta(hours=3))
    assert roster.coordinator.post(f"/assignments/{absent}/absent").status_code == 200
    roster.at(AFTER)
    other = roster.client(roster.new("coordinator"))
    assert step(roster.coordinator, "check").status_code == 200
    assert step(other, "cross_check").status_code == 200
    return other, absent


def write_late(session: Session, assignment_id: str) -> None:
    """Write what a check-out would write, on a path that asks nobody."""
    row = session.get_one(Assignment, assignment_id)
    line = Line(RECORDED, row.starts_at, row.ends_at, "somebody")
    write_entry(session, row, line, trial=False)


def closed_as(roster: Roster) -> tuple[str, int | None, int]:
    """Return the month's state, the minutes it was closed with, and those of the ledger now."""
    found = roster.coordinator.get(f"/periods/{MONTH}").json
    return found["period"]["state"], found["period"]["closed_minutes"], found["figures"]["minutes"]


def without_the_trigger(roster: Roster) -> None:
    on = " ON hours_entry" if roster.service.database.dialect == "postgresql" else ""
    with roster.service.database.transaction() as session:
        session.execute(text(f"DROP TRIGGER hours_entry_closed{on}"))


def close_while_an_entry_is_on_its_way(roster: Roster) -> Any:
    """Write an entry and hold it back while somebody closes; return what closing said."""
    other, absent = ready_to_close(roster)
    with ThreadPoolExecutor(1) as pool:
        with roster.service.database.transaction() as session:
            write_late(session, absent)
            closing = pool.submit(step, other, "close")
            waited = not wait([closing], HELD).done
        return closing.result(), waited


def test_closing_waits_for_an_entry_on_its_way_and_sees_it(roster: Roster) -> None:
    closing, waited = close_while_an_entry_is_on_its_way(roster)

    assert waited
    assert code(closing) == (409, "changed_since")
    assert closed_as(roster) == ("crossed", None, 240)


def test_without_the_trigger_a_month_is_closed_with_other_figures(roster: Roster) -> None:
    without_the_trigger(roster)
    if roster.service.database.dialect == "postgresql":
        closing, waited = close_while_an_entry_is_on_its_way(roster)
        assert not waited
    else:  # one writer at a time: what comes late comes after
        other, absent = ready_to_close(roster)
        closing = step(other, "close")
        with roster.service.database.transaction() as session:
            write_late(session, absent)

    assert closing.status_code == 200
    assert closed_as(roster) == ("closed", 120, 240)


def close_while_an_absence_is_on_its_way(roster: Roster) -> tuple[Any, bool]:
    """Give an absence a reason and hold it back while somebody closes; return what closing said."""
    other, absent = ready_to_close(roster)
    actor = new_id()
    with ThreadPoolExecutor(1) as pool:
        with roster.service.database.transaction() as session:
            set_absence(session, absent, excused=True, reason="病假", actor=actor)
            closing = pool.submit(step, other, "close")
            waited = not wait([closing], HELD).done
        return closing.result(), waited


def test_closing_waits_for_an_absence_on_its_way_and_for_the_time_to_object_to_it(
    roster: Roster,
) -> None:
    closing, waited = close_while_an_absence_is_on_its_way(roster)

    assert waited
    assert code(closing) == (409, "points_open")


def without_the_guards_of_absences(roster: Roster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the triggers away, and let the use case look without a lock."""
    on = " ON absence" if roster.service.database.dialect == "postgresql" else ""
    with roster.service.database.transaction() as session:
        for verb in ("insert", "update"):
            session.execute(text(f"DROP TRIGGER absence_closed_{verb}{on}"))
    monkeypatch.setattr(absences, "hold_open", lambda session, day: month_of(day))


def test_without_its_guards_an_absence_changes_in_a_month_that_is_closed(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_the_guards_of_absences(roster, monkeypatch)
    if roster.service.database.dialect == "postgresql":
        closing, waited = close_while_an_absence_is_on_its_way(roster)
        assert not waited
        assert closing.status_code == 200
    else:
        other, absent = ready_to_close(roster)
        closing = step(other, "close")
        late = roster.coordinator.put(f"/assignments/{absent}/absence", {"excused": True})
        assert (closing.status_code, late.status_code) == (200, 200)


def test_two_coordinators_cross_check_at_once_and_one_does(roster: Roster) -> None:
    serve(roster)
    roster.at(AFTER)
    step(roster.coordinator, "check")
    others = [roster.client(roster.new("coordinator")) for _ in range(2)]

    statuses = at_once(*(lambda who=who: step(who, "cross_check") for who in others))

    assert statuses == [200, 409]


def test_two_corrections_at_once_leave_one_entry_each_seen(roster: Roster) -> None:
    _, id = serve(roster)
    body = {
        "checked_in_at": moment(0),
        "checked_out_at": moment(1),
        "reason": "签退写错了",
        "seen": 1,
    }
    others = [roster.client(roster.new("coordinator")) for _ in range(2)]

    statuses = at_once(
        *(lambda who=who: who.post(f"/hours/{id}/corrections", body) for who in others)
    )

    assert statuses == [201, 412]
    assert len(others[0].get(f"/hours/{id}").json["entries"]) == 2


def test_two_coordinators_decide_at_once_and_one_decision_stands(roster: Roster) -> None:
    volunteer, id = serve(roster)
    raised = volunteer.post(f"/assignments/{id}/objections", {"words": "少了", "seen": 1}).json
    path = f"/objections/{raised['id']}/decision"
    others = [roster.client(roster.new("coordinator")) for _ in range(2)]

    statuses = at_once(
        lambda: others[0].post(path, {"upheld": False, "answer": "没有错"}),
        lambda: others[1].post(
            path,
            {
                "upheld": True,
                "answer": "是少了",
                "right": {"checked_in_at": moment(0), "checked_out_at": moment(2.5)},
            },
        ),
    )

    shown = volunteer.get(f"/hours/{id}").json
    assert statuses == [200, 409]
    assert (len(shown["entries"]) == 2) is (shown["objections"][0]["state"] == "upheld")
