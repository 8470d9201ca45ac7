"""Taking and dropping shifts, and what each volunteer is told about them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from shared.ids import new_id
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry


def only(items: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(items) == 1
    return items[0]


def listed(who: Any, **query: Any) -> list[dict[str, Any]]:
    return who.get("/shifts", **query).json["items"]


def test_a_published_session_makes_one_shift_per_staffing_entry(roster: Roster) -> None:
    session_id = roster.publish(entry(), entry((1, 3), skill=None, position=1, zh="前台"))

    first, second = roster.shifts(session_id)

    assert (first["role"]["zh"], second["role"]["zh"]) == ("维修台", "前台")
    assert first["starts_at"] == "2026-12-02T06:00:00Z"
    assert first["session_title"]["zh"] == "小家电义务维修"
    assert [row["needed"] for row in roster.staffing(session_id)] == [1, 1]


def test_a_skilled_volunteer_takes_a_shift_and_staffing_follows_at_once(roster: Roster) -> None:
    session_id = roster.publish(entry())
    volunteer = roster.volunteer(REPAIR)
    shift = only(listed(volunteer))
    assert shift["can_take"] is True

    taken = roster.take(volunteer, shift)

    assert (taken["state"], taken["by"]) == ("accepted", "self")
    assert only(roster.staffing(session_id))["accepted"] == 1
    announced = roster.service.announced("shift.accepted.v1")[-1]
    assert (announced.subject, announced.version) == (taken["id"], 1)
    after = only(listed(volunteer))
    assert (after["accepted"], after["why_not"]) == (1, "already_taken")
    assert after["mine"]["id"] == taken["id"]


@pytest.mark.parametrize(("locale", "text"), [("zh", "“小家电维修”"), ("en", "Appliance repair")])
def test_the_list_says_which_skill_is_missing(roster: Roster, locale: str, text: str) -> None:
    roster.publish(entry())
    volunteer = roster.volunteer()
    volunteer.locale = locale

    shift = only(listed(volunteer))

    assert (shift["can_take"], shift["why_not"]) == (False, "skill_missing")
    assert text in shift["why_not_text"]
    refused = volunteer.post(f"/shifts/{shift['id']}/accept")
    assert code(refused) == (409, "skill_missing")
    assert refused.json["detail"] == shift["why_not_text"]


def test_the_list_says_full_overlap_started_and_role_missing(roster: Roster) -> None:
    roster.publish(entry(at_most=1), entry((1, 3), position=1))
    volunteer, other = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    first, second = listed(volunteer)
    roster.take(volunteer, first)

    assert [shift["why_not"] for shift in listed(other)] == ["full", None]
    assert [shift["why_not"] for shift in listed(volunteer)] == ["already_taken", "overlaps"]
    student = roster.client(roster.new("student"))
    assert {shift["why_not"] for shift in listed(student)} == {"role_missing"}
    assert code(student.post(f"/shifts/{second['id']}/accept"))[0] == 403
    roster.at(0.5)
    assert [shift["why_not"] for shift in listed(other)] == ["already_started", None]
    assert code(other.post(f"/shifts/{first['id']}/accept")) == (409, "already_started")


def test_a_full_shift_and_a_second_acceptance_are_refused_with_the_reason(roster: Roster) -> None:
    roster.publish(entry(at_most=1))
    volunteer = roster.volunteer(REPAIR)
    shift = only(listed(volunteer))
    roster.take(volunteer, shift)

    again = volunteer.post(f"/shifts/{shift['id']}/accept")
    other = roster.volunteer(REPAIR).post(f"/shifts/{shift['id']}/accept")

    assert code(again) == (409, "already_taken")
    assert code(other) == (409, "full")


def test_shifts_that_touch_do_not_overlap(roster: Roster) -> None:
    roster.publish(entry((0, 1)), entry((1, 2), position=1))
    volunteer = roster.volunteer(REPAIR)

    for shift in listed(volunteer):
        roster.take(volunteer, shift)

    assert len(volunteer.get("/assignments/mine").json["items"]) == 2


def test_an_overlapping_shift_of_another_session_is_refused_by_the_database(
    roster: Roster,
) -> None:
    roster.publish(entry())
    other = roster.publish(entry((1.9, 4)))
    volunteer = roster.volunteer(REPAIR)
    roster.take(volunteer, listed(volunteer)[0])

    refused = volunteer.post(f"/shifts/{only(roster.shifts(other))['id']}/accept")

    assert code(refused) == (409, "overlaps")
    assert only(roster.shifts(other))["accepted"] == 0


def test_only_shifts_ahead_are_listed_page_by_page(roster: Roster) -> None:
    for days in range(5):
        day = DAY + timedelta(days=days)
        roster.publish(entry(day=day), day=day)
    volunteer = roster.volunteer(REPAIR)
    roster.at(3)

    seen, cursor = [], None
    for _ in range(3):
        page = volunteer.get("/shifts", limit=2, **({"cursor": cursor} if cursor else {})).json
        seen += [shift["starts_at"][:10] for shift in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == ["2026-12-03", "2026-12-04", "2026-12-05", "2026-12-06"]


def test_the_list_asks_the_database_equally_often_whatever_its_length(roster: Roster) -> None:
    volunteer = roster.volunteer(REPAIR)
    asked: list[str] = []
    event.listen(
        roster.service.database.engine,
        "before_cursor_execute",
        lambda *args: asked.append(args[2]),
    )
    roster.publish(entry())
    asked.clear()
    assert len(listed(volunteer)) == 1
    with_one = len(asked)
    for _ in range(6):
        roster.publish(entry(), entry((1, 2), position=1))

    asked.clear()
    assert len(listed(volunteer)) == 13

    assert len(asked) == with_one


def test_a_volunteer_drops_before_the_cutoff_and_frees_the_place(roster: Roster) -> None:
    session_id = roster.publish(entry(at_most=1))
    volunteer = roster.volunteer(REPAIR)
    taken = roster.take(volunteer, only(listed(volunteer)))
    assert taken["can_drop"] is True

    dropped = volunteer.post(f"/assignments/{taken['id']}/drop")

    assert (dropped.status_code, dropped.json["state"]) == (200, "dropped")
    assert only(roster.staffing(session_id))["accepted"] == 0
    event = roster.service.announced("shift.dropped.v1")[-1]
    assert (event.data["state"], event.data["by"], event.version) == ("dropped", "self", 2)
    roster.take(roster.volunteer(REPAIR), only(listed(volunteer)))


def test_dropping_after_the_cutoff_is_refused_kindly_but_staff_can(roster: Roster) -> None:
    roster.publish(entry())
    volunteer = roster.volunteer(REPAIR)
    taken = roster.take(volunteer, only(listed(volunteer)))
    roster.at(-1)

    late = volunteer.post(f"/assignments/{taken['id']}/drop")
    by_staff = roster.coordinator.post(f"/assignments/{taken['id']}/drop")
    again = roster.coordinator.post(f"/assignments/{taken['id']}/drop")

    assert code(late) == (409, "too_late_to_drop")
    assert "没关系" in late.json["detail"]
    assert (by_staff.json["state"], by_staff.json["by"]) == ("dropped", "staff")
    assert code(again) == (409, "not_droppable")


def test_staff_assign_a_volunteer_also_while_the_shift_runs(roster: Roster) -> None:
    session_id = roster.publish(entry())
    volunteer = roster.volunteer(REPAIR)
    assert volunteer.person is not None
    shift = only(roster.shifts(session_id))
    roster.at(1)

    nobody = roster.coordinator.post(f"/shifts/{shift['id']}/accept")
    unknown = roster.coordinator.post(f"/shifts/{shift['id']}/accept", {"person_id": new_id()})
    made = roster.coordinator.post(
        f"/shifts/{shift['id']}/accept", {"person_id": volunteer.person.id}
    )
    roster.at(2.1)
    over = roster.coordinator.post(
        f"/shifts/{shift['id']}/accept", {"person_id": volunteer.person.id}
    )

    assert (nobody.status_code, nobody.json["errors"][0]["pointer"]) == (422, "#/person_id")
    assert code(unknown) == (404, "no_such_volunteer")
    assert (made.status_code, made.json["by"]) == (201, "staff")
    assert over.status_code == 409


def test_a_volunteer_cannot_put_somebody_else_on_a_shift(roster: Roster) -> None:
    session_id = roster.publish(entry())
    other = roster.volunteer(REPAIR)
    assert other.person is not None
    path = f"/shifts/{only(roster.shifts(session_id))['id']}/accept"

    refused = roster.volunteer(REPAIR).post(path, {"person_id": other.person.id})

    assert refused.status_code == 403


def test_the_same_key_accepts_once_and_another_body_is_refused(roster: Roster) -> None:
    session_id = roster.publish(entry())
    volunteer = roster.volunteer(REPAIR)
    path = f"/shifts/{only(roster.shifts(session_id))['id']}/accept"

    first = volunteer.post(path, key="tap-1")
    second = volunteer.post(path, key="tap-1")
    other = volunteer.post(path, {"person_id": None}, key="tap-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert code(other) == (422, "idempotency_key_reused")
    assert only(roster.shifts(session_id))["accepted"] == 1


def test_a_token_is_enough_until_the_registration_arrives(roster: Roster) -> None:
    session_id = roster.publish(entry(skill=None))
    newcomer = roster.client(roster.new("volunteer"))

    assert only(listed(newcomer))["can_take"] is True
    roster.take(newcomer, only(roster.shifts(session_id)))


def test_other_peoples_assignments_are_not_found(roster: Roster) -> None:
    roster.publish(entry())
    owner, other = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    taken = roster.take(owner, only(listed(owner)))
    path = f"/assignments/{taken['id']}"

    answers = [
        other.get(path),
        other.post(f"{path}/drop"),
        other.post(f"{path}/check-in", {"wall_code": "ABCDEFGH"}),
        other.post(f"{path}/check-out", {"wall_code": "ABCDEFGH"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert owner.get(path).status_code == 200
    assert roster.coordinator.get(path).status_code == 200
    assert other.get("/assignments/mine").json["items"] == []
