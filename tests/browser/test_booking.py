"""A student books a repair: registers, says what is broken, chooses a time, is told, moves it."""

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event

from shared import clock
from shared.ids import new_id
from tests.browser.centre import Centre
from tests.browser.suites import Place
from tests.browser.visitor import Visitor

MakeVisitor = Callable[..., Visitor]
Patience = Callable[..., Any]


@pytest.fixture
def session(centre: Centre) -> str:
    """A repair session in some days, with one volunteer."""
    starts = (clock.now() + timedelta(days=10)).replace(hour=6, minute=0, second=0, microsecond=0)
    return centre.repair(starts, hours=2, crew=1)


def register(someone: Visitor, address: str) -> None:
    page = someone.page
    someone.go("/register")
    page.fill("#f-name", "古丽娜·买买提")
    page.fill("#f-login", f"s{new_id()[:12]}")
    page.fill("#f-password", "a-long-password")
    page.fill("#f-email", address)
    someone.choose("#f-consent")
    someone.send("main form .btn.primary")


def say_what_is_broken(someone: Visitor, session: str) -> None:
    someone.go(f"/sessions/{session}/book")
    more = someone.page.locator("details.more-cats summary")
    if more.count() and not someone.page.locator("[name=category_id][value='29']").is_visible():
        more.click()
    someone.choose("[name=category_id][value='29']")
    someone.page.fill("#f-brand", "美的 MK-HJ1708")
    someone.page.fill("#f-problem", "按下开关没反应")
    someone.send("button[form=device]")


def choose_time(someone: Visitor, which: int) -> str:
    chosen = someone.page.locator("form#time [name=slot]").nth(which)
    chosen.check(force=True)
    time = someone.page.locator("form#time label.slot b").nth(which).inner_text()
    someone.send("button[form=time]")
    return time


def mails_to(folder: Path, address: str) -> list[EmailMessage]:
    found = []
    for path in folder.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if address in str(message["To"]):
            found.append((path.stat().st_mtime, message))
    return [message for _, message in sorted(found, key=lambda one: one[0])]


def entry_of(message: EmailMessage) -> tuple[str, Event]:
    """Return the method and the one event of the mail's calendar file."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            return str(calendar["METHOD"]), calendar.events[0]
    raise AssertionError(f"no calendar file in {message['Subject']}")


def test_a_student_registers_books_is_told_and_moves_the_booking(
    visitor: MakeVisitor, suite: Place, session: str, patience: Patience
) -> None:
    address = f"{new_id()[:8]}@example.com"
    student = visitor()
    register(student, address)
    say_what_is_broken(student, session)
    time = choose_time(student, 0)
    assert "美的 MK-HJ1708" in student.text()
    assert time in student.text()
    student.send("button[form=confirm]")

    assert student.path.startswith("/places/")
    student.says("预约好了")
    assert student.page.locator("h1.when").inner_text().endswith(time)
    ticket = student.path
    student.accessible()
    patience(lambda: time in student.go("/me/inbox").text(), "a message in the app")
    [booked] = patience(lambda: mails_to(suite.mail, address), "a mail")
    method, event = entry_of(booked)
    assert method == "REQUEST"
    start = event["DTSTART"].dt
    assert f"{start:%H:%M}" == time
    assert start.utcoffset() == timedelta(hours=8)

    student.go(ticket).press("改时间")
    student.page.locator("form#move [name=slot_id]").nth(2).check(force=True)
    later = student.page.locator("form#move label.slot b").nth(2).inner_text()
    student.send("button[form=move]")
    student.says("时间改好了")
    assert student.page.locator("h1.when").inner_text().endswith(later)
    patience(lambda: len(mails_to(suite.mail, address)) == 2, "a mail about the move")
    method, moved = entry_of(mails_to(suite.mail, address)[-1])
    assert method == "REQUEST"
    assert moved["UID"] == event["UID"]
    assert moved["SEQUENCE"] > event["SEQUENCE"]
    assert f"{moved['DTSTART'].dt:%H:%M}" == later


def test_a_calendar_file_of_a_booking_can_be_downloaded(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    place = centre.booked(session, centre.person("student3"))
    student = visitor("student3")
    answer = student.context.request.get(f"/calendar/appointments/{place['id']}.ics")

    assert answer.headers["content-type"].startswith("text/calendar")
    assert len(Calendar.from_ical(answer.body()).events) == 1


def test_a_booking_is_cancelled_and_its_place_is_free_again(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    place = centre.booked(session, centre.person("student5"))
    student = visitor("student5").go(f"/places/{place['id']}")
    student.press("取消预约")
    student.send("main form .btn.danger")

    assert student.path == "/me"
    student.says("预约已取消")
    slots = centre.staff.get("booking", f"/sessions/{session}/slots")["slots"]
    assert sum(slot["taken"] for slot in slots) == 0


def test_registering_wrongly_keeps_what_was_typed_and_says_it_by_field(
    visitor: MakeVisitor,
) -> None:
    stranger = visitor().go("/register")
    page = stranger.page
    page.evaluate(
        "document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })"
    )
    page.fill("#f-name", "李四")
    page.fill("#f-password", "short")
    page.fill("#f-email", "nobody")
    stranger.send("main form .btn.primary")

    assert page.locator("#e-login").is_visible()
    assert "8" in page.locator("#e-password").inner_text()
    assert "@" in page.locator("#e-email").inner_text()
    assert page.locator("#e-consent").is_visible()
    assert page.input_value("#f-name") == "李四"
    assert page.input_value("#f-email") == "nobody"
    assert page.input_value("#f-password") == ""
    stranger.accessible()


def test_a_device_without_a_kind_is_asked_for_and_the_rest_stays(
    visitor: MakeVisitor, session: str
) -> None:
    student = visitor("student8", lang="en").go(f"/sessions/{session}/book")
    page = student.page
    page.evaluate(
        "document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })"
    )
    page.fill("#f-problem", "It does nothing")
    student.send("button[form=device]")

    assert page.locator("#e-category_id").is_visible()
    assert page.input_value("#f-problem") == "It does nothing"
    student.accessible()


def test_a_wrong_password_is_said_and_the_name_stays(visitor: MakeVisitor) -> None:
    stranger = visitor().go("/sign-in")
    stranger.page.fill("#f-login", "student")
    stranger.page.fill("#f-password", "wrong-password")
    stranger.send("main form button")

    assert stranger.page.locator("[role=alert]").is_visible()
    assert stranger.page.input_value("#f-login") == "student"


def test_the_same_form_sent_twice_books_once(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    student = visitor("student9")
    say_what_is_broken(student, session)
    choose_time(student, 1)
    form = {
        name: student.page.input_value(f"form#confirm [name={name}]")
        for name in ("csrf_token", "idempotency_key")
    }
    cookies = "; ".join(
        f"{one['name']}={one['value']}" for one in student.context.cookies(student.page.url)
    )
    answers = [
        student.context.request.post(
            student.page.url, form=form, headers={"Cookie": cookies}, max_redirects=0
        )
        for _ in range(2)
    ]

    assert [answer.status for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    taken = centre.staff.get("booking", f"/sessions/{session}/slots")["slots"]
    assert sum(slot["taken"] for slot in taken) == 1


def test_a_full_slot_is_refused_with_a_sentence_and_another_can_be_chosen(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    student = visitor("student10")
    say_what_is_broken(student, session)
    choose_time(student, 0)
    centre.booked(session)  # somebody else was quicker
    student.send("button[form=confirm]")

    assert student.page.locator("[role=alert]").is_visible()
    student.press("换一个时间")
    choose_time(student, 0)
    student.send("button[form=confirm]")
    assert student.path.startswith("/places/")


def test_booking_works_without_scripts(visitor: MakeVisitor, session: str) -> None:
    student = visitor("student11", scripts=False)
    student.go(f"/sessions/{session}")
    student.send("a.slot")
    if not student.page.locator("[name=category_id][value='29']").is_visible():
        student.page.locator("details.more-cats summary").click()
    student.choose("[name=category_id][value='29']")
    student.page.fill("#f-problem", "插上没反应")
    student.send("button[form=device]")
    student.page.locator("form#time [name=slot]").last.check(force=True)
    student.send("button[form=time]")
    student.send("button[form=confirm]")

    assert student.path.startswith("/places/")
    assert "预约好了" in student.text()
