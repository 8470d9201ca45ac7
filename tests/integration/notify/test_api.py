"""Notify's API: contacts, wishes, inbox, deliveries, messages, calendars; and erasure."""

from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.integration.notify.build import Notify, mails, unfold


def test_putting_a_contact_twice_changes_nothing(notify: Notify) -> None:
    student = notify.person("a@example.org", "en")
    client = notify.service.client(student)

    client.put(f"/contacts/{student.id}", {"email": "a@example.org", "locale": "en"})

    known = {"person_id": student.id, "email": "a@example.org", "locale": "en"}
    assert client.get("/contacts/me").get_json() == known


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"email": "no address", "locale": "zh"}, "#/email"),
        ({"email": "a@example.org\nBcc: b@example.org", "locale": "zh"}, "#/email"),
        ({"email": "a" * 250 + "@example.org", "locale": "zh"}, "#/email"),
        ({"email": None, "locale": "fr"}, "#/locale"),
        ({"email": None, "locale": "zh", "phone": "1"}, "#/phone"),
    ],
)
def test_a_contact_that_cannot_be_right_is_refused_by_field(
    notify: Notify, given: dict[str, Any], pointer: str
) -> None:
    student = notify.service.people.student()

    answer = notify.service.client(student).put(f"/contacts/{student.id}", given)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


def test_somebody_elses_contact_is_not_found_but_staff_and_front_may_put_it(
    notify: Notify,
) -> None:
    student = notify.person("a@example.org")
    given = {"email": "b@example.org", "locale": "zh"}

    answers = [
        notify.service.as_(role).put(f"/contacts/{student.id}", given).status_code
        for role in ("student", "volunteer", "coordinator", "admin", "front")
    ]

    assert answers == [404, 404, 200, 200, 200]


def test_the_inbox_follows_the_readers_language_and_counts_what_is_unread(notify: Notify) -> None:
    student = notify.person()
    session = notify.session()
    for _ in range(3):
        notify.appointment("booked", session, student)
    client = notify.service.client(student, "en")

    first = client.get("/inbox", limit=2).get_json()
    rest = client.get("/inbox", limit=2, cursor=first["next_cursor"]).get_json()
    left = client.post("/inbox/read", {"ids": [first["items"][0]["id"]]}).get_json()
    done = client.post("/inbox/read", {"all": True}).get_json()

    assert first["items"][0]["title"].startswith("Booked: Repair afternoon")
    assert (first["unread"], left["unread"], done["unread"]) == (3, 2, 0)
    assert len(first["items"]) + len(rest["items"]) == 3
    assert rest["next_cursor"] is None


def test_nobody_reads_or_marks_somebody_elses_inbox(notify: Notify) -> None:
    student, other = notify.person(), notify.person()
    notify.appointment("booked", notify.session(), student)
    (item,) = notify.inbox(student)

    notify.service.client(other).post("/inbox/read", {"ids": [item["id"]]})

    assert notify.inbox(other) == []
    assert notify.inbox(student)[0]["read_at"] is None


def test_wishes_are_kept_one_by_one(notify: Notify) -> None:
    client = notify.service.as_("student")

    client.put("/preferences", {"mail": {"turn": False}})
    client.put("/preferences", {"mail": {"shift": False}})

    wanted = client.get("/preferences").get_json()["mail"]
    assert {kind for kind, mail in wanted.items() if not mail} == {"turn", "shift"}


def test_staff_see_who_has_not_been_told_and_why(notify: Notify) -> None:
    session, other = notify.session(), notify.session()
    student = notify.person(None)
    notify.appointment("booked", session, student)
    notify.appointment("booked", other, notify.person("a@example.org"))
    notify.send()

    staff = notify.service.as_("coordinator")
    page = staff.get("/deliveries", state="untold", session_id=session["id"]).get_json()

    (item,) = page["items"]
    assert item["person_id"] == student.id
    assert (item["reason"], item["reason_text"]) == ("no_address", "没有留下邮箱。")
    assert page["counts"]["skipped"] == 1
    assert page["counts"]["waiting"] == 2  # the reminders that are still to come
    assert len(staff.get("/deliveries", state="failed").get_json()["items"]) == 0


def test_what_did_not_arrive_can_be_sent_again(notify: Notify, mail_folder: Path) -> None:
    student = notify.person(None)
    notify.appointment("booked", notify.session(), student)
    notify.send()
    staff = notify.service.as_("coordinator")
    (item,) = staff.get("/deliveries", state="skipped").get_json()["items"]
    given = {"email": "late@example.org", "locale": "zh"}
    notify.service.client(student).put(f"/contacts/{student.id}", given)

    first = staff.post(f"/deliveries/{item['id']}/send-again", key="k1")
    again = staff.post(f"/deliveries/{item['id']}/send-again", key="k1")
    twice = staff.post(f"/deliveries/{item['id']}/send-again", key="k2")
    notify.send()

    assert [a.status_code for a in (first, again, twice)] == [200, 200, 409]
    assert twice.get_json()["code"] == "delivery_not_open"
    assert [mail["To"] for mail in mails(mail_folder)] == ["late@example.org"]


def test_a_password_mail_is_sent_and_its_token_leaves_the_row(
    notify: Notify, mail_folder: Path
) -> None:
    student = notify.person("a@example.org")
    given = {
        "person_id": student.id,
        "template": "password_reset",
        "params": {"token": "s3cret-token"},
    }

    answer = notify.service.as_("front").post("/messages", given, key="k")
    again = notify.service.as_("front").post("/messages", given, key="k")
    notify.send()

    (mail,) = mails(mail_folder)
    (row,) = notify.deliveries(student)
    assert (answer.status_code, again.status_code) == (202, 202)
    assert "http://localhost:8000/reset/s3cret-token" in mail.get_body(("plain",)).get_content()
    assert row.params == {"secret": True}
    assert notify.inbox(student) == []


@pytest.mark.parametrize(
    ("template", "params", "code"),
    [
        ("appointment_booked", {}, "unknown_template"),
        ("password_reset", {}, "wrong_params"),
        ("password_reset", {"token": "t", "more": "x"}, "wrong_params"),
    ],
)
def test_the_front_sends_named_messages_only(
    notify: Notify, template: str, params: dict[str, str], code: str
) -> None:
    given = {"person_id": "p", "template": template, "params": params}

    answer = notify.service.as_("front").post("/messages", given)

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)


def test_an_entry_is_its_owners_alone(notify: Notify) -> None:
    student, session = notify.person(), notify.session()
    appointment = notify.appointment("booked", session, student)
    enrolment = notify.enrolment("enrolled", session, student)
    shift = notify.shift("accepted", session, student)
    paths = [
        f"/calendar/appointments/{appointment['id']}.ics",
        f"/calendar/enrolments/{enrolment['id']}.ics",
        f"/calendar/assignments/{shift['assignment_id']}.ics",
    ]

    mine = [notify.service.client(student).get(path) for path in paths]
    others = [notify.service.as_("coordinator").get(path).status_code for path in paths]
    wrong = notify.service.client(student).get(paths[0].replace("appointments", "enrolments"))

    assert {a.content_type for a in mine} == {"text/calendar; charset=utf-8"}
    assert all("METHOD:PUBLISH" in a.text and "BEGIN:VTIMEZONE" in a.text for a in mine)
    assert others == [404, 404, 404]
    assert wrong.status_code == 404


def test_the_feed_has_what_stands_and_its_old_address_ends(notify: Notify) -> None:
    student, session = notify.person(), notify.session()
    notify.appointment("booked", session, student)
    gone = notify.appointment("booked", notify.session(), student)
    notify.appointment("cancelled", session, student, **{**gone, "state": "cancelled"})
    notify.enrolment("waitlisted", notify.session(kind="training"), student)
    client = notify.service.client(student)
    old = client.get("/feed").get_json()["token"]

    feed = notify.service.client().get(f"/feeds/{old}.ics")
    new = client.post("/feed/renew").get_json()["token"]

    events = Calendar.from_ical(feed.text).walk("VEVENT")
    assert sorted(str(event["status"]) for event in events) == ["CONFIRMED", "TENTATIVE"]
    assert "X-WR-CALNAME:修好 · 我的日程" in unfold(feed.text)
    assert client.get("/feed").get_json()["token"] == new != old
    assert notify.service.client().get(f"/feeds/{old}.ics").status_code == 404
    assert notify.service.client().get(f"/feeds/{new}.ics").status_code == 200


def test_an_erased_person_is_forgotten_and_cannot_come_back(notify: Notify) -> None:
    student, session = notify.person("a@example.org"), notify.session()
    booked = notify.appointment("booked", session, student)
    client = notify.service.client(student)
    token = client.get("/feed").get_json()["token"]

    data = {"person_id": student.id, "roles": [], "locale": "zh", "state": "erased"}
    notify.tell("person.erased.v1", student.id, data)
    notify.appointment("moved", session, student, **booked)
    back = client.put(f"/contacts/{student.id}", {"email": "a@example.org", "locale": "zh"})
    sent = notify.send()

    rows = notify.deliveries()
    assert back.status_code == 409
    assert sent == 0
    assert notify.service.client().get(f"/feeds/{token}.ics").status_code == 404
    assert client.get("/inbox").get_json()["items"] == []
    assert {(row.channel, row.state, row.reason) for row in rows} == {("mail", "skipped", "erased")}
    assert student.id not in {row.recipient for row in rows}
    assert all(row.params == {} for row in rows)


def test_a_person_announced_in_english_is_written_to_in_english(
    notify: Notify, mail_folder: Path
) -> None:
    student = notify.person("a@example.org", "zh")
    data = {"person_id": student.id, "roles": ["student"], "locale": "en", "state": "active"}

    notify.tell("person.changed.v1", student.id, data)
    notify.appointment("booked", notify.session(), student)
    notify.send()

    (mail,) = mails(mail_folder)
    assert str(mail["Subject"]).startswith("Booked: ")
    assert mail["Content-Language"] == "en"
