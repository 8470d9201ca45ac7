"""Coming, leaving, not coming, and the hours that follow."""

from typing import Any

from services.roster.app import close_all_forgotten
from tests.integration.roster.given import REPAIR, Roster, code, entry
from tests.support.clients import ApiClient


def on_shift(roster: Roster, **how: Any) -> tuple[ApiClient, dict[str, Any], str]:
    """Return a volunteer on a shift from 0 to 2 h of a session that lasts 4 h."""
    session_id = roster.publish(entry(), **how)
    volunteer = roster.volunteer(REPAIR)
    return volunteer, roster.take(volunteer, roster.shifts(session_id)[0]), session_id


def test_a_volunteer_comes_and_leaves_by_the_code_on_the_wall(roster: Roster) -> None:
    volunteer, taken, session_id = on_shift(roster)
    path = f"/assignments/{taken['id']}"

    roster.at(0.25)
    came = volunteer.post(f"{path}/check-in", {"wall_code": roster.wall_code(session_id)})
    there = roster.staffing(session_id)
    roster.at(1.751)
    left = volunteer.post(f"{path}/check-out", {"wall_code": roster.wall_code(session_id)})

    assert (came.status_code, came.json["state"]) == (200, "attended")
    assert [(row["starts_at"][11:16], row["present"]) for row in there] == [
        ("06:00", 0),
        ("06:15", 1),
    ]
    assert left.json["checked_out_at"].startswith("2026-12-02T07:45:0")
    hours = volunteer.get("/hours/mine").json
    assert (hours["total_minutes"], hours["items"][0]["minutes"]) == (90, 90)
    recorded = roster.service.announced("hours.recorded.v1")
    assert [(event.subject, event.version, event.data["minutes"]) for event in recorded] == [
        (taken["id"], 1, 90)
    ]
    rows = roster.staffing(session_id)
    assert [(row["accepted"], row["present"]) for row in rows] == [(1, 0), (1, 1), (0, 0)]


def test_an_old_or_missing_code_is_refused_at_its_field(roster: Roster) -> None:
    volunteer, taken, session_id = on_shift(roster)
    path = f"/assignments/{taken['id']}/check-in"
    old = roster.wall_code(session_id)
    roster.at(0)

    for body in ({"wall_code": old}, {}, {"wall_code": "nonsense"}):
        refused = volunteer.post(path, body)
        assert code(refused) == (422, "wrong_wall_code")
        assert refused.json["errors"][0]["pointer"] == "#/wall_code"


def test_staff_note_the_time_of_their_device_and_both_times_are_kept(roster: Roster) -> None:
    volunteer, taken, _ = on_shift(roster)
    path = f"/assignments/{taken['id']}"
    roster.at(1)

    came = roster.coordinator.post(f"{path}/check-in", {"occurred_at": "2026-12-02T13:50:00+08:00"})
    left = roster.coordinator.post(
        f"{path}/check-out", {"occurred_at": "2026-12-02T14:40:30+08:00"}
    )

    assert came.json["checked_in_at"] == "2026-12-02T05:50:00Z"
    assert left.json["by"] == "staff"
    item = volunteer.get("/hours/mine").json["items"][0]
    assert item["minutes"] == 50
    assert item["recorded_at"].startswith("2026-12-02T07:00:0")


def test_times_outside_the_session_or_ahead_are_refused(roster: Roster) -> None:
    _, taken, _ = on_shift(roster)
    path = f"/assignments/{taken['id']}"
    roster.at(0.5)
    early, ahead = "2026-12-02T12:59:00+08:00", "2026-12-02T15:30:00+08:00"

    for wrong in (early, ahead):
        refused = roster.coordinator.post(f"{path}/check-in", {"occurred_at": wrong})
        assert code(refused) == (422, "out_of_bounds")
    roster.coordinator.post(f"{path}/check-in", {"occurred_at": "2026-12-02T14:20:00+08:00"})
    before = roster.coordinator.post(
        f"{path}/check-out", {"occurred_at": "2026-12-02T14:10:00+08:00"}
    )
    naive = roster.coordinator.post(f"{path}/check-out", {"occurred_at": "2026-12-02T14:25:00"})

    assert code(before) == (422, "out_of_bounds")
    assert naive.json["errors"][0]["pointer"] == "#/occurred_at"


def test_coming_twice_or_leaving_before_coming_is_refused(roster: Roster) -> None:
    _, taken, _ = on_shift(roster)
    path = f"/assignments/{taken['id']}"
    roster.at(0.5)

    assert code(roster.coordinator.post(f"{path}/check-out")) == (409, "not_checked_in")
    roster.coordinator.post(f"{path}/check-in")
    assert code(roster.coordinator.post(f"{path}/check-in")) == (409, "already_checked_in")
    assert code(roster.coordinator.post(f"{path}/drop")) == (409, "not_droppable")
    roster.coordinator.post(f"{path}/check-out")
    assert code(roster.coordinator.post(f"{path}/check-out")) == (409, "already_checked_out")


def test_leaving_without_the_code_counts_until_the_shifts_end_at_the_latest(
    roster: Roster,
) -> None:
    volunteer, taken, session_id = on_shift(roster)
    path = f"/assignments/{taken['id']}"
    roster.at(0.25)
    volunteer.post(f"{path}/check-in", {"wall_code": roster.wall_code(session_id)})
    roster.at(2.9)

    wrong = volunteer.post(f"{path}/check-out", {"wall_code": "nonsense"})
    left = volunteer.post(f"{path}/check-out")

    assert code(wrong) == (422, "wrong_wall_code")
    assert (left.status_code, left.json["checked_out_at"]) == (200, "2026-12-02T08:00:00Z")
    assert left.json["closed_by_rule"] is False


def test_a_repeated_check_in_with_its_key_is_answered_even_when_the_code_has_changed(
    roster: Roster,
) -> None:
    volunteer, taken, session_id = on_shift(roster)
    path = f"/assignments/{taken['id']}/check-in"
    roster.at(0)
    body = {"wall_code": roster.wall_code(session_id)}

    first = volunteer.post(path, body, key="scan")
    roster.at(0.5)
    second = volunteer.post(path, body, key="scan")

    assert (second.status_code, second.json) == (200, first.json)


def test_a_forgotten_check_out_is_closed_at_the_shifts_end_and_flagged(roster: Roster) -> None:
    volunteer, taken, _ = on_shift(roster)
    roster.at(0.5)
    came = {"occurred_at": "2026-12-02T14:00:00+08:00"}
    roster.coordinator.post(f"/assignments/{taken['id']}/check-in", came)
    roster.at(2.9)
    assert close_all_forgotten(roster.service.database) == 0
    roster.at(3.1)

    assert close_all_forgotten(roster.service.database) == 1
    assert close_all_forgotten(roster.service.database) == 0

    item = volunteer.get("/hours/mine").json["items"][0]
    assert (item["minutes"], item["closed_by_rule"]) == (120, True)
    mine = volunteer.get(f"/assignments/{taken['id']}").json
    assert (mine["checked_out_at"], mine["closed_by_rule"]) == ("2026-12-02T08:00:00Z", True)


def test_staff_put_a_check_out_right_that_was_closed_by_rule(roster: Roster) -> None:
    volunteer, taken, _ = on_shift(roster)
    path = f"/assignments/{taken['id']}"
    roster.at(0.5)
    came = {"occurred_at": "2026-12-02T14:00:00+08:00"}
    roster.coordinator.post(f"{path}/check-in", came)
    roster.at(3.1)
    close_all_forgotten(roster.service.database)

    right = roster.coordinator.post(
        f"{path}/check-out", {"occurred_at": "2026-12-02T15:00:00+08:00"}
    )

    assert (right.status_code, right.json["closed_by_rule"]) == (200, False)
    hours = volunteer.get("/hours/mine").json
    assert (hours["total_minutes"], len(hours["items"])) == (60, 1)
    assert [e.version for e in roster.service.announced("hours.recorded.v1")] == [1, 2]


def test_who_did_not_come_is_marked_absent_and_the_place_is_free_again(roster: Roster) -> None:
    _, taken, session_id = on_shift(roster)
    path = f"/assignments/{taken['id']}"

    assert code(roster.coordinator.post(f"{path}/absent")) == (409, "not_started")
    roster.at(0.5)
    absent = roster.coordinator.post(f"{path}/absent")

    assert (absent.status_code, absent.json["state"]) == (200, "absent")
    assert roster.shifts(session_id)[0]["accepted"] == 0
    assert roster.staffing(session_id)[0]["accepted"] == 0
    assert code(roster.coordinator.post(f"{path}/absent")) == (409, "not_expected")
    roster.coordinator.post(f"{path}/check-in")
    assert roster.shifts(session_id)[0]["accepted"] == 1


def test_hours_of_a_trial_are_recorded_and_counted_in_no_total(roster: Roster) -> None:
    volunteer, taken, _ = on_shift(roster, trial=True)
    assert volunteer.person is not None
    roster.at(0)
    roster.coordinator.post(f"/assignments/{taken['id']}/check-in")
    roster.at(1.001)
    roster.coordinator.post(f"/assignments/{taken['id']}/check-out")

    hours = volunteer.get("/hours/mine").json
    of_person = roster.coordinator.get("/hours", person_id=volunteer.person.id).json

    assert (hours["total_minutes"], hours["items"][0]["trial"]) == (0, True)
    assert hours["items"][0]["minutes"] == 60
    assert of_person["total_minutes"] == 0
    assert roster.coordinator.get("/hours").json["total_minutes"] == 0


def test_assignments_ahead_and_past_are_told_apart(roster: Roster) -> None:
    volunteer, taken, session_id = on_shift(roster)
    roster.at(3.5)

    upcoming = volunteer.get("/assignments/mine").json["items"]
    past = volunteer.get("/assignments/mine", when="past", session_id=session_id).json["items"]

    assert upcoming == []
    assert [one["id"] for one in past] == [taken["id"]]


def test_a_trial_on_a_future_day_can_be_played_through_before_it(roster: Roster) -> None:
    volunteer, taken, _ = on_shift(roster, trial=True)
    path = f"/assignments/{taken['id']}"

    came = roster.coordinator.post(f"{path}/check-in", {"occurred_at": "2026-12-02T14:00:00+08:00"})
    left = roster.coordinator.post(
        f"{path}/check-out", {"occurred_at": "2026-12-02T15:00:00+08:00"}
    )

    assert (came.status_code, left.status_code) == (200, 200)
    assert volunteer.get("/hours/mine").json["total_minutes"] == 0
