"""Races on the roster, on both databases, each with a negative control that turns its guard off."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, text, true, update

from services.roster.models import Assignment, Shift
from services.roster.models.assignment import LIVE
from tests.integration.roster.given import DAY, REPAIR, Roster, entry

ROUNDS = 8


def at_once(*acts: Callable[[], Any]) -> list[int]:
    """Run the acts at the same moment; return their HTTP statuses, sorted."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> int:
        ready.wait()
        status: int = act().status_code
        return status

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def live_on(roster: Roster, shift_id: str) -> int:
    with roster.service.database.reading() as session:
        statement = select(func.count()).where(
            Assignment.shift_id == shift_id, Assignment.state.in_(LIVE)
        )
        return session.execute(statement).scalar_one()


def accepted_on(roster: Roster, shift_id: str) -> int:
    with roster.service.database.reading() as session:
        return session.execute(select(Shift.accepted).where(Shift.id == shift_id)).scalar_one()


def widen_places(roster: Roster) -> None:
    """Take the CHECK out of the way: it bounds by ``places``."""
    with roster.service.database.transaction() as session:
        session.execute(update(Shift).values(places=99, accepted=Shift.accepted))


def race_for_the_last_place(roster: Roster, prepare: Callable[[], None]) -> list[int]:
    session_id = roster.publish(entry(at_most=1))
    shift_id = roster.shifts(session_id)[0]["id"]
    prepare()
    path = f"/shifts/{shift_id}/accept"
    clients = [roster.volunteer(REPAIR) for _ in range(2)]
    statuses = at_once(*(lambda who=who: who.post(path) for who in clients))
    assert accepted_on(roster, shift_id) == live_on(roster, shift_id)
    return statuses


def test_two_volunteers_take_the_last_place_and_one_gets_it(roster: Roster) -> None:
    for _ in range(ROUNDS):
        assert race_for_the_last_place(roster, lambda: None) == [201, 409]


def test_without_the_guard_both_get_the_last_place(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shift, "has_place", classmethod(lambda cls: true()))

    assert race_for_the_last_place(roster, lambda: widen_places(roster)) == [201, 201]


def test_without_the_guard_the_check_still_refuses_to_oversell(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shift, "has_place", classmethod(lambda cls: true()))

    assert race_for_the_last_place(roster, lambda: None) == [201, 500]


def race_for_two_overlapping_shifts(roster: Roster) -> list[int]:
    """One volunteer takes shifts of two sessions, which overlap, from two phones."""
    paths = []
    for hours in ((0, 2), (1, 3)):
        session_id = roster.publish(entry(hours))
        paths.append(f"/shifts/{roster.shifts(session_id)[0]['id']}/accept")
    volunteer = roster.volunteer(REPAIR)
    assert volunteer.person is not None
    phones = [roster.client(volunteer.person) for _ in paths]
    pairs = zip(phones, paths, strict=True)
    return at_once(*(lambda phone=phone, path=path: phone.post(path) for phone, path in pairs))


def test_one_volunteer_on_two_phones_gets_one_of_two_overlapping_shifts(roster: Roster) -> None:
    for _ in range(ROUNDS):
        assert race_for_two_overlapping_shifts(roster) == [201, 409]


def test_without_the_constraint_one_volunteer_gets_both(roster: Roster) -> None:
    database = roster.service.database
    off = (
        ["ALTER TABLE assignment DROP CONSTRAINT assignment_overlap"]
        if database.dialect == "postgresql"
        else ["DROP TRIGGER assignment_overlap_insert", "DROP TRIGGER assignment_overlap_update"]
    )
    with database.transaction() as session:
        for statement in off:
            session.execute(text(statement))

    assert race_for_two_overlapping_shifts(roster) == [201, 201]


def test_the_database_refuses_an_overlap_on_a_path_that_asks_nobody(roster: Roster) -> None:
    roster.publish(entry((0, 2)), entry((2, 4), position=1))
    volunteer = roster.volunteer(REPAIR)
    for shift in volunteer.get("/shifts").json["items"]:
        roster.take(volunteer, shift)

    with (
        pytest.raises(Exception, match="assignment_overlap"),
        roster.service.database.transaction() as session,
    ):
        session.execute(update(Assignment).values(starts_at=DAY))


def race_drop_against_accept(roster: Roster) -> tuple[list[int], str]:
    """A volunteer drops from two phones while another one takes the place."""
    session_id = roster.publish(entry(at_most=1))
    shift = roster.shifts(session_id)[0]
    leaving, coming = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    assert leaving.person is not None
    taken = roster.take(leaving, shift)
    drop, accept = f"/assignments/{taken['id']}/drop", f"/shifts/{shift['id']}/accept"
    other_phone = roster.client(leaving.person)
    statuses = at_once(
        lambda: leaving.post(drop), lambda: other_phone.post(drop), lambda: coming.post(accept)
    )
    return statuses, shift["id"]


def test_accepting_races_dropping_and_the_count_stays_true(roster: Roster) -> None:
    for _ in range(ROUNDS):
        statuses, shift_id = race_drop_against_accept(roster)

        assert statuses in ([200, 201, 409], [200, 409, 409])
        assert accepted_on(roster, shift_id) == live_on(roster, shift_id)


def test_without_the_expected_state_two_drops_free_two_places(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = roster.publish(entry(at_most=2))
    shift = roster.shifts(session_id)[0]
    leaving = roster.volunteer(REPAIR)
    assert leaving.person is not None
    taken = roster.take(leaving, shift)
    roster.take(roster.volunteer(REPAIR), shift)
    monkeypatch.setattr(Assignment, "in_state", classmethod(lambda cls, *states: true()))
    path = f"/assignments/{taken['id']}/drop"
    other_phone = roster.client(leaving.person)

    statuses = at_once(lambda: leaving.post(path), lambda: other_phone.post(path))

    assert statuses == [200, 200]
    assert accepted_on(roster, shift["id"]) == live_on(roster, shift["id"]) - 1
