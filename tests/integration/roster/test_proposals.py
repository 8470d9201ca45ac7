"""A proposal from the tables to the volunteers: searched for in the worker, edited, locked, solved again, published."""

from datetime import timedelta

from services.roster.app import forget_proposals
from services.roster.models import Proposal
from services.roster.use_cases.searching import search_next
from tests.integration.roster.given import DAY, REPAIR, Roster, code
from tests.integration.roster.planned import DAYS, cells, free, people, plan, solved, week


def test_a_proposal_fills_a_week_says_why_and_shares_hours_out(roster: Roster) -> None:
    week(roster, 3, at_most=1)
    crew = people(roster, 3)

    made = solved(roster)

    found = plan(roster, made)
    assert found["proposal"]["state"] == "ready"
    assert [shift["filled"] for shift in found["shifts"]] == [1, 1, 1]
    assert {cell["person_id"] for shift in found["shifts"] for cell in shift["cells"]} == {
        who.person.id for who in crew if who.person
    }
    assert all(cell["why"][0]["text"] for shift in found["shifts"] for cell in shift["cells"])
    assert [one["planned"] for one in found["hours"]] == [120, 120, 120]
    assert sum(one["missing"] for one in found["weeks"]) == 0
    assert found["proposal"]["progress"][-1]["short"] == 0


def test_what_cannot_be_filled_names_the_rule_in_the_way(roster: Roster) -> None:
    week(roster, 1)
    people(roster, 1, skill=None)

    made = solved(roster)

    [shift] = plan(roster, made)["shifts"]
    assert shift["missing"] == 1
    assert shift["gap_text"] == "没有所需的技能、级别不够或技能已到期（否则有 1 人能来）"


def test_people_who_said_nothing_about_their_time_are_asked_only_if_wanted(roster: Roster) -> None:
    week(roster, 1)
    roster.coordinator.put(
        f"/volunteers/{(who := roster.volunteer(REPAIR).person).id}/newcomer",
        {"newcomer": False},
    )

    wanted, not_wanted = solved(roster), solved(roster, unknown_too=False)

    [shift] = plan(roster, wanted)["shifts"]
    assert [cell["person_id"] for cell in shift["cells"]] == [who.id]
    assert "time_unknown" in {one["code"] for one in shift["cells"][0]["why"]}
    assert cells(roster, not_wanted) == set()


def test_who_has_a_shift_or_gave_it_back_is_left_alone(roster: Roster) -> None:
    [session_id] = week(roster, 1, at_most=2)
    first, second, third = people(roster, 3)
    [shift] = roster.shifts(session_id)
    roster.take(first, shift)
    given_back = roster.take(second, shift)
    assert second.post(f"/assignments/{given_back['id']}/drop").status_code == 200

    made = solved(roster)

    assert third.person is not None
    assert cells(roster, made) == {(shift["id"], third.person.id)}


def test_days_without_shifts_and_days_that_make_no_sense_are_refused(roster: Roster) -> None:
    week(roster, 1)

    nothing = roster.coordinator.post(
        "/proposals", {"from_on": "2027-03-01", "until_on": "2027-03-02"}
    )
    backwards = roster.coordinator.post(
        "/proposals", {"from_on": "2026-12-07", "until_on": "2026-12-01"}
    )

    assert code(nothing) == (422, "no_shifts_ahead")
    assert code(backwards) == (422, "bad_days")
    assert "from_on" in str(nothing.json["errors"])


def test_the_same_key_asks_once(roster: Roster) -> None:
    week(roster, 1)

    first, second = (roster.coordinator.post("/proposals", DAYS, key="k1") for _ in range(2))

    assert first.json == second.json
    assert len(roster.coordinator.get("/proposals").json["items"]) == 1


def test_a_locked_cell_outlives_a_new_search_and_others_mostly_stay(roster: Roster) -> None:
    sessions = week(roster, 3, at_most=1)
    crew = people(roster, 4)
    made = solved(roster)
    before = cells(roster, made)
    [first] = roster.shifts(sessions[0])
    idle = next(
        who.person.id
        for who in crew
        if who.person and who.person.id not in {person for _, person in before}
    )
    was = next(person for shift, person in before if shift == first["id"])

    put = roster.coordinator.post(
        f"/proposals/{made}/cells/put",
        {"shift_id": first["id"], "person_id": idle, "instead_of": was},
    )
    assert put.status_code == 200, put.json
    roster.coordinator.post(f"/proposals/{made}/again", {"seconds": 1})
    search_next(roster.service.database, lambda: False)

    after = cells(roster, made)
    assert (first["id"], idle) in after
    assert (first["id"], was) not in after
    assert len(before & after) >= 1
    [cell] = plan(roster, made)["shifts"][0]["cells"]
    assert cell["locked"]
    assert cell["made_by"] == "hand"


def test_an_edit_against_a_rule_is_refused_and_one_against_advice_asks_for_a_word(
    roster: Roster,
) -> None:
    [session_id] = week(roster, 1, at_most=2)
    [experienced] = people(roster, 1)
    unskilled, busy = free(roster.volunteer()), roster.volunteer(REPAIR)
    busy.put("/availability/mine/weekly", {"hours": [span(1, "08:00", "09:00")]})
    made = solved(roster)
    [shift] = roster.shifts(session_id)
    assert unskilled.person is not None
    assert busy.person is not None

    def put(person_id: str, **how: object) -> tuple[int, object]:
        answer = roster.coordinator.post(
            f"/proposals/{made}/cells/put",
            {"shift_id": shift["id"], "person_id": person_id, **how},
        )
        return answer.status_code, answer.json

    status, refused = put(unskilled.person.id, even_so=True)
    assert (status, refused["code"]) == (409, "rule_in_the_way")
    status, warned = put(busy.person.id)
    assert (status, warned["code"]) == (409, "needs_word")
    assert "没空" in str(warned)
    assert put(busy.person.id, even_so=True)[0] == 200
    cell = next(
        one
        for one in plan(roster, made)["shifts"][0]["cells"]
        if one["person_id"] == busy.person.id
    )
    assert [one["code"] for one in cell["why"]] == ["fixed", "against"]
    choices = roster.coordinator.get(f"/proposals/{made}/shifts/{shift['id']}/choices")
    found = {one["person_id"]: one for one in choices.json["items"]}
    assert found[unskilled.person.id]["refused"]
    assert experienced.person is not None
    assert experienced.person.id not in found


def span(weekday: int, start: str, end: str) -> dict[str, object]:
    return {"weekday": weekday, "starts": start, "ends": end}


def test_who_is_taken_off_stays_off_until_let_back_in(roster: Roster) -> None:
    [session_id] = week(roster, 1, at_most=1)
    [only] = people(roster, 1)
    made = solved(roster)
    [shift] = roster.shifts(session_id)
    assert only.person is not None
    cell = {"shift_id": shift["id"], "person_id": only.person.id}

    assert roster.coordinator.post(f"/proposals/{made}/cells/remove", cell).status_code == 200
    again(roster, made)
    assert cells(roster, made) == set()
    [planned] = plan(roster, made)["shifts"]
    assert planned["off"] == [only.person.id]
    assert "排除" in planned["gap_text"]
    assert roster.coordinator.post(f"/proposals/{made}/cells/let-in", cell).status_code == 200
    again(roster, made)
    assert cells(roster, made) == {(shift["id"], only.person.id)}


def again(roster: Roster, made: str) -> None:
    answer = roster.coordinator.post(f"/proposals/{made}/again", {"seconds": 1})
    assert answer.status_code == 200, answer.json
    assert search_next(roster.service.database, lambda: False)


def test_publishing_a_session_asks_its_people_once_and_ends_the_proposal(roster: Roster) -> None:
    first, second = week(roster, 2, at_most=1)
    people(roster, 2)
    made = solved(roster)
    path = f"/proposals/{made}/sessions/{first}/publish"

    answers = [roster.coordinator.post(path, key="p1") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert [cell["state"] for cell in answers[0].json["cells"]] == ["out"]
    assert roster.coordinator.get(f"/proposals/{made}").json["state"] == "ready"
    assert code(roster.coordinator.post(path)) == (409, "nothing_planned")
    roster.coordinator.post(f"/proposals/{made}/sessions/{second}/publish")
    assert roster.coordinator.get(f"/proposals/{made}").json["state"] == "published"
    assert code(roster.coordinator.post(f"/proposals/{made}/again")) == (409, "proposal_ended")


def test_what_a_rule_refuses_by_now_stays_behind_with_its_sentence(roster: Roster) -> None:
    [session_id] = week(roster, 1, at_most=1)
    [first] = people(roster, 1)
    made = solved(roster)
    roster.take(people(roster, 1)[0], roster.shifts(session_id)[0])

    answer = roster.coordinator.post(f"/proposals/{made}/sessions/{session_id}/publish")

    [cell] = answer.json["cells"]
    assert (cell["state"], cell["person_id"]) == ("refused", first.person and first.person.id)
    assert "满员" in cell["refusal"]


def test_old_proposals_are_forgotten_and_erased_people_leave_plans(roster: Roster) -> None:
    week(roster, 1)
    [one] = people(roster, 1)
    made = solved(roster)
    assert one.person is not None
    roster.person(one.person.id, [], type="person.erased.v1")
    assert cells(roster, made) == set()
    assert roster.coordinator.post(f"/proposals/{made}/discard").status_code == 200

    assert forget_proposals(roster.service.database) == 0
    roster.clock.set(DAY + timedelta(days=200))
    assert forget_proposals(roster.service.database) == 1
    with roster.service.database.reading() as session:
        assert session.get(Proposal, made) is None
