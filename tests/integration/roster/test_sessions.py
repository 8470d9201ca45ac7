"""Following sessions: shifts move, people are kept and told, cancelled sessions release them."""

from datetime import timedelta
from typing import Any

from tests.integration.roster.given import DAY, REPAIR, Roster, entry, session_data


def live(roster: Roster, session_id: str) -> list[list[str]]:
    return [[one["state"] for one in shift["assignments"]] for shift in roster.shifts(session_id)]


def first(roster: Roster, session_id: str) -> dict[str, Any]:
    return roster.shifts(session_id)[0]


def test_a_changed_session_moves_its_shifts_and_keeps_and_tells_the_people(roster: Roster) -> None:
    session_id = roster.publish(entry())
    volunteer = roster.volunteer(REPAIR)
    taken = roster.take(volunteer, first(roster, session_id))
    later = DAY + timedelta(days=1)

    roster.change(session_id, entry(day=later), day=later)

    assert first(roster, session_id)["starts_at"] == "2026-12-03T06:00:00Z"
    mine = volunteer.get("/assignments/mine").json["items"]
    assert [(one["id"], one["starts_at"], one["by"]) for one in mine] == [
        (taken["id"], "2026-12-03T06:00:00Z", "session")
    ]
    told = roster.service.announced("shift.accepted.v1")[-1]
    assert (told.subject, told.version, told.data["by"]) == (taken["id"], 2, "session")
    assert roster.staffing(session_id)[0]["starts_at"] == "2026-12-03T06:00:00Z"


def test_a_change_that_does_not_touch_the_shift_tells_nobody(roster: Roster) -> None:
    session_id = roster.publish(entry())
    roster.take(roster.volunteer(REPAIR), first(roster, session_id))

    roster.change(session_id, entry(needed=2, at_most=3))

    assert len(roster.service.announced("shift.accepted.v1")) == 1
    assert first(roster, session_id)["at_most"] == 3


def test_two_neighbouring_shifts_of_one_volunteer_move_together(roster: Roster) -> None:
    session_id = roster.publish(entry((0, 1)), entry((1, 2), position=1))
    volunteer = roster.volunteer(REPAIR)
    for shift in roster.shifts(session_id):
        roster.take(volunteer, shift)

    roster.change(session_id, entry((1, 2)), entry((2, 3), position=1))
    roster.change(session_id, entry((2, 3)), entry((1, 2), position=1))

    assert live(roster, session_id) == [["accepted"], ["accepted"]]
    starts = [one["starts_at"] for one in volunteer.get("/assignments/mine").json["items"]]
    assert starts == ["2026-12-02T07:00:00Z", "2026-12-02T08:00:00Z"]


def test_a_moved_shift_that_meets_another_one_releases_the_volunteer_and_says_so(
    roster: Roster,
) -> None:
    moving, staying = roster.publish(entry((0, 1))), roster.publish(entry((2, 3)))
    volunteer = roster.volunteer(REPAIR)
    taken = roster.take(volunteer, first(roster, moving))
    roster.take(volunteer, first(roster, staying))

    roster.change(moving, entry((2.5, 3.5)))

    assert (live(roster, moving), live(roster, staying)) == ([["released"]], [["accepted"]])
    assert first(roster, moving)["accepted"] == 0
    told = roster.service.announced("shift.dropped.v1")[-1]
    assert (told.subject, told.data["state"], told.data["by"]) == (
        taken["id"],
        "released",
        "session",
    )


def test_needing_fewer_people_keeps_those_who_accepted_and_lets_nobody_in(roster: Roster) -> None:
    session_id = roster.publish(entry(at_most=2))
    staying, leaving = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    roster.take(staying, first(roster, session_id))
    gone = roster.take(leaving, first(roster, session_id))

    roster.change(session_id, entry(at_most=1))

    assert first(roster, session_id)["accepted"] == 2
    leaving.post(f"/assignments/{gone['id']}/drop")
    refused = leaving.post(f"/shifts/{first(roster, session_id)['id']}/accept")
    assert (refused.status_code, refused.json["code"]) == (409, "full")
    assert first(roster, session_id)["accepted"] == 1


def test_a_staffing_entry_that_is_gone_cancels_its_shift_and_one_that_is_back_reopens_it(
    roster: Roster,
) -> None:
    session_id = roster.publish(entry(), entry((2, 4), position=1))
    volunteer = roster.volunteer(REPAIR)
    roster.take(volunteer, roster.shifts(session_id)[1])

    roster.change(session_id, entry())

    gone = roster.shifts(session_id)[1]
    assert (gone["state"], gone["accepted"]) == ("cancelled", 0)
    assert live(roster, session_id) == [[], ["released"]]
    assert len(roster.staffing(session_id)) == 1
    roster.change(session_id, entry(), entry((2, 4), position=1))
    assert roster.shifts(session_id)[1]["state"] == "open"
    roster.take(volunteer, roster.shifts(session_id)[1])


def test_a_cancelled_session_releases_its_people_by_session(roster: Roster) -> None:
    session_id = roster.publish(entry())
    volunteer = roster.volunteer(REPAIR)
    roster.take(volunteer, first(roster, session_id))
    assert roster.coordinator.get(f"/sessions/{session_id}/audience").json == {"volunteers": 1}

    roster.cancel(session_id, entry())

    assert live(roster, session_id) == [["released"]]
    assert roster.staffing(session_id) == []
    assert volunteer.get("/shifts").json["items"] == []
    told = roster.service.announced("shift.dropped.v1")[-1]
    assert (told.data["state"], told.data["by"]) == ("released", "session")
    assert roster.coordinator.get(f"/sessions/{session_id}/audience").json == {"volunteers": 0}


def test_a_shift_of_a_cancelled_session_cannot_be_taken(roster: Roster) -> None:
    session_id = roster.publish(entry())
    shift = first(roster, session_id)
    roster.cancel(session_id, entry())

    refused = roster.volunteer(REPAIR).post(f"/shifts/{shift['id']}/accept")

    assert (refused.status_code, refused.json["code"]) == (409, "cancelled")


def test_an_older_version_of_a_session_changes_nothing(roster: Roster) -> None:
    session_id = roster.publish(entry())
    roster.change(session_id, entry(needed=2))
    announced = len(roster.service.announced())

    data = session_data(session_id, [entry(needed=9, at_most=9)])
    roster.service.deliver("session.changed.v1", session_id, 1, data)

    assert first(roster, session_id)["needed"] == 2
    assert len(roster.service.announced()) == announced


def test_a_message_delivered_twice_is_handled_once(roster: Roster) -> None:
    session_id = roster.publish(entry())
    data = session_data(session_id, [entry(needed=2)])
    for _ in range(2):
        roster.service.deliver("session.changed.v1", session_id, 7, data, id="same-event")

    assert len(roster.service.announced("staffing.changed.v1")) == 2


def test_a_session_without_its_fields_is_laid_aside(roster: Roster) -> None:
    roster.service.deliver("session.published.v1", "s-1", 1, {"id": "s-1"})

    assert "malformed" in roster.service.dead_letters()[0]


def test_the_audience_of_an_unknown_session_is_nobody(roster: Roster) -> None:
    assert roster.coordinator.get("/sessions/unknown/audience").json == {"volunteers": 0}
    assert roster.coordinator.get("/sessions/unknown/shifts").status_code == 404
