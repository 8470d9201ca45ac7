"""Races on a plan, on both databases, each with a negative control that turns its guard off."""

from typing import Any

import pytest
from sqlalchemy import func, select

from services.roster.models import Offer, ProposedCell
from services.roster.models.proposal import OUT
from services.roster.use_cases import plan_edits, publishing
from tests.integration.roster.given import Roster
from tests.integration.roster.planned import cells, people, plan, solved, week
from tests.integration.roster.test_races import at_once

ROUNDS = 3


def offers(roster: Roster) -> int:
    with roster.service.database.reading() as session:
        return session.execute(select(func.count(Offer.id))).scalar_one()


def race_for_the_last_place(roster: Roster, made: str, shift: str, crew: list[Any]) -> list[int]:
    """Two coordinators put somebody on the one free place of a shift of the plan."""
    path = f"/proposals/{made}/cells/put"
    clients = [roster.client(roster.new("coordinator")) for _ in crew]
    bodies = [{"shift_id": shift, "person_id": one.person.id} for one in crew]
    pairs = zip(clients, bodies, strict=True)
    return at_once(*(lambda who=who, body=body: who.post(path, body) for who, body in pairs))


def test_two_coordinators_fill_the_last_place_of_a_plan_and_one_does(roster: Roster) -> None:
    sessions = week(roster, ROUNDS, at_most=1)
    made = solved(roster)  # nobody is there yet

    for session_id in sessions:
        [shift] = roster.shifts(session_id)
        crew = people(roster, 2)

        assert race_for_the_last_place(roster, made, shift["id"], crew) == [200, 409]
        assert len([one for one in cells(roster, made) if one[0] == shift["id"]]) == 1


def test_without_the_rules_both_are_on_the_place(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    [session_id] = week(roster, 1, at_most=1)
    made, [shift] = solved(roster), roster.shifts(session_id)
    monkeypatch.setattr(plan_edits, "_ask_rules", lambda *_, **__: None)

    assert race_for_the_last_place(roster, made, shift["id"], people(roster, 2)) == [200, 200]
    assert len(cells(roster, made)) == 2


def publish_twice(roster: Roster, session_id: str, made: str) -> list[int]:
    path = f"/proposals/{made}/sessions/{session_id}/publish"
    clients = [roster.client(roster.new("coordinator")) for _ in range(2)]
    return at_once(*(lambda who=who: who.post(path) for who in clients))


def test_two_coordinators_publish_a_session_and_everybody_is_asked_once(roster: Roster) -> None:
    sessions = week(roster, ROUNDS, at_most=2)
    people(roster, 2)
    made = solved(roster)

    for n, session_id in enumerate(sessions, start=1):
        assert publish_twice(roster, session_id, made) == [200, 409]
        assert offers(roster) == 2 * n

    states = {cell["state"] for shift in plan(roster, made)["shifts"] for cell in shift["cells"]}
    assert states == {OUT}


def test_without_the_state_in_its_where_the_second_publication_spoils_the_first(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    [session_id, _other] = week(roster, 2, at_most=2)
    people(roster, 2)
    made = solved(roster)

    def every(session: Any, proposal_id: str, _session_id: str) -> Any:
        mine = ProposedCell.proposal_id == proposal_id
        found = session.scalars(select(ProposedCell).where(mine)).all()
        shifts = {shift["id"] for shift in roster.shifts(session_id)}
        return [cell for cell in found if cell.shift_id in shifts]

    shifts = roster.shifts(session_id)
    monkeypatch.setattr(roster, "shifts", lambda _: shifts)
    monkeypatch.setattr(publishing, "_planned", every)

    assert publish_twice(roster, session_id, made) == [200, 200]
    assert offers(roster) == 2  # the database still refuses to ask anybody twice
    states = {cell["state"] for shift in plan(roster, made)["shifts"] for cell in shift["cells"]}
    assert "refused" in states
