"""What is for one volunteer: suits, other times, cannot (and why); and who dropped late."""

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry

WEDNESDAY = {"weekday": 3, "starts": "13:00", "ends": "18:00"}  # the session's day and time


def for_me(who: Any, **query: Any) -> dict[str, Any]:
    answer = who.get("/shifts/for-me", **query)
    assert answer.status_code == 200, answer.json
    return answer.json


def says_free(who: Any, *hours: dict[str, Any]) -> None:
    answer = who.put("/availability/mine/weekly", {"hours": list(hours)})
    assert answer.status_code == 200, answer.json


def test_what_suits_comes_first_and_the_rest_says_why_it_does_not(roster: Roster) -> None:
    roster.publish(entry(), entry(skill="electrical_safety", position=1))
    thursday = DAY + timedelta(days=1)
    roster.publish(entry(day=thursday), day=thursday)
    volunteer = roster.volunteer(REPAIR)
    says_free(volunteer, WEDNESDAY)

    suits = for_me(volunteer)
    other = for_me(volunteer, fit="other")["items"]
    cannot = for_me(volunteer, fit="cannot")["items"]

    assert suits["counts"] == {"suits": 1, "other": 1, "cannot": 1}
    assert suits["time_known"] is True
    assert [one["starts_at"] for one in suits["items"]] == ["2026-12-02T06:00:00Z"]
    assert [(one["advice"], one["can_take"]) for one in other] == [("not_free", True)]
    assert [one["why_not"] for one in cannot] == ["skill_missing"]


def test_the_list_tells_until_when_a_shift_can_be_given_back_before_it_is_taken(
    roster: Roster,
) -> None:
    roster.publish(entry())

    shift = for_me(roster.volunteer(REPAIR))["items"][0]

    assert shift["drop_until"] == "2026-12-02T04:00:00Z"
    assert shift["late_drop_from"] == "2026-11-30T06:00:00Z"


def test_who_said_nothing_of_their_time_is_told_so_and_sees_everything(roster: Roster) -> None:
    roster.publish(entry())

    found = for_me(roster.volunteer(REPAIR))

    assert (found["time_known"], found["counts"]["suits"]) == (False, 1)


def test_own_and_started_shifts_are_left_out(roster: Roster) -> None:
    roster.publish(entry((0, 1)), entry((2, 3), position=1))
    volunteer = roster.volunteer(REPAIR)
    roster.take(volunteer, for_me(volunteer)["items"][1])
    roster.at(0.5)

    assert for_me(volunteer)["counts"] == {"suits": 0, "other": 0, "cannot": 0}


def test_filters_narrow_by_days_kind_and_missing_people(roster: Roster) -> None:
    roster.publish(entry(needed=0))
    later = DAY + timedelta(days=20)
    roster.publish(entry(day=later), day=later)
    volunteer = roster.volunteer(REPAIR)

    assert len(for_me(volunteer)["items"]) == 2
    assert len(for_me(volunteer, days=7)["items"]) == 1
    assert [one["needed"] for one in for_me(volunteer, short="true")["items"]] == [1]
    assert for_me(volunteer, kind="training")["items"] == []
    assert volunteer.get("/shifts/for-me", fit="perhaps").status_code == 422


def test_pages_follow_each_other_without_a_gap(roster: Roster) -> None:
    roster.publish(*(entry((n / 2, n / 2 + 0.5), position=n) for n in range(7)))
    volunteer = roster.volunteer(REPAIR)

    seen: list[str] = []
    cursor = None
    for _ in range(4):
        page = for_me(volunteer, limit=3, **({"cursor": cursor} if cursor else {}))
        seen += [one["starts_at"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len(seen) == 7
    assert seen == sorted(seen)


@pytest.mark.parametrize("cursor", ["x", "2026-12-02T06:00:00~a", "0001-01-01T00:00:00+14:00~a"])
def test_a_cursor_that_is_none_is_refused(roster: Roster, cursor: str) -> None:
    refused = roster.volunteer(REPAIR).get("/shifts/for-me", cursor=cursor)

    assert code(refused) == (422, "bad_cursor")


def test_a_shift_dropped_within_two_days_is_told_with_its_time(roster: Roster) -> None:
    session_id = roster.publish(entry(at_most=3))
    early, late, taken_off = (roster.volunteer(REPAIR) for _ in range(3))
    shift = roster.shifts(session_id)[0]
    one, two, three = (roster.take(who, shift) for who in (early, late, taken_off))
    early.post(f"/assignments/{one['id']}/drop")
    roster.at(-5)
    late.post(f"/assignments/{two['id']}/drop")
    roster.coordinator.post(f"/assignments/{three['id']}/drop")

    found = roster.coordinator.get("/assignments/dropped-late").json["items"]

    assert [(row["person_id"], row["dropped_at"][:16]) for row in found] == [
        (late.person.id, "2026-12-02T01:00")
    ]
    staffed = roster.shifts(session_id)[0]["assignments"]
    assert {row["person_id"]: row["dropped_late"] for row in staffed} == {
        early.person.id: False,
        late.person.id: True,
        taken_off.person.id: False,
    }
    assert late.get("/assignments/dropped-late").status_code == 403
