"""Objections to hours and absences: until a deadline, decided by somebody else, both sides kept."""

from typing import Any

from tests.integration.roster.given import REPAIR, Roster, code, entry
from tests.integration.roster.serving import moment, serve
from tests.support.clients import ApiClient

WORDS = {"words": "我 16:30 才走，老师可以作证。", "seen": 1}


def object_to(who: ApiClient, id: str, **more: Any) -> Any:
    return who.post(f"/assignments/{id}/objections", WORDS | more)


def decide(roster: Roster, objection: dict[str, Any], **how: Any) -> Any:
    body = {"upheld": True, "answer": "查了登记本，是 16:30。"} | how
    return roster.coordinator.post(f"/objections/{objection['id']}/decision", body)


def test_an_objection_that_is_upheld_leads_to_a_correction_and_both_stay(roster: Roster) -> None:
    volunteer, id = serve(roster)
    right = {"checked_in_at": moment(0), "checked_out_at": moment(2.5)}

    raised = object_to(volunteer, id)
    without = decide(roster, raised.json)
    decided = decide(roster, raised.json, right=right)

    assert (raised.status_code, raised.json["state"]) == (201, "open")
    assert code(without) == (422, "invalid")
    assert (decided.status_code, decided.json["state"]) == (200, "upheld")
    shown = volunteer.get(f"/hours/{id}").json
    assert [one["minutes"] for one in shown["entries"]] == [120, 150]
    assert shown["entries"][1]["reason"] == "查了登记本，是 16:30。"
    assert [(one["words"], one["answer"]) for one in shown["objections"]] == [
        (WORDS["words"], "查了登记本，是 16:30。")
    ]
    told = [e.type for e in roster.service.announced() if e.type.startswith("objection.")]
    assert told == ["objection.raised.v1", "objection.decided.v1"]


def test_an_objection_that_is_declined_leaves_the_entry_and_the_answer(roster: Roster) -> None:
    volunteer, id = serve(roster)
    raised = object_to(volunteer, id).json

    decided = decide(roster, raised, upheld=False, answer="签退表上是 16:00。")
    again = decide(roster, raised, upheld=False, answer="再来一次")
    once_more = object_to(volunteer, id)

    assert decided.json["state"] == "declined"
    assert code(again) == (409, "already_decided")
    assert code(once_more) == (409, "already_objected")
    assert volunteer.get(f"/hours/{id}").json["minutes"] == 120


def test_a_corrected_entry_may_be_objected_to_again(roster: Roster) -> None:
    volunteer, id = serve(roster)
    right = {"checked_in_at": moment(0), "checked_out_at": moment(2.25)}
    decide(roster, object_to(volunteer, id).json, right=right)

    stale = object_to(volunteer, id)
    second = object_to(volunteer, id, seen=2)

    assert code(stale) == (412, "stale")
    assert (second.status_code, second.json["about"]) == (201, 2)


def test_the_deadline_ends_with_the_seventh_day(roster: Roster) -> None:
    volunteer, id = serve(roster)
    days = 24 * 7
    roster.at(10 + days - 0.02)  # recorded at 18:00 in Shanghai; midnight is six hours later
    assert volunteer.get(f"/hours/{id}").json["object_until"] == "2026-12-09T16:00:00Z"
    assert volunteer.get(f"/hours/{id}").json["can_object"] is True

    roster.at(10 + days)
    late = object_to(volunteer, id)

    assert code(late) == (409, "objection_closed")
    assert volunteer.get(f"/hours/{id}").json["can_object"] is False


def test_only_ones_own_hours_can_be_objected_to_and_only_others_decided(roster: Roster) -> None:
    both = roster.new("volunteer", "coordinator")
    roster.person(both.id, ["student", "volunteer", "coordinator"])
    roster.grant(both.id, REPAIR)
    _, id = serve(roster, who=roster.client(both))
    stranger = roster.volunteer()

    hidden = object_to(stranger, id)
    raised = object_to(roster.client(both), id)
    own = roster.client(both).post(
        f"/objections/{raised.json['id']}/decision", {"upheld": False, "answer": "就这样"}
    )

    assert hidden.status_code == 404
    assert stranger.get(f"/hours/{id}").status_code == 404
    assert code(own) == (409, "own_hours")


def absent(roster: Roster, **reason: Any) -> tuple[ApiClient, str]:
    session_id = roster.publish(entry())
    volunteer = roster.volunteer(REPAIR)
    id = roster.take(volunteer, roster.shifts(session_id)[0])["id"]
    roster.at(3)
    marked = roster.coordinator.post(f"/assignments/{id}/absent", reason)
    assert marked.status_code == 200, marked.json
    return volunteer, id


def test_an_absence_has_a_reason_or_none_and_can_be_given_one_later(roster: Roster) -> None:
    volunteer, id = absent(roster)

    before = volunteer.get("/absences/mine").json["items"][0]
    given = roster.coordinator.put(
        f"/assignments/{id}/absence", {"excused": True, "reason": "发烧，当天请过假"}
    )
    after = volunteer.get("/absences/mine").json["items"][0]
    listed = roster.coordinator.get("/absences", month="2026-12").json["items"]

    assert (before["excused"], before["can_object"]) == (False, True)
    assert given.status_code == 200
    assert (after["excused"], after["reason"]) == (True, "发烧，当天请过假")
    assert [one["assignment_id"] for one in listed] == [id]


def test_an_objection_to_an_absence_gives_it_a_reason_or_hours(roster: Roster) -> None:
    volunteer, id = absent(roster, excused=False)
    raised = object_to(volunteer, id, seen=0).json

    decide(roster, raised, answer="辅导员证明在医院")

    shown = volunteer.get("/absences/mine").json["items"][0]
    assert (shown["excused"], shown["reason"]) == (True, "辅导员证明在医院")
    assert [one["state"] for one in shown["objections"]] == ["upheld"]


def test_who_was_there_after_all_gets_hours_for_an_absence(roster: Roster) -> None:
    volunteer, id = absent(roster)
    raised = object_to(volunteer, id, seen=0).json
    roster.at(5)

    decide(roster, raised, right={"checked_in_at": moment(0), "checked_out_at": moment(2)})

    assert volunteer.get("/absences/mine").json["items"] == []
    assert volunteer.get("/hours/mine").json["total_minutes"] == 120
    assert [one["kind"] for one in volunteer.get(f"/hours/{id}").json["entries"]] == ["correction"]
