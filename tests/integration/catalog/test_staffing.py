"""Entries of a session's staffing keep their key through edits, alone and in a series, on both databases."""

from typing import Any

import pytest

from tests.integration.catalog.planning import Planning, errors, text

BENCH = {"role": text("维修", "Repair"), "skill": "small-appliance", "needed": 2, "at_most": 3}
DOOR = {"role": text("接待", "Reception"), "skill": None, "needed": 1, "at_most": 2}
TESTER = {"role": text("安全测试", "Safety test"), "skill": "safety", "level": 2, "needed": 1}


def keys(session: dict[str, Any]) -> list[tuple[int, str]]:
    """Return the position and the role of each entry."""
    return [(need["position"], need["role"]["zh"]) for need in session["staffing"]]


def test_an_entry_keeps_its_key_when_the_one_before_it_is_taken_out(planning: Planning):
    session = planning.published(staffing=[DOOR, BENCH])
    assert keys(session) == [(0, "接待"), (1, "维修")]

    after = planning.edit(session, staffing=session["staffing"][1:])

    assert keys(after.json) == [(1, "维修")]
    told = planning.catalog.announced("session.changed.v1")[-1].data["staffing"]
    assert [need["position"] for need in told] == [1]


def test_the_key_of_an_entry_that_was_taken_out_does_not_come_again(planning: Planning):
    session = planning.draft(staffing=[BENCH, DOOR])
    planning.edit(session, staffing=session["staffing"][:1])

    after = planning.edit(session, staffing=[session["staffing"][0], TESTER])

    assert keys(after.json) == [(0, "维修"), (2, "安全测试")]
    assert after.json["staffing"][1]["level"] == 2


def test_a_new_entry_gets_its_own_key_in_each_session_of_a_series(planning: Planning):
    series = planning.series(weeks=3, staffing=[BENCH])
    extra = planning.show(series[1])["staffing"]
    planning.edit(series[1], staffing=[*extra, DOOR])  # its own one, with the key 1

    first = planning.show(series[0])["staffing"]
    planning.edit(series[0], scope="all", staffing=[*first, TESTER])

    assert keys(planning.show(series[0])) == [(0, "维修"), (1, "安全测试")]
    assert keys(planning.show(series[1])) == [(0, "维修"), (1, "接待"), (2, "安全测试")]


def test_an_entry_changed_in_a_series_leaves_what_others_have_of_their_own(planning: Planning):
    series = planning.series(weeks=2, staffing=[BENCH, DOOR])
    own = planning.show(series[1])["staffing"]
    planning.edit(series[1], staffing=[own[0], {**own[1], "needed": 2}])

    first = planning.show(series[0])["staffing"]
    planning.edit(series[0], scope="all", staffing=[{**first[0], "at_most": 5}, first[1]])

    there = planning.show(series[1])["staffing"]
    assert [(need["needed"], need["at_most"]) for need in there] == [(2, 5), (2, 2)]


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ([{**BENCH, "position": 3}, {**DOOR, "position": 3}], "#/staffing"),
        ([BENCH, {**DOOR, "level": 2}], "#/staffing/1/level"),
    ],
)
def test_staffing_that_does_not_fit_is_said_at_its_field(
    planning: Planning, entries: list[dict[str, Any]], field: str
):
    answer = planning.staff.post("/sessions", planning.asked(staffing=entries))

    assert answer.status_code == 422
    assert field in errors(answer)


def test_how_a_session_opens_stays_for_who_does_not_speak_of_it(planning: Planning):
    session = planning.published(opens_when_staffed=True)
    assert planning.catalog.announced("session.published.v1")[-1].data["opens_when_staffed"]

    kept = planning.edit(session, benches=3)
    opened = planning.edit(session, opens_when_staffed=False)

    assert (kept.json["opens_when_staffed"], opened.json["opens_when_staffed"]) == (True, False)
