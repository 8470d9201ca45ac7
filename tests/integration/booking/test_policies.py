"""Policies: written against a version, laid over the sessions ahead, told to who is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared.clock import now
from shared.tables import audit as audit_table
from tests.integration.booking.build import Told, kettle, repair, tomorrow, training
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def offering(booking: Service, told: Told) -> str:
    """Tell booking of the offering behind a session."""
    id = str(told.data["offering_id"])
    data = {
        "id": id,
        "kind": told.data["kind"],
        "title": told.data["title"],
        "summary": {"zh": "", "en": ""},
        "skill": "repair",
        "categories": [],
        "minutes_per_device": 30,
        "devices_per_bench": 2,
        "max_devices": 3,
        "cancel_cutoff_minutes": 60,
        "state": "active",
    }
    booking.deliver("offering.changed.v1", id, 1, data)
    return id


def put(booking: Service, id: str, version: int = 0, **rules: Any) -> Any:
    coordinator = booking.as_("coordinator")
    return coordinator.put(f"/offerings/{id}/policy", rules, if_match=version)


def with_policy(booking: Service, told: Told, **rules: Any) -> Told:
    answer = put(booking, offering(booking, told), **rules)
    assert answer.status_code == 200, answer.json
    return told


def book(client: ApiClient, told: Told, slot: int = 0, **given: Any) -> Any:
    wish = {"slot_id": told.slots()[slot]["id"], "devices": [kettle()], **given}
    return client.post("/appointments", wish)


def test_a_policy_is_written_against_the_version_one_has_seen(booking: Service) -> None:
    id = offering(booking, repair(booking))

    assert booking.as_("coordinator").get(f"/offerings/{id}/policy").headers["ETag"] == '"0"'
    assert put(booking, id, 0, notice_minutes=60).json["version"] == 1
    assert put(booking, id, 0, notice_minutes=90).json["code"] == "stale"
    assert put(booking, id, 1, notice_minutes=90).json["version"] == 2

    found = booking.as_("coordinator").get(f"/offerings/{id}/policy").json
    assert (found["version"], found["notice_minutes"]) == (2, 90)


def test_wrong_fields_are_named_in_both_languages(booking: Service) -> None:
    id = offering(booking, repair(booking))
    wrong: dict[str, Any] = {
        "opens_days": 3,
        "week_limit": 4,
        "term_limit": 2,
        "blackouts": [{"from": "2026-12-10", "to": "2026-12-01", "note": {"zh": "盘点"}}],
        "categories": [{"id": 14, "minutes": 20}, {"id": 14, "minutes": 30}],
    }

    answer = put(booking, id, 0, **wrong)

    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json["errors"]} == {
        "#/opens_at",
        "#/term_limit",
        "#/blackouts/0/to",
        "#/categories/1/id",
    }
    assert put(booking, id, 0, opens_days=1, opens_at="25:00").status_code == 422


def test_students_neither_read_nor_write_a_policy(booking: Service) -> None:
    id = offering(booking, repair(booking))

    assert booking.as_("student").get(f"/offerings/{id}/policy").status_code == 403
    assert booking.as_("student").put(f"/offerings/{id}/policy", {}).status_code == 403


def test_booking_opens_by_the_policy_and_not_before(booking: Service) -> None:
    told = repair(booking, starts_at=tomorrow() + timedelta(days=6))
    with_policy(booking, told, opens_days=2, opens_at="12:00")

    answer = book(booking.as_("student"), told)

    assert answer.json["code"] == "booking_not_open_yet"
    assert booking.client().get(f"/sessions/{told.id}/slots").json["state"] == "not_yet"
    assert book(booking.as_("coordinator"), told).status_code == 201


def test_nobody_books_further_ahead_than_the_horizon(booking: Service) -> None:
    told = repair(booking, starts_at=tomorrow() + timedelta(days=6))
    with_policy(booking, told, horizon_days=3)

    assert book(booking.as_("student"), told).json["code"] == "booking_not_open_yet"


def test_a_later_opening_of_the_session_itself_stays(booking: Service) -> None:
    opens = now() + timedelta(hours=5)
    told = repair(booking, booking_opens_at=opens)
    with_policy(booking, told, horizon_days=300)

    assert book(booking.as_("student"), told).json["code"] == "booking_not_open_yet"


def test_a_slot_is_booked_some_time_ahead(booking: Service) -> None:
    told = repair(booking, starts_at=now() + timedelta(minutes=90))
    with_policy(booking, told, notice_minutes=120)

    answer = book(booking.as_("student"), told)

    assert answer.json["code"] == "too_soon"
    assert "2 小时" in answer.json["detail"]
    assert [slot["state"] for slot in told.slots()] == ["too_soon", "free"]
    seen = booking.client().get("/availability", session_ids=told.id).json["items"]
    assert seen[0]["free"] == 4
    assert book(booking.as_("student"), told, 1).status_code == 201


def test_a_blackout_day_is_refused_with_its_reason_and_staff_may_book(booking: Service) -> None:
    told = repair(booking)
    day = (tomorrow() + timedelta(hours=8)).date()
    days = [{"from": str(day), "to": str(day), "note": {"zh": "设备盘点", "en": "Stocktaking"}}]
    with_policy(booking, told, blackouts=days)
    person = booking.as_("student")

    answer = book(person, told)

    assert answer.json["code"] == "closed_that_day"
    assert "设备盘点" in answer.json["detail"]
    over = book(booking.as_("coordinator"), told, person_id=person.person.id)
    assert over.status_code == 201
    with booking.database.reading() as session:
        actions = session.scalars(select(audit_table.c.action)).all()
    assert "appointment.book_over_rules" in actions


def test_a_holiday_and_an_exam_week_close_where_the_policy_says_so(booking: Service) -> None:
    told = repair(booking)
    monday = tomorrow().date() - timedelta(days=tomorrow().weekday())
    with_policy(booking, told, closed_in_exam_weeks=True)
    assert book(booking.as_("student"), told).status_code == 201
    term(booking, monday, exam_weeks=[1, 2])

    answer = book(booking.as_("student"), told)

    assert answer.json["code"] == "closed_that_day"
    assert "考试周" in answer.json["detail"]


def term(booking: Service, monday: date, **given: Any) -> str:
    """Tell booking of a term of 20 weeks that starts on `monday`."""
    data = {
        "id": "11111111-1111-4111-8111-111111111111",
        "name": {"zh": "秋季学期", "en": "Autumn"},
        "starts_on": monday.isoformat(),
        "weeks": 20,
        "exam_weeks": [],
        "holidays": [],
        "moved_days": [],
        "state": "active",
        **given,
    }
    booking.deliver("calendar.changed.v1", data["id"], given.get("version", 1), data)
    return str(data["id"])


def test_moving_and_cancelling_have_a_cut_off_each(booking: Service) -> None:
    told = repair(booking, starts_at=now() + timedelta(hours=3))
    with_policy(booking, told, cancel_cutoff_minutes=60, move_cutoff_minutes=300)
    person = booking.as_("student")
    mine = book(person, told).json["id"]

    seen = person.get(f"/appointments/{mine}").json
    move = person.post(f"/appointments/{mine}/move", {"slot_id": told.slots()[1]["id"]})

    assert seen["can"] == {"move": False, "cancel": True}
    assert move.json["code"] == "too_late_to_move"
    assert person.post(f"/appointments/{mine}/cancel").status_code == 200


def test_a_stricter_policy_takes_no_promise_back(booking: Service) -> None:
    told = repair(booking, starts_at=now() + timedelta(hours=3))
    person = booking.as_("student")
    mine = book(person, told).json["id"]

    with_policy(booking, told, cancel_cutoff_minutes=600)

    assert person.post(f"/appointments/{mine}/cancel").status_code == 200


def test_only_categories_of_the_policy_are_taken_and_its_minutes_kept(booking: Service) -> None:
    told = with_policy(booking, repair(booking), categories=[{"id": 15, "minutes": 12}])

    answer = book(booking.as_("student"), told)

    assert answer.json["code"] == "category_refused"
    lamp = {"devices": [kettle(category_id=15)]}
    assert book(booking.as_("student"), told, **lamp).status_code == 201


def test_a_buffer_ends_slots_early_unless_somebody_has_booked(booking: Service) -> None:
    free, booked = repair(booking), repair(booking)
    booked.change(offering_id=free.data["offering_id"])
    book(booking.as_("student"), booked)

    with_policy(booking, free, buffer_minutes=10)

    def lengths(told: Told) -> list[int]:
        return [int(slot["ends_at"][14:16]) for slot in told.slots()]

    assert lengths(free) == [50, 0]
    assert lengths(booked) == [0, 0]


def test_a_changed_session_keeps_the_policy_laid_over_it(booking: Service) -> None:
    told = with_policy(booking, repair(booking), max_devices=1, notice_minutes=30)

    told.change(max_devices=3)

    two = {"devices": [kettle(), kettle()]}
    assert book(booking.as_("student"), told, **two).json["code"] == "too_many_devices"
    rules = booking.client().get(f"/sessions/{told.id}/rules").json
    assert (rules["max_devices"], rules["notice_minutes"]) == (1, 30)


def test_trainings_keep_closed_days_and_notice_too(booking: Service) -> None:
    told = training(booking, starts_at=now() + timedelta(minutes=30))
    with_policy(booking, told, notice_minutes=60)

    answer = booking.as_("student").post("/enrolments", {"session_id": told.id})

    assert answer.json["code"] == "too_soon"


def test_a_preview_tells_what_a_policy_would_mean_and_saves_nothing(booking: Service) -> None:
    told = repair(booking)
    monday = tomorrow().date() - timedelta(days=tomorrow().weekday())
    term(booking, monday, exam_weeks=[1, 2])
    id = offering(booking, told)
    policy = {
        "notice_minutes": 120,
        "cancel_cutoff_minutes": 30,
        "move_cutoff_minutes": 45,
        "closed_in_exam_weeks": True,
    }
    day = (tomorrow() + timedelta(hours=8)).date()

    answer = booking.as_("coordinator").post(
        f"/offerings/{id}/policy/preview", {**policy, "week": str(day)}
    )

    assert answer.status_code == 200, answer.json
    assert len(answer.json["days"]) == 7
    found = next(one for one in answer.json["days"] if one["sessions"])
    assert (found["on"], found["kind"]) == (str(day), "exam")
    shown = found["sessions"][0]
    assert shown["told"]["code"] == "closed_that_day"
    assert shown["told_today"]["code"] == "open"
    assert len(shown["slots"]) == 2
    assert booking.as_("coordinator").get(f"/offerings/{id}/policy").json["version"] == 0
    assert book(booking.as_("student"), told).status_code == 201


def test_the_preview_says_what_enforcement_says(booking: Service) -> None:
    told = repair(booking, starts_at=now() + timedelta(minutes=90), ends_at=None)
    id = offering(booking, told)
    policy = {"notice_minutes": 1440}
    day = (now() + timedelta(minutes=90, hours=8)).date()
    preview = booking.as_("coordinator").post(
        f"/offerings/{id}/policy/preview", {**policy, "week": str(day)}
    )
    sessions = [one for found in preview.json["days"] for one in found["sessions"]]

    put(booking, id, 0, **policy)

    said = book(booking.as_("student"), told, 1).json
    assert sessions[0]["told"]["code"] == said["code"]
    assert sessions[0]["told"]["zh"] == said["detail"]
