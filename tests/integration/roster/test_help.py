"""Calls for help: idle volunteers who want to be asked, the first to say yes come, the others are told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, true, update

from services.roster.models import HelpAsk, HelpCall
from services.roster.use_cases.help import end_due_calls
from shared.clock import iso
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry
from tests.integration.roster.test_races import accepted_on, at_once, live_on


def running(roster: Roster, at_most: int = 1) -> str:
    """A session that runs, with one experienced volunteer on its full shift."""
    session_id = roster.publish(entry((0, 4), at_most=at_most))
    roster.take_over(session_id)
    roster.at(1)
    return session_id


def willing(roster: Roster, *, asked: bool = True, skill: str = REPAIR) -> Any:
    volunteer = roster.volunteer(skill)
    assert volunteer.put("/help/mine", {"asked": asked}).status_code == 200
    return volunteer


def call(roster: Roster, session_id: str, wanted: int = 1) -> Any:
    return roster.coordinator.post(f"/sessions/{session_id}/help", {"wanted": wanted})


def shown(roster: Roster, session_id: str) -> dict[str, Any]:
    return roster.coordinator.get(f"/sessions/{session_id}/help").json


def asked(who: Any) -> list[dict[str, Any]]:
    return who.get("/help/mine").json["items"]


def press(roster: Roster, session_id: str, version: int, state: str = "high", **given: Any) -> None:
    data = {
        "session_id": session_id,
        "state": state,
        "low": 50,
        "high": 90,
        "limit": 60,
        "waiting": 9,
        "free_benches": 2,
        "at": iso(roster.clock.now()),
    }
    roster.service.deliver("queue.pressure.v1", session_id, version, data | given)
    assert roster.service.dead_letters() == []
    assert roster.service.waiting() == 0


def test_who_joins_serves_from_now_on_and_the_staffing_follows_at_once(roster: Roster) -> None:
    session_id, helper = running(roster), willing(roster)
    assert call(roster, session_id).status_code == 201

    joined = helper.post(f"/help/{asked(helper)[0]['id']}/join")

    assert joined.status_code == 201, joined.json
    assert joined.json["starts_at"][:16] == iso(DAY + timedelta(hours=1))[:16]
    assert [row["accepted"] for row in roster.staffing(session_id)] == [1, 2]
    assert asked(helper) == []
    call_now = shown(roster, session_id)["call"]
    assert (call_now["state"], call_now["joined"]) == ("full", 1)


def test_the_others_are_told_that_enough_have_come(roster: Roster) -> None:
    session_id = running(roster)
    first, second = willing(roster), willing(roster)
    call(roster, session_id)
    late = asked(second)[0]["id"]
    first.post(f"/help/{asked(first)[0]['id']}/join")

    assert code(second.post(f"/help/{late}/join")) == (409, "help_filled")
    assert second.get(f"/help/{late}").json["state"] == "filled"
    states = {one.data["state"] for one in roster.service.announced("help.closed.v1")}
    assert states == {"joined", "filled"}


def test_only_idle_eligible_and_willing_people_are_asked(roster: Roster) -> None:
    session_id = running(roster)
    helper = willing(roster)
    not_willing, unskilled = (
        willing(roster, asked=False),
        willing(roster, skill="electrical_safety"),
    )
    in_class, busy = willing(roster), willing(roster)
    lesson = {"hours": [{"weekday": 1, "starts": "08:00", "ends": "09:00"}]}
    in_class.put("/availability/mine/weekly", lesson)
    other = roster.publish(entry((0.5, 3)))
    body = {"person_id": busy.person.id}
    assert (
        roster.coordinator.post(f"/shifts/{roster.shifts(other)[0]['id']}/accept", body).status_code
        == 201
    )

    preview = shown(roster, session_id)
    call(roster, session_id)

    assert (preview["idle"], preview["possible"]) == (1, True)
    assert len(asked(helper)) == 1
    assert [asked(one) for one in (not_willing, unskilled, in_class, busy)] == [[], [], [], []]


def test_a_newcomer_is_asked_only_while_somebody_experienced_is_there(roster: Roster) -> None:
    session_id = roster.publish(entry((0, 4)))
    willing(roster)
    roster.at(1)

    assert shown(roster, session_id)["idle"] == 0
    roster.take_over(session_id)
    assert shown(roster, session_id)["idle"] == 1


def test_one_call_per_session_at_a_time_and_only_while_it_runs(roster: Roster) -> None:
    ahead = roster.publish(entry())
    assert code(call(roster, ahead)) == (409, "no_help_now")
    session_id = running(roster)
    assert code(call(roster, session_id)) == (409, "nobody_idle")
    helper = willing(roster)
    call(roster, session_id)

    assert code(call(roster, session_id)) == (409, "already_asking")
    ended = roster.coordinator.post(f"/sessions/{session_id}/help/end")
    assert (ended.json["state"], ended.json["reason"]) == ("ended", "by_hand")
    assert code(roster.coordinator.post(f"/sessions/{session_id}/help/end")) == (409, "help_over")
    assert asked(helper) == []
    assert call(roster, session_id).status_code == 201


def test_pressure_calls_for_help_and_ends_it_when_it_eases(roster: Roster) -> None:
    session_id, helper = running(roster), willing(roster)
    press(roster, session_id, 1)
    ask = asked(helper)[0]
    assert shown(roster, session_id)["call"]["by_pressure"] is True

    press(roster, session_id, 2, "eased")

    assert shown(roster, session_id)["call"]["reason"] == "eased"
    assert code(helper.post(f"/help/{ask['id']}/join")) == (409, "help_over")
    closed = roster.service.announced("help.closed.v1")[-1]
    assert closed.data["state"] == "closed"


def test_pressure_asks_nobody_without_a_free_bench_or_long_afterwards(roster: Roster) -> None:
    session_id, helper = running(roster), willing(roster)

    press(roster, session_id, 1, free_benches=0)
    press(roster, session_id, 2, at=iso(DAY - timedelta(hours=1)))

    assert asked(helper) == []


def test_a_call_ends_in_time_and_with_its_session(roster: Roster) -> None:
    session_id, _ = running(roster), willing(roster)
    call(roster, session_id)
    assert end_due_calls(roster.service.database) == 0
    roster.at(2)
    assert end_due_calls(roster.service.database) == 1
    assert shown(roster, session_id)["call"]["reason"] == "time"
    call(roster, session_id)
    roster.cancel(session_id)

    assert end_due_calls(roster.service.database) == 1
    assert shown(roster, session_id)["call"]["reason"] == "session"


def test_not_this_time_is_answered_once_and_an_ask_is_ones_own(roster: Roster) -> None:
    session_id, helper, other = running(roster), willing(roster), willing(roster)
    call(roster, session_id)
    path = f"/help/{asked(helper)[0]['id']}"

    assert other.get(path).status_code == 404
    assert other.post(f"{path}/join").status_code == 404
    assert helper.post(f"{path}/decline").json["state"] == "declined"
    assert code(helper.post(f"{path}/join")) == (409, "help_answered")
    assert shown(roster, session_id)["call"]["joined"] == 0


def race_to_help(roster: Roster, people: int = 3) -> tuple[list[int], str]:
    session_id = running(roster)
    helpers = [willing(roster) for _ in range(people)]
    assert call(roster, session_id).status_code == 201
    paths = [f"/help/{asked(who)[0]['id']}/join" for who in helpers]
    pairs = zip(helpers, paths, strict=True)
    statuses = at_once(*(lambda who=who, path=path: who.post(path) for who, path in pairs))
    for who in helpers:  # they want no more: the next round has its own
        who.put("/help/mine", {"asked": False})
    return statuses, roster.shifts(session_id)[0]["id"]


def test_three_say_yes_at_once_and_one_comes(roster: Roster) -> None:
    for _ in range(4):
        statuses, shift_id = race_to_help(roster)

        assert statuses == [201, 409, 409]
        assert accepted_on(roster, shift_id) == live_on(roster, shift_id) == 2


def test_without_the_guard_only_the_check_keeps_more_from_coming(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HelpCall, "has_place", classmethod(lambda cls: true()))
    monkeypatch.setattr(HelpAsk, "answer", classmethod(blind_answer))

    statuses, _ = race_to_help(roster)

    assert statuses == [201, 500, 500]  # CHECK joined <= wanted


def blind_answer(cls: Any, ask_id: str, state: str, at: Any) -> Any:
    """Answer whatever was answered before."""
    return update(HelpAsk).where(HelpAsk.id == ask_id).values(state=state, answered_at=at)


def race_to_call(roster: Roster) -> list[int]:
    session_id = running(roster)
    willing(roster)
    others = [roster.client(roster.new("coordinator")) for _ in range(2)]
    path = f"/sessions/{session_id}/help"
    return at_once(*(lambda who=who: who.post(path, {"wanted": 1}) for who in others))


def test_two_coordinators_call_at_once_and_one_call_stands(roster: Roster) -> None:
    for _ in range(4):
        assert race_to_call(roster) == [201, 409]


def test_without_the_index_two_calls_stand(roster: Roster) -> None:
    with roster.service.database.transaction() as session:
        session.execute(text("DROP INDEX ix_help_call_one_open"))

    assert race_to_call(roster) == [201, 201]
