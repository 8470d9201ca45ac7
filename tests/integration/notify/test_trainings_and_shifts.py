"""What people are told about trainings, and volunteers about their shifts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.notify.use_cases.asking import wakes_at
from shared.clock import iso, now, parse
from shared.ids import new_id
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


def offered(session: dict[str, Any], person_id: str, **given: Any) -> dict[str, Any]:
    return {
        "offer_id": new_id(),
        "shift_id": new_id(),
        "session_id": session["id"],
        "person_id": person_id,
        "role": {"zh": "维修台", "en": "Repair bench"},
        "skill": None,
        "starts_at": session["starts_at"],
        "ends_at": session["ends_at"],
        "state": "offered",
        "holds": True,
        "expires_at": iso(now() + timedelta(hours=4)),
    } | given


def test_an_offered_shift_is_told_with_its_deadline_and_where_to_answer(notify: Notify) -> None:
    volunteer = notify.person("volunteer@example.org", "en", "volunteer")
    data = offered(notify.session(), volunteer.id)

    notify.tell("shift.offered.v1", data["offer_id"], data)

    item = notify.inbox(volunteer, "en")[0]
    assert item["title"].startswith("A shift is kept for you until")
    assert item["link"] == f"/offers/{data['offer_id']}"
    (mail,) = notify.deliveries(volunteer, channel="mail")
    assert mail.expires_at == parse(data["expires_at"])


def test_a_swap_says_both_shifts(notify: Notify) -> None:
    volunteer = notify.person("volunteer@example.org", role="volunteer")
    session = notify.session()
    given = {"assignment_id": new_id(), "session_id": new_id()}
    given |= {"starts_at": "2026-12-09T06:00:00Z", "ends_at": "2026-12-09T08:00:00Z"}
    more = {"holds": False, "stand_in": True, "in_return": given}

    data = offered(session, volunteer.id, **more)
    notify.tell("shift.offered.v1", data["offer_id"], data)

    item = notify.inbox(volunteer)[0]
    assert item["title"].startswith("有位志愿者想和你换班")
    assert "12 月 9 日 周三 14:00" in item["body"]


def test_an_offer_that_ends_unanswered_is_told_kindly_and_its_mail_stays_unsent(
    notify: Notify,
) -> None:
    volunteer = notify.person("volunteer@example.org", role="volunteer")
    data = offered(notify.session(), volunteer.id)
    notify.tell("shift.offered.v1", data["offer_id"], data)

    notify.tell("shift.offer_closed.v1", data["offer_id"], data | {"state": "expired"})

    assert notify.inbox(volunteer)[0]["title"].startswith("名额已经给了下一位")
    (mail,) = notify.deliveries(volunteer, channel="mail")
    assert (mail.state, mail.reason) == ("skipped", "overtaken")


def test_who_answered_an_offer_is_told_nothing_more_of_it(notify: Notify) -> None:
    volunteer = notify.person(role="volunteer")
    data = offered(notify.session(), volunteer.id)
    notify.tell("shift.offered.v1", data["offer_id"], data)

    notify.tell("shift.offer_closed.v1", data["offer_id"], data | {"state": "declined"})

    assert len(notify.inbox(volunteer)) == 1


def test_a_call_for_help_is_told_and_that_enough_come_too(notify: Notify) -> None:
    volunteer = notify.person("volunteer@example.org", role="volunteer")
    data = offered(notify.session(), volunteer.id, state="asked", call_id=new_id())
    id = data.pop("offer_id")

    notify.tell("help.asked.v1", id, data)
    notify.tell("help.closed.v1", id, data | {"state": "filled"})

    titles = [item["title"] for item in notify.inbox(volunteer)]
    assert [title.split("：")[0] for title in titles] == [
        "够人了，这次不用来",
        "现在能来帮忙吗？小家电义务维修",
    ]
    (mail,) = notify.deliveries(volunteer, channel="mail")
    assert (mail.state, mail.reason) == ("skipped", "overtaken")


def test_mail_that_asks_keeps_the_quiet_hours_of_the_venue() -> None:
    late, night = datetime(2026, 12, 2, 15, 0, tzinfo=UTC), datetime(2026, 12, 2, 18, 0, tzinfo=UTC)
    day, morning = datetime(2026, 12, 2, 6, 0, tzinfo=UTC), datetime(2026, 12, 3, 0, 0, tzinfo=UTC)

    assert wakes_at(late, "Asia/Shanghai") == morning  # 23:00
    assert wakes_at(night, "Asia/Shanghai") == morning  # 02:00
    assert wakes_at(day, "Asia/Shanghai") == day


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
