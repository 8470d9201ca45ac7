"""Stand-ins: the shift stays one's own until somebody takes it; then it passes on in one transaction."""

from typing import Any

import pytest
from sqlalchemy import true

from services.roster.models import Assignment
from tests.integration.roster.given import REPAIR, Roster, code, entry
from tests.integration.roster.test_offers import mine
from tests.integration.roster.test_races import accepted_on, at_once, live_on


def taken(roster: Roster, who: Any, **how: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    shift = roster.shifts(roster.publish(entry(**how)))[0]
    return shift, roster.take(who, shift)


def ask(who: Any, assignment: dict[str, Any]) -> Any:
    return who.post(f"/assignments/{assignment['id']}/stand-in")


def state(who: Any, assignment: dict[str, Any]) -> str:
    return str(who.get(f"/assignments/{assignment['id']}").json["state"])


def test_the_first_who_could_takes_over_and_the_others_are_told(roster: Roster) -> None:
    giver, first, second = (roster.volunteer(REPAIR) for _ in range(3))
    unskilled = roster.volunteer()
    shift, assignment = taken(roster, giver, at_most=1)

    asked = ask(giver, assignment)
    assert asked.status_code == 200, asked.json
    assert asked.json["stand_in_since"] is not None
    assert mine(unskilled) == []
    assert state(giver, assignment) == "accepted"  # theirs until somebody takes it
    offers = mine(first)[0], mine(second)[0]
    assert [one["stand_in"] for one in offers] == [True, True]
    over = first.post(f"/offers/{offers[0]['id']}/accept")

    assert over.status_code == 201, over.json
    assert state(giver, assignment) == "released"
    assert code(second.post(f"/offers/{offers[1]['id']}/accept"))[0] == 409
    assert second.get(f"/offers/{offers[1]['id']}").json["state"] == "filled"
    assert accepted_on(roster, shift["id"]) == live_on(roster, shift["id"]) == 1
    assert [row["accepted"] for row in roster.staffing(shift["session_id"])] == [1]
    late = roster.coordinator.get("/assignments/dropped-late").json["items"]
    assert late == []  # the shift was filled before it was left


def test_looking_no_longer_takes_the_asking_back(roster: Roster) -> None:
    giver, other = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    _, assignment = taken(roster, giver)
    ask(giver, assignment)
    offer = mine(other)[0]

    ended = giver.post(f"/assignments/{assignment['id']}/stand-in/end")

    assert ended.json["stand_in_since"] is None
    assert mine(other) == []
    assert code(other.post(f"/offers/{offer['id']}/accept")) == (409, "offer_ended")
    assert ask(giver, assignment).status_code == 200
    assert len(mine(other)) == 1


def test_a_stand_in_is_looked_for_once_by_its_owner_and_in_time(roster: Roster) -> None:
    giver = roster.volunteer(REPAIR)
    _, assignment = taken(roster, giver)
    assert code(ask(giver, assignment)) == (409, "nobody_to_stand_in")
    other = roster.volunteer(REPAIR)

    assert ask(other, assignment).status_code == 404
    assert ask(giver, assignment).status_code == 200
    assert code(ask(giver, assignment)) == (409, "already_asking")
    roster.at(-0.4)
    assert code(ask(giver, assignment)) == (409, "too_late_to_offer")


def test_the_stand_in_passes_the_same_checks_as_everybody(roster: Roster) -> None:
    giver, busy = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    _, assignment = taken(roster, giver)
    ask(giver, assignment)
    offer = mine(busy)[0]
    elsewhere = roster.shifts(roster.publish(entry((1, 3))))[0]
    roster.take(busy, elsewhere)

    assert code(busy.post(f"/offers/{offer['id']}/accept")) == (409, "overlaps")
    assert state(giver, assignment) == "accepted"


def test_handing_over_races_a_drop_and_one_of_them_wins(roster: Roster) -> None:
    for _ in range(4):
        giver, one, two = (roster.volunteer(REPAIR) for _ in range(3))
        shift, assignment = taken(roster, giver, at_most=1)
        ask(giver, assignment)
        paths = [f"/offers/{mine(who)[0]['id']}/accept" for who in (one, two)]
        drop = f"/assignments/{assignment['id']}/drop"

        statuses = sorted(race(giver, drop, (one, paths[0]), (two, paths[1])))

        assert statuses in ([200, 409, 409], [201, 409, 409])
        assert accepted_on(roster, shift["id"]) == live_on(roster, shift["id"])
        leave(roster, giver, one, two)


def race(giver: Any, drop: str, one: tuple[Any, str], two: tuple[Any, str]) -> list[int]:
    return at_once(
        lambda: giver.post(drop), lambda: one[0].post(one[1]), lambda: two[0].post(two[1])
    )


def leave(roster: Roster, *people: Any) -> None:
    """They are volunteers no more, so that the next round has people of its own."""
    for who in people:
        roster.person(who.person.id, ["student"], type="person.changed.v1")


def test_without_the_expected_state_a_dropped_shift_is_handed_over(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    giver, other = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    shift, assignment = taken(roster, giver, at_most=1)
    ask(giver, assignment)
    offer = mine(other)[0]
    monkeypatch.setattr("services.roster.use_cases.assignments._no_stand_in", lambda *_: None)
    giver.post(f"/assignments/{assignment['id']}/drop")
    monkeypatch.setattr(Assignment, "in_state", classmethod(lambda cls, *states: true()))

    assert other.post(f"/offers/{offer['id']}/accept").status_code == 201
    assert accepted_on(roster, shift["id"]) == live_on(roster, shift["id"]) - 1
