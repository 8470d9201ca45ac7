"""The search for a proposal in the worker: stopped, leased, tried once more, lost; on both databases."""

from datetime import timedelta

import pytest

from services.roster.models import Proposal
from services.roster.use_cases import searching
from services.roster.use_cases.searching import claim, give_back, search_next
from shared.database import suite_time
from tests.integration.roster.given import Roster, code
from tests.integration.roster.planned import people, plan, propose, week


def test_a_search_is_stopped_with_the_best_plan_so_far(roster: Roster) -> None:
    week(roster, 3)
    people(roster, 2)
    made = propose(roster, seconds=300)
    assert roster.coordinator.post(f"/proposals/{made}/stop").status_code == 200

    search_next(roster.service.database, lambda: False)

    found = plan(roster, made)
    assert found["proposal"]["state"] == "ready"
    assert sum(shift["filled"] for shift in found["shifts"]) == 6
    assert code(roster.coordinator.post(f"/proposals/{made}/stop")) == (409, "nothing_runs")


def test_nobody_edits_while_a_search_runs(roster: Roster) -> None:
    [session_id] = week(roster, 1)
    [one] = people(roster, 1)
    made = propose(roster)
    [shift] = roster.shifts(session_id)
    assert one.person is not None

    answer = roster.coordinator.post(
        f"/proposals/{made}/cells/put", {"shift_id": shift["id"], "person_id": one.person.id}
    )

    assert code(answer) == (409, "proposal_busy")


def test_a_worker_that_dies_is_followed_by_one_more_then_the_proposal_says_it_failed(
    roster: Roster,
) -> None:
    week(roster, 1)
    made = propose(roster)
    database = roster.service.database

    leases = []
    for _ in range(3):
        with database.transaction() as session:
            leases.append(claim(session))
        with database.transaction() as session:  # nobody else takes what is leased
            assert claim(session) is None
        roster.clock.set(roster.clock.now() + searching.LEASE + timedelta(seconds=1))

    assert [lease is not None for lease in leases] == [True, True, False]
    assert roster.coordinator.get(f"/proposals/{made}").json["state"] == "failed"
    again = roster.coordinator.post(f"/proposals/{made}/again")
    assert again.status_code == 200
    assert search_next(database, lambda: False)
    assert roster.coordinator.get(f"/proposals/{made}").json["state"] == "ready"


def test_a_worker_that_leaves_in_good_order_costs_no_try(roster: Roster) -> None:
    week(roster, 1)
    made = propose(roster)

    for _ in range(3):
        search_next(roster.service.database, lambda: True)
        assert roster.coordinator.get(f"/proposals/{made}").json["state"] == "waiting"

    assert search_next(roster.service.database, lambda: False)
    assert roster.coordinator.get(f"/proposals/{made}").json["state"] == "ready"


def test_a_worker_whose_lease_went_to_another_changes_nothing(roster: Roster) -> None:
    week(roster, 1)
    people(roster, 1)
    made = propose(roster)
    database = roster.service.database
    with database.transaction() as session:
        old = claim(session)
    roster.clock.set(roster.clock.now() + searching.LEASE + timedelta(seconds=1))
    with database.transaction() as session:
        new = claim(session)
    assert old is not None
    assert new is not None
    with database.transaction() as session:
        give_back(session, made, old[1], counted=True)

        row = session.get_one(Proposal, made)
        assert (row.state, row.lease) == ("solving", new[1])
        assert row.leased_until is not None
        assert row.leased_until > suite_time(session)


def test_a_lost_search_is_tried_once_more(roster: Roster, monkeypatch: pytest.MonkeyPatch) -> None:
    week(roster, 1)
    made = propose(roster)

    def lose(*_: object) -> None:
        raise searching.SearchLost

    monkeypatch.setattr(searching, "search", lose)

    states = []
    for _ in range(2):
        search_next(roster.service.database, lambda: False)
        states.append(roster.coordinator.get(f"/proposals/{made}").json["state"])

    assert states == ["waiting", "failed"]
