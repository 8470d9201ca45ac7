"""Reminders are made at booking and decided when they are due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.clock import iso
from tests.integration.notify.build import HOUR, Notify, at, mails

START = datetime(2026, 11, 25, 6, 45, tzinfo=UTC)  # 14:45 in Shanghai
DAY = timedelta(days=1)
SetClock = Callable[[datetime], None]


@pytest.fixture
def booked(notify: Notify, at_time: SetClock) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """A student's appointment on 25 November at 14:45, made three days before; its news is sent."""
    at_time(START - 3 * DAY)
    student = notify.person("student@example.org")
    session = notify.session(starts_at=START)
    appointment = notify.appointment("booked", session, student)
    notify.send()
    return student, session, appointment


def test_reminders_go_out_the_day_before_and_two_hours_before(
    notify: Notify, booked: Any, at_time: SetClock, mail_folder: Path
) -> None:
    student, _, _ = booked

    at_time(START - DAY - timedelta(minutes=1))
    before = notify.send()
    at_time(START - DAY + timedelta(minutes=1))
    notify.send()
    at_time(START - 2 * HOUR + timedelta(minutes=1))
    notify.send()

    subjects = [str(mail["Subject"]) for mail in mails(mail_folder)]
    assert before == 0
    assert subjects[1:] == [
        "提醒：11 月 25 日 周三 14:45，小家电义务维修",
        "今天 14:45 见：小家电义务维修",
    ]
    assert [item["title"] for item in notify.inbox(student)][:2] == subjects[:0:-1]


def test_a_cancelled_appointment_is_not_reminded(
    notify: Notify, booked: Any, at_time: SetClock
) -> None:
    student, session, appointment = booked

    notify.appointment("cancelled", session, student, **{**appointment, "state": "cancelled"})
    at_time(START - HOUR)
    notify.send()

    reminders = notify.stand(student, kind="reminder")
    assert {(state, reason) for _, state, reason in reminders} == {("skipped", "cancelled")}


def test_a_moved_appointment_is_reminded_at_its_new_time_only(
    notify: Notify, booked: Any, at_time: SetClock, mail_folder: Path
) -> None:
    student, session, appointment = booked
    later = START + DAY

    moved = {**appointment, "starts_at": iso(later), "ends_at": iso(later + HOUR)}
    notify.appointment("moved", session, student, **moved)
    for moment in (START - HOUR, START + timedelta(minutes=1), later - HOUR):
        at_time(moment)
        notify.send()

    stand = notify.stand(student, kind="reminder", channel="mail")
    subjects = [str(mail["Subject"]) for mail in mails(mail_folder)]
    assert stand == [
        ("reminder_appointment_day", "skipped", "moved"),
        ("reminder_appointment_soon", "skipped", "moved"),
        ("reminder_appointment_day", "sent", None),
        ("reminder_appointment_soon", "sent", None),
    ]
    assert subjects[-2].startswith("提醒：11 月 26 日 周四 14:45")


def test_who_has_arrived_is_not_reminded(notify: Notify, booked: Any, at_time: SetClock) -> None:
    student, session, appointment = booked

    notify.visit("arrived", session, student, appointment_id=appointment["id"])
    at_time(START - HOUR)
    notify.send()

    soon = notify.stand(student, template="reminder_appointment_soon")
    assert [(state, reason) for _, state, reason in soon] == [("skipped", "arrived")] * 2


def test_a_cancelled_session_is_not_reminded(
    notify: Notify, booked: Any, at_time: SetClock
) -> None:
    student, session, _ = booked

    notify.session("cancelled", **{**session, "starts_at": START})
    at_time(START - HOUR)
    notify.send()

    reminders = notify.stand(student, kind="reminder")
    assert {reason for _, _, reason in reminders} == {"cancelled"}


def test_no_reminder_is_made_for_a_moment_that_is_past(notify: Notify, at_time: SetClock) -> None:
    at_time(START - HOUR)
    student = notify.person("student@example.org")

    notify.appointment("booked", notify.session(starts_at=START), student)

    assert notify.deliveries(student, kind="reminder") == []


def test_a_reminder_that_could_not_go_out_in_time_says_so(
    notify: Notify, booked: Any, at_time: SetClock
) -> None:
    student, _, _ = booked

    at_time(START + HOUR)
    notify.send()

    reminders = notify.stand(student, kind="reminder")
    assert {(state, reason) for _, state, reason in reminders} == {("skipped", "too_late")}


def test_a_reminder_speaks_of_the_venue_as_it_is_now(
    notify: Notify, booked: Any, at_time: SetClock
) -> None:
    student, session, _ = booked
    place = {"zh": "203 室", "en": "Room 203"}

    notify.session("changed", **{**session, "starts_at": START, "venue_place": place})
    at_time(START - DAY + timedelta(minutes=1))
    notify.send()

    assert "203 室" in notify.inbox(student)[0]["body"]
    assert at(session["starts_at"]) == START
