"""Swaps: whoever is on the wanted shift and could is asked; both shifts change hands at once or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import true

from services.roster.models import Assignment
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry
from tests.integration.roster.test_offers import mine
from tests.integration.roster.test_races import accepted_on, at_once, live_on
from tests.integration.roster.test_stand_ins import leave, race, state, taken
from tests.support.clients import ApiClient

LATER = DAY + timedelta(days=1)


class Pair:
    """Two volunteers on a shift each; `a` would rather have the one of `b`."""

    def __init__(self, roster: Roster, **how: Any) -> None:
        self.a, self.b = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
        self.first, self.mine = taken(roster, self.a, at_most=1)
        session_id = roster.publish(entry(at_most=1, **({"day": LATER} | how)), day=LATER)
        self.other = roster.shifts(session_id)[0]
        self.theirs = roster.take(self.b, self.other)

    def ask(self) -> Any:
        return self.a.post(f"/assignments/{self.mine['id']}/swap", {"shift_id": self.other["id"]})

    def offer(self) -> dict[str, Any]:
        return mine(self.b)[0]

    def accept(self) -> Any:
        return self.b.post(f"/offers/{self.offer()['id']}/accept")


def shifts_of(who: ApiClient) -> list[str]:
    """Return the shifts that somebody has ahead."""
    return [one["shift_id"] for one in who.get("/assignments/mine").json["items"]]


def test_both_shifts_change_hands_and_nothing_else_changes(roster: Roster) -> None:
    pair = Pair(roster)

    possible = pair.a.get(f"/assignments/{pair.mine['id']}/swaps").json["items"]
    asked = pair.ask()

    assert [(one["shift_id"], one["people"]) for one in possible] == [(pair.other["id"], 1)]
    assert asked.json["swap_shift_id"] == pair.other["id"]
    assert pair.offer()["in_return"]["shift_id"] == pair.other["id"]
    assert pair.accept().status_code == 201
    assert (shifts_of(pair.a), shifts_of(pair.b)) == ([pair.other["id"]], [pair.first["id"]])
    for shift in (pair.first, pair.other):
        assert accepted_on(roster, shift["id"]) == live_on(roster, shift["id"]) == 1
        assert [row["accepted"] for row in roster.staffing(shift["session_id"])] == [1]
    assert roster.coordinator.get("/assignments/dropped-late").json["items"] == []


def test_two_roles_of_one_session_are_swapped_at_the_same_time(roster: Roster) -> None:
    a, b = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    session_id = roster.publish(entry(at_most=1), entry(at_most=1, position=1, zh="服务台"))
    first, second = roster.shifts(session_id)
    held = roster.take(a, first)
    roster.take(b, second)

    asked = a.post(f"/assignments/{held['id']}/swap", {"shift_id": second["id"]})
    done = b.post(f"/offers/{mine(b)[0]['id']}/accept")

    assert (asked.status_code, done.status_code) == (200, 201), done.json
    assert (shifts_of(a), shifts_of(b)) == ([second["id"]], [first["id"]])
    versions = [e.version for e in roster.service.announced("staffing.changed.v1")]
    assert len(versions) == len(set(versions))


def test_the_first_of_several_swaps_and_the_others_are_told(roster: Roster) -> None:
    a, b, c = (roster.volunteer(REPAIR) for _ in range(3))
    _, held = taken(roster, a)
    other = roster.shifts(roster.publish(entry(day=LATER), day=LATER))[0]
    for who in (b, c):
        roster.take(who, other)
    a.post(f"/assignments/{held['id']}/swap", {"shift_id": other["id"]})
    late = mine(c)[0]

    assert b.post(f"/offers/{mine(b)[0]['id']}/accept").status_code == 201
    assert code(c.post(f"/offers/{late['id']}/accept"))[0] == 409
    assert c.get(f"/offers/{late['id']}").json["state"] == "filled"
    assert live_on(roster, other["id"]) == 2


def test_only_who_could_is_asked_and_only_what_one_could_take_is_listed(roster: Roster) -> None:
    pair = Pair(roster)
    elsewhere = roster.shifts(roster.publish(entry((1, 3))))[0]
    roster.take(pair.b, elsewhere)  # b is busy when a serves
    skilled = roster.shifts(roster.publish(entry(skill="electrical_safety", day=LATER), day=LATER))
    expert = roster.volunteer(REPAIR, "electrical_safety")
    roster.take(expert, skilled[0])

    possible = pair.a.get(f"/assignments/{pair.mine['id']}/swaps").json["items"]
    assert [one["shift_id"] for one in possible] == [elsewhere["id"]]  # b would be free again
    assert code(pair.ask()) == (409, "nobody_to_swap")
    wanted = {"shift_id": skilled[0]["id"]}
    assert code(pair.a.post(f"/assignments/{pair.mine['id']}/swap", wanted)) == (
        409,
        "skill_missing",
    )
    assert state(pair.a, pair.mine) == "accepted"


def test_whoever_asked_and_has_other_plans_now_keeps_everything_as_it_was(roster: Roster) -> None:
    pair = Pair(roster)
    pair.ask()
    beside = roster.shifts(roster.publish(entry((1, 3), day=LATER), day=LATER))[0]
    roster.take(pair.a, beside)

    assert code(pair.accept()) == (409, "cannot_swap_now")
    assert state(pair.a, pair.mine) == state(pair.b, pair.theirs) == "accepted"
    assert pair.offer()["state"] == "offered"


def test_looking_no_longer_and_dropping_take_the_question_back(roster: Roster) -> None:
    pair = Pair(roster)
    pair.ask()
    assert code(pair.ask()) == (409, "already_asking")
    ended = pair.a.post(f"/assignments/{pair.mine['id']}/stand-in/end").json
    assert (ended["stand_in_since"], ended["swap_shift_id"], mine(pair.b)) == (None, None, [])
    pair.ask()

    pair.b.post(f"/assignments/{pair.theirs['id']}/drop")

    assert mine(pair.b) == []


def test_a_shift_that_is_moved_is_not_what_was_offered_in_return(roster: Roster) -> None:
    pair = Pair(roster)
    pair.ask()

    roster.change(pair.other["session_id"], entry((1, 3), at_most=1, day=LATER), day=LATER)

    assert mine(pair.b) == []


def test_another_persons_shift_and_a_start_too_soon_are_refused(roster: Roster) -> None:
    pair = Pair(roster)
    path = f"/assignments/{pair.mine['id']}/swap"

    assert pair.b.get(f"{path}s").status_code == 404
    assert pair.b.post(path, {"shift_id": pair.other["id"]}).status_code == 404
    assert pair.a.post(path, {"shift_id": pair.mine["session_id"]}).status_code == 404
    roster.at(-0.4)
    assert code(pair.ask()) == (409, "too_late_to_offer")


def test_a_swap_races_drops_and_is_made_whole_or_not_at_all(roster: Roster) -> None:
    for _ in range(4):
        pair = Pair(roster)
        pair.ask()
        accept = f"/offers/{pair.offer()['id']}/accept"
        drops = [f"/assignments/{one['id']}/drop" for one in (pair.mine, pair.theirs)]

        race(pair.a, drops[0], (pair.b, accept), (pair.b, drops[1]))

        held = [sorted(shifts_of(pair.a)), sorted(shifts_of(pair.b))]
        assert held in (
            [[], []],
            [[pair.other["id"]], [pair.first["id"]]],
        ), held
        for shift in (pair.first, pair.other):
            assert accepted_on(roster, shift["id"]) == live_on(roster, shift["id"])
        leave(roster, pair.a, pair.b)


def test_two_who_ask_each_other_swap_once(roster: Roster) -> None:
    for _ in range(4):
        pair = Pair(roster)
        pair.ask()
        back = {"shift_id": pair.first["id"]}
        pair.b.post(f"/assignments/{pair.theirs['id']}/swap", back)

        assert sorted(both_accept(pair)) == [201, 409]
        assert (shifts_of(pair.a), shifts_of(pair.b)) == ([pair.other["id"]], [pair.first["id"]])
        leave(roster, pair.a, pair.b)


def both_accept(pair: Pair) -> list[int]:
    """Each accepts what the other asked, at the same time."""
    a, b = (f"/offers/{mine(who)[0]['id']}/accept" for who in (pair.a, pair.b))
    return at_once(lambda: pair.a.post(a), lambda: pair.b.post(b))


def test_without_the_expected_state_a_dropped_shift_is_given_in_return(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = Pair(roster)
    pair.ask()
    accept = f"/offers/{pair.offer()['id']}/accept"
    monkeypatch.setattr("services.roster.use_cases.assignments._no_stand_in", lambda *_: None)
    pair.b.post(f"/assignments/{pair.theirs['id']}/drop")
    assert code(pair.b.post(accept)) == (409, "offer_ended")

    monkeypatch.setattr(Assignment, "in_state", classmethod(lambda cls, *states: true()))

    assert pair.b.post(accept).status_code == 201
    assert accepted_on(roster, pair.other["id"]) < live_on(roster, pair.other["id"])
