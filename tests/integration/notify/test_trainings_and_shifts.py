"""What people are told about trainings, and volunteers about their shifts."""

from datetime import timedelta
from pathlib import Path

from shared.clock import iso
from tests.integration.notify.build import Notify, at, mails


def test_a_waitlisted_person_is_told_when_a_seat_is_theirs(notify: Notify) -> None:
    student = notify.person()
    training = notify.session(kind="training", title={"zh": "焊接入门", "en": "Soldering"})

    waiting = notify.enrolment("waitlisted", training, student)
    notify.enrolment("promoted", training, student, **{**waiting, "state": "enrolled"})

    titles = [item["title"] for item in notify.inbox(student, "en")]
    assert titles[0].startswith("You have a seat now: Soldering")
    assert titles[1] == "On the waitlist: Soldering"


def test_a_moved_training_is_told_and_reminded_at_its_new_time(notify: Notify) -> None:
    student = notify.person()
    training = notify.session(kind="training")
    notify.enrolment("enrolled", training, student)
    new = at(training["starts_at"]) + timedelta(days=1)

    notify.session("changed", **{**training, "starts_at": new, "ends_at": iso(new)})

    reminders = notify.deliveries(student, kind="reminder", channel="app")
    dues = sorted(d.due_at for d in reminders if d.params["starts_at"] == iso(new))
    assert notify.inbox(student)[0]["title"].startswith("场次有变动")
    assert dues == [new - timedelta(days=1), new - timedelta(hours=2)]


def test_everybody_in_a_cancelled_session_is_told_in_their_own_words(
    notify: Notify, mail_folder: Path
) -> None:
    student = notify.person("student@example.org")
    volunteer = notify.person("volunteer@example.org", "en", "volunteer")
    training = notify.session(kind="training")
    notify.enrolment("enrolled", training, student)
    notify.shift("accepted", training, volunteer)
    notify.send()

    notify.session("cancelled", **{**training, "starts_at": at(training["starts_at"])})
    notify.send()

    last = {mail["To"]: mail.get_body(("plain",)).get_content() for mail in mails(mail_folder)}
    assert "你的报名一并取消" in last["student@example.org"]
    assert "you are not needed" in last["volunteer@example.org"]


def test_an_accepted_shift_is_confirmed_and_reminded_the_day_before(notify: Notify) -> None:
    volunteer = notify.person("volunteer@example.org", role="volunteer")
    session = notify.session()

    notify.shift("accepted", session, volunteer)

    assert [d.template for d in notify.deliveries(volunteer, channel="mail")] == [
        "shift_accepted",
        "reminder_assignment_day",
    ]


def test_a_shift_with_new_times_says_what_they_were(notify: Notify) -> None:
    volunteer = notify.person(role="volunteer")
    session = notify.session()
    shift = notify.shift("accepted", session, volunteer)
    later = iso(at(shift["starts_at"]) + timedelta(minutes=30))

    notify.shift("accepted", session, volunteer, **{**shift, "starts_at": later})

    first = notify.inbox(volunteer)[0]
    assert first["title"].startswith("班次有变动")
    assert "原来：" in first["body"]


def test_a_dropped_shift_is_not_reminded(notify: Notify) -> None:
    volunteer = notify.person("volunteer@example.org", role="volunteer")
    session = notify.session()
    shift = notify.shift("accepted", session, volunteer)

    notify.shift("dropped", session, volunteer, **{**shift, "state": "dropped"})

    assert [item["title"][:5] for item in notify.inbox(volunteer)] == ["已退出班次", "班次已确认"]
