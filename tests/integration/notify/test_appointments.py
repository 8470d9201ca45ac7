"""What people are told about their appointments, and what their calendars get."""

from datetime import timedelta
from pathlib import Path

from icalendar import Calendar

from shared.clock import iso, now
from tests.integration.notify.build import HOUR, Notify, at, calendar_of, mails


def test_a_booking_is_confirmed_in_the_app_and_by_mail(notify: Notify, mail_folder: Path) -> None:
    student = notify.person("student@example.org")

    notify.appointment("booked", notify.session(), student)
    notify.send()

    (item,) = notify.inbox(student)
    (mail,) = mails(mail_folder)
    assert item["title"].startswith("预约好了：")
    assert item["link"].startswith("/places/")
    assert mail["Subject"] == item["title"]
    assert mail["To"] == "student@example.org"
    assert "A021" in mail.get_body(("plain",)).get_content()
    assert "小家电义务维修" in mail.get_body(("html",)).get_content()


def test_the_mail_carries_a_calendar_file_with_its_time_zone(
    notify: Notify, mail_folder: Path
) -> None:
    student = notify.person("student@example.org")
    session = notify.session()

    notify.appointment("booked", session, student)
    notify.send()

    (mail,) = mails(mail_folder)
    text = calendar_of(mail)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert "METHOD:REQUEST" in text
    assert "BEGIN:VTIMEZONE" in text
    assert event.decoded("dtstart") == at(session["starts_at"])
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert "student@example.org" in event["attendee"]


def test_moving_and_cancelling_update_the_same_calendar_entry(
    notify: Notify, mail_folder: Path
) -> None:
    student = notify.person("student@example.org")
    session = notify.session()
    booked = notify.appointment("booked", session, student)
    notify.send()
    later = iso(at(session["starts_at"]) + HOUR)

    moved = {**booked, "starts_at": later, "previous_starts_at": booked["starts_at"]}
    notify.appointment("moved", session, student, **moved)
    notify.send()
    notify.appointment("cancelled", session, student, **{**moved, "state": "cancelled"})
    notify.send()

    files = [calendar_of(mail) for mail in mails(mail_folder)]
    events = [Calendar.from_ical(text).walk("VEVENT")[0] for text in files]
    assert len({str(event["uid"]) for event in events}) == 1
    assert [int(event["sequence"]) for event in events] == [2, 3, 4]
    assert ["METHOD:CANCEL" in text for text in files] == [False, False, True]
    assert events[1].decoded("dtstart") == at(later)
    assert events[2]["status"] == "CANCELLED"


def test_the_same_event_again_tells_nobody_twice(notify: Notify, mail_folder: Path) -> None:
    student = notify.person("student@example.org")
    session = notify.session()
    booked = notify.appointment("booked", session, student)

    notify.service.deliver("appointment.booked.v1", booked["id"], 1, booked)
    notify.send()

    assert len(notify.inbox(student)) == 1
    assert len(mails(mail_folder)) == 1


def test_a_cancelled_session_is_told_once_and_says_why(notify: Notify, mail_folder: Path) -> None:
    student = notify.person("student@example.org")
    session = notify.session()
    booked = notify.appointment("booked", session, student)
    notify.send()
    reason = {"zh": "停电检修", "en": "Power cut"}

    notify.session("cancelled", **{**session, "state": "cancelled", "reason": reason,
                                   "starts_at": at(session["starts_at"])})  # fmt: skip
    gone = {**booked, "state": "cancelled", "by": "session", "reason": "session_cancelled"}
    notify.appointment("cancelled", session, student, **gone)
    notify.send()

    last = mails(mail_folder)[-1]
    assert [item["title"][:4] for item in notify.inbox(student)] == ["场次取消", "预约好了"]
    assert "停电检修" in last.get_body(("plain",)).get_content()
    assert "METHOD:CANCEL" in calendar_of(last)


def test_a_cancelled_session_is_told_once_when_bookings_news_comes_first(notify: Notify) -> None:
    student = notify.person("student@example.org")
    session = notify.session()
    booked = notify.appointment("booked", session, student)

    gone = {**booked, "state": "cancelled", "by": "session", "reason": "session_cancelled"}
    notify.appointment("cancelled", session, student, **gone)
    notify.session("cancelled", **{**session, "starts_at": at(session["starts_at"])})

    assert [item["title"][:4] for item in notify.inbox(student)] == ["场次取消", "预约好了"]


def test_a_new_venue_is_told_and_a_new_time_is_left_to_booking(notify: Notify) -> None:
    student = notify.person()
    session = notify.session()
    starts = at(session["starts_at"])
    notify.appointment("booked", session, student)

    elsewhere = {**session, "venue_place": {"zh": "203 室", "en": "Room 203"}}
    notify.session("changed", **{**elsewhere, "starts_at": starts})
    notify.session("changed", **{**elsewhere, "starts_at": starts + timedelta(days=1)})

    titles = [item["title"] for item in notify.inbox(student)]
    assert [title[:5] for title in titles] == ["场次有变动", "预约好了："]
    assert "203 室" in notify.inbox(student)[0]["body"]


def test_an_appointment_waits_for_its_session_to_arrive(notify: Notify) -> None:
    student = notify.person()
    session = notify.session()
    unknown = {**session, "id": "0" * 36}

    notify.appointment("booked", unknown, student)

    assert notify.inbox(student) == []
    assert notify.service.waiting() == 1


def test_a_called_number_is_told_with_its_bench_once_per_call(
    notify: Notify, mail_folder: Path
) -> None:
    student = notify.person("student@example.org", locale="en")
    session = notify.session()
    visit = notify.visit("arrived", session, student)

    notify.visit("called", session, student, **{**visit, "state": "called", "bench": 3, "calls": 1})
    notify.send()

    (item,) = notify.inbox(student, "en")
    assert item["title"] == "A021, please come to bench 3"
    assert mails(mail_folder)[0]["Subject"] == item["title"]


def test_a_call_that_a_desk_made_long_ago_without_a_connection_is_not_told(notify: Notify) -> None:
    student = notify.person("student@example.org")
    session = notify.session()
    long_ago = {"called_at": iso(now() - timedelta(minutes=20))}
    just_now = {"called_at": iso(now() - timedelta(seconds=5))}

    notify.visit("called", session, student, state="called", bench=3, calls=1, **long_ago)
    told_of_the_old_one = notify.inbox(student)
    notify.visit("called", session, student, state="called", bench=3, calls=1, **just_now)

    assert told_of_the_old_one == []
    assert len(notify.inbox(student)) == 1


def test_a_call_that_has_passed_is_not_mailed(notify: Notify) -> None:
    student = notify.person("student@example.org")
    session = notify.session()
    visit = notify.visit("called", session, student, state="called", bench=3, calls=1)

    notify.visit("called", session, student, **{**visit, "state": "serving"})
    notify.send()

    assert notify.stand(student, channel="mail") == [("turn_called", "skipped", "passed")]


def test_a_place_in_the_line_that_ends_is_told_in_words_of_its_own(notify: Notify) -> None:
    student = notify.person("student@example.org")
    session = notify.session()
    visit = notify.visit("called", session, student, state="called", bench=3, calls=1)
    away = {"state": "absent", "bench": None, "keeps_turn_until": "2026-11-25T06:45:00Z"}

    notify.visit("closed", session, student, **{**visit, **away})
    notify.visit("closed", session, student, **{**visit, "state": "left", "ended_by": "policy"})
    notify.visit("closed", session, student, **{**visit, "state": "paused"})
    other = {"session_id": notify.session()["id"], "state": "waiting"}
    notify.visit("arrived", session, student, **{**visit, **other})
    notify.visit("closed", session, student, **{**visit, **other, "state": "left"})

    told = [template for template, *_ in notify.stand(student, channel="app")]
    assert sorted(told) == [
        "line_switched", "parts_waiting", "turn_called", "turn_closed", "turn_missed",
    ]  # fmt: skip


def test_an_undone_call_that_comes_again_is_told_again_and_an_undone_absence_is_not(
    notify: Notify,
) -> None:
    student = notify.person("student@example.org")
    session = notify.session()
    first = {
        "state": "called",
        "bench": 3,
        "calls": 1,
        "called_at": iso(now() - timedelta(minutes=2)),
    }
    visit = notify.visit("called", session, student, **first)

    notify.visit("closed", session, student, **{**visit, "state": "absent"})
    notify.visit("called", session, student, **{**visit, **first})
    undone = {"state": "waiting", "bench": None, "calls": 0, "called_at": None}
    notify.visit("arrived", session, student, **{**visit, **undone})
    again = first | {"called_at": iso(now())}
    notify.visit("called", session, student, **{**visit, **again})

    told = [template for template, *_ in notify.stand(student, channel="app")]
    assert sorted(told) == ["turn_called", "turn_called", "turn_missed"]
