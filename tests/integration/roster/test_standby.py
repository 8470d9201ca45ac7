"""Standing by for a full shift: who stands by first is offered the place in the transaction that frees it."""

from typing import Any

import pytest

from services.roster.app import tend_offers
from tests.integration.roster.given import REPAIR, Roster, code, entry
from tests.integration.roster.test_offers import held, mine
from tests.integration.roster.test_races import accepted_on, at_once, live_on


def full(roster: Roster) -> tuple[dict[str, Any], Any, str]:
    """A shift whose one place is taken; who has it, and their assignment."""
    shift, holder = roster.shifts(roster.publish(entry(at_most=1)))[0], roster.volunteer(REPAIR)
    return shift, holder, str(roster.take(holder, shift)["id"])


def stand_by(who: Any, shift: dict[str, Any]) -> Any:
    return who.post(f"/shifts/{shift['id']}/standby")


def test_a_dropped_place_is_offered_to_who_stands_by_first(roster: Roster) -> None:
    shift, holder, assignment = full(roster)
    first, second, other = (roster.volunteer(REPAIR) for _ in range(3))
    for who in (first, second):
        assert stand_by(who, shift).status_code == 200
    assert [len(one["standing_by"]) for one in roster.shifts(shift["session_id"])] == [2]
    shown = first.get("/shifts/for-me", fit="cannot").json["items"][0]
    assert (shown["why_not"], shown["standby"]) == ("full", True)

    assert holder.post(f"/assignments/{assignment}/drop").status_code == 200

    assert code(other.post(f"/shifts/{shift['id']}/accept")) == (409, "places_kept")
    assert (len(mine(first)), len(mine(second))) == (1, 0)
    assert first.post(f"/offers/{mine(first)[0]['id']}/accept").status_code == 201
    assert accepted_on(roster, shift["id"]) == live_on(roster, shift["id"]) == 1


def test_who_says_no_lets_the_next_one_have_it_at_once(roster: Roster) -> None:
    shift, holder, assignment = full(roster)
    first, second = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    stand_by(first, shift)
    stand_by(second, shift)
    holder.post(f"/assignments/{assignment}/drop")

    first.post(f"/offers/{mine(first)[0]['id']}/decline")

    assert len(mine(second)) == 1
    assert held(roster, shift["id"]) == 1


def test_more_places_and_ended_offers_reach_who_stands_by_too(roster: Roster) -> None:
    session_id = roster.publish(entry(at_most=1))
    shift, holder = roster.shifts(session_id)[0], roster.volunteer(REPAIR)
    roster.take(holder, shift)
    waiting = roster.volunteer(REPAIR)
    stand_by(waiting, shift)

    roster.change(session_id, entry(at_most=2))
    tend_offers(roster.service.database)

    assert len(mine(waiting)) == 1


def test_only_who_could_take_a_full_shift_stands_by_for_it(roster: Roster) -> None:
    shift, holder, _ = full(roster)
    open_shift = roster.shifts(roster.publish(entry((2, 4))))[0]
    unskilled, waiting = roster.volunteer(), roster.volunteer(REPAIR)

    assert code(stand_by(unskilled, shift)) == (409, "skill_missing")
    assert code(stand_by(holder, shift)) == (409, "already_taken")
    assert code(stand_by(waiting, open_shift)) == (409, "has_place")
    assert stand_by(waiting, shift).status_code == 200
    assert stand_by(waiting, shift).status_code == 200  # once is enough
    assert waiting.post(f"/shifts/{shift['id']}/standby/leave").status_code == 200
    assert roster.shifts(shift["session_id"])[0]["standing_by"] == []


def race_for_a_dropped_place(roster: Roster) -> tuple[list[int], Any]:
    shift, holder, assignment = full(roster)
    waiting, quick = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    stand_by(waiting, shift)
    holder.post(f"/assignments/{assignment}/drop")
    statuses = at_once(lambda: quick.post(f"/shifts/{shift['id']}/accept"))
    return statuses, waiting


def test_nobody_slips_in_between_a_drop_and_who_stands_by(roster: Roster) -> None:
    statuses, waiting = race_for_a_dropped_place(roster)

    assert statuses == [409]
    assert len(mine(waiting)) == 1


def test_without_the_promotion_in_the_transaction_somebody_slips_in(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing: Any = lambda *_: 0  # noqa: E731
    monkeypatch.setattr("services.roster.use_cases.assignments.promote_standby", nothing)

    statuses, waiting = race_for_a_dropped_place(roster)

    assert statuses == [201]
    assert mine(waiting) == []
