"""The day itself: arrivals, walk-ins, calls by keyboard, outcomes, and pages that follow by themselves."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from deploy import acts
from shared import clock
from shared.clock import iso
from tests.browser.centre import Centre
from tests.browser.suites import Place
from tests.browser.visitor import Visitor
from tests.browser.wire import Wire
from tests.support.browser import DESK, WALL

PHONE_SECONDS = 3.0
WALL_SECONDS = 1.0
MakeVisitor = Callable[..., Visitor]
Measured = Callable[[str, float], None]
Patience = Callable[..., Any]


@pytest.fixture
def session(centre: Centre) -> str:
    """A repair session that runs now, with one volunteer present."""
    made = centre.repair(crew=0)
    shift = acts.shifts_of(centre.staff, made)[0]["id"]
    centre.take(shift, check_in=True)
    centre.take(shift)
    acts.open_slots(centre.staff, made, 2)
    return made


def follow(someone: Visitor) -> None:
    """Wait until the page is connected to what happens."""
    live = "[data-live-status][data-state=live]"
    someone.page.locator(live).first.wait_for(state="attached")


def at_desk(visitor: MakeVisitor, session: str) -> Visitor:
    desk = visitor("coordinator", size=DESK).go(f"/desk/{session}")
    follow(desk)
    return desk


def press(desk: Visitor, key: str) -> None:
    """Press a key as a person does: when the desk has taken the last one (a double tap is one)."""
    desk.page.locator("[data-desk]:not([aria-busy])").wait_for()
    desk.page.keyboard.press(key)


def rows(desk: Visitor) -> list[str]:
    return desk.page.locator(".desk-row b").all_inner_texts()


def check_in(desk: Visitor, typed: str) -> None:
    desk.page.fill("#scan", typed)
    press(desk, "Enter")
    desk.page.locator(".desk-toast").first.wait_for()
    press(desk, "Escape")


def walk_in(desk: Visitor, name: str) -> str:
    """Take somebody in by keyboard; return the number."""
    before = set(rows(desk))
    press(desk, "Escape")
    press(desk, "n")
    dialog = desk.page.locator("dialog[open]")
    dialog.locator("#f-category_id").select_option("15")
    dialog.locator("#f-name").fill(name)
    press(desk, "Enter")
    dialog.wait_for(state="detached")
    desk.page.wait_for_function(
        "(many) => document.querySelectorAll('.desk-row').length > many", arg=len(before)
    )
    return next(iter(set(rows(desk)) - before))


def press_on_bench(desk: Visitor, bench: int) -> None:
    """Choose a bench by its digit and act on it."""
    desk.page.keyboard.press(str(bench))
    desk.page.locator(f"[data-bench='{bench}'].is-chosen").wait_for()
    press(desk, "Enter")


@pytest.mark.alone
def test_one_visit_from_the_code_to_the_outcome_while_ticket_and_wall_follow(
    visitor: MakeVisitor, centre: Centre, session: str, measured: Measured
) -> None:
    me = centre.person("student")
    place = centre.booked(session, me, late=True)
    student = visitor("student").go(f"/places/{place['id']}")
    wall = visitor("coordinator", size=WALL).go(f"/wall/{session}")
    desk = at_desk(visitor, session)
    follow(student)
    follow(wall)

    student.watch(".steps li.c, .pos", "")
    since = time.time()
    check_in(desk, centre.code_of(me, place["id"]))
    measured("the ticket says waiting after check-in", student.waited(since, PHONE_SECONDS))
    [number] = rows(desk)
    assert "张*明" not in desk.page.locator(".desk-row").inner_text() or number

    student.watch(".ticket.called .no", number)
    wall.watch("[data-part=number]", number)
    since = time.time()
    press(desk, "Enter")
    on_wall = wall.waited(since, WALL_SECONDS)
    on_phone = student.waited(since, PHONE_SECONDS)
    measured("the wall shows a call (from the key press)", on_wall)
    measured("the phone shows a call (from the key press)", on_phone)
    assert on_phone < PHONE_SECONDS
    assert on_wall < WALL_SECONDS
    assert "张*" in wall.page.locator("[data-part=name]").inner_text() or wall.text()
    student.check()

    press_on_bench(desk, 1)
    desk.page.locator("[data-bench='1'].is-serving").wait_for()
    press_on_bench(desk, 1)
    dialog = desk.page.locator("dialog[open]")
    dialog.locator("[name=status]").first.wait_for()
    student.watch(".ticket", "完成了")
    since = time.time()
    press(desk, "1")
    press(desk, "Enter")
    measured("the phone shows the outcome", student.waited(since, PHONE_SECONDS))
    dialog.wait_for(state="detached")
    assert "修好了" in desk.page.locator(".desk-last").inner_text()
    assert "修好" in student.text()
    student.check()
    desk.check()


def test_walk_ins_stand_in_the_same_line_and_are_called_in_turn_by_enter(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    desk = at_desk(visitor, session)
    first, second = walk_in(desk, "马丽娜"), walk_in(desk, "Tom Baker")
    assert rows(desk) == [first, second]
    assert "马*娜" in desk.page.locator(".desk-row").first.inner_text()

    press(desk, "Enter")
    desk.page.locator("[data-bench='1'].is-called", has_text=first).wait_for()
    press(desk, "Enter")
    desk.page.locator("[data-bench='2'].is-called", has_text=second).wait_for()

    assert rows(desk) == []
    desk.check()


def test_a_form_that_is_answered_with_a_failure_leaves_the_desk_where_it_is(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    desk = at_desk(visitor, session)
    walk_in(desk, "宋雨")
    failure = "<main><h1>这一步没有做成</h1><p>请重新登录。</p></main>"
    desk.calm = False
    desk.page.route(
        "**/call-next",
        lambda route: route.fulfill(status=401, content_type="text/html", body=failure),
    )

    desk.page.locator("[data-call-next]").click()

    desk.page.locator(".desk-toast.bad", has_text="请重新登录").wait_for()
    assert desk.page.url.endswith(f"/desk/{session}")
    desk.page.unroute("**/call-next")
    press(desk, "Enter")
    desk.page.locator(".desk-bench.is-called").wait_for()


def test_a_code_can_be_typed_and_a_number_brings_somebody_back_who_was_absent(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    me = centre.someone()
    place = centre.booked(session, me, late=True)
    desk = at_desk(visitor, session)
    check_in(desk, "A977")
    assert desk.page.locator(".desk-toast.bad").is_visible()

    check_in(desk, centre.code_of(me, place["id"]).lower())
    desk.page.locator(".desk-row.is-next").wait_for()
    [number] = rows(desk)
    press(desk, "Enter")
    desk.page.locator(".desk-bench.is-called", has_text=number).wait_for()
    press(desk, "x")
    desk.page.locator(".desk-row.is-absent", has_text=number).wait_for()
    check_in(desk, str(int(re.sub(r"\D", "", number))))
    desk.page.locator(".desk-row.is-next", has_text=number).wait_for()
    desk.check()


def test_absent_comes_back_into_the_line(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    desk = at_desk(visitor, session)
    number = walk_in(desk, "邓老师")
    press(desk, "Enter")
    desk.page.locator(".desk-bench.is-called", has_text=number).wait_for()
    press(desk, "x")
    desk.page.locator(".desk-row.is-absent", has_text=number).wait_for()
    press(desk, "b")
    desk.page.locator(".desk-row.is-next", has_text=number).wait_for()


@pytest.mark.alone
def test_pages_that_lost_their_connection_show_the_call_when_it_is_back(
    visitor: MakeVisitor, suite: Place, centre: Centre, session: str, measured: Measured
) -> None:
    staff = centre.staff
    body = {"name": "诸葛青", "devices": [{"category_id": 29}]}
    place = staff.post("booking", f"/sessions/{session}/walk-ins", body)
    with Wire(suite.url) as wire:
        phone = visitor(base=wire.url).go(f"/places/{place['id']}?key={place['key']}")
        wall = visitor("coordinator", base=wire.url, size=WALL).go(f"/wall/{session}")
        for one in (phone, wall):
            follow(one)
            one.calm = False
        wire.cut()
        phone.page.locator("[data-live-status][data-state=wait]").wait_for()
        wall.page.locator("[data-live-status][data-state=wait]").wait_for()
        phone.watch(".ticket.called .no", place["number"])
        wall.watch("[data-part=number]", place["number"])
        staff.post("booking", f"/sessions/{session}/call-next", {"bench": 2})
        since = time.time()
        wire.mend()
        on_phone = phone.waited(since, PHONE_SECONDS)
        on_wall = wall.waited(since, PHONE_SECONDS)
        measured("the phone shows the call after its connection is back", on_phone)
        measured("the wall shows the call after its connection is back", on_wall)
        assert on_phone < PHONE_SECONDS
        assert on_wall < WALL_SECONDS

        phone.page.locator("[data-live-status][data-state=live]").wait_for(timeout=40_000)
        phone.watch(".ticket", "正在修")
        ticket = staff.get("booking", f"/places/{place['id']}")["devices"][0]["id"]
        staff.post("booking", f"/tickets/{ticket}/start", {"bench": 2})
        took = phone.waited(time.time(), PHONE_SECONDS)
        measured("and follows as before", took)
        assert took < PHONE_SECONDS


@pytest.mark.alone
def test_a_phone_without_signal_catches_up_when_it_has_signal_again(
    visitor: MakeVisitor, centre: Centre, session: str, measured: Measured
) -> None:
    body = {"name": "宋雨", "devices": [{"category_id": 29}]}
    place = centre.staff.post("booking", f"/sessions/{session}/walk-ins", body)
    phone = visitor().go(f"/places/{place['id']}?key={place['key']}")
    follow(phone)
    phone.calm = False
    phone.context.set_offline(True)
    centre.staff.post("booking", f"/sessions/{session}/call-next", {"bench": 1})
    phone.page.wait_for_timeout(1500)
    phone.watch(".ticket.called .no", place["number"])
    since = time.time()
    phone.context.set_offline(False)
    took = phone.waited(since, PHONE_SECONDS)
    measured("a phone that was offline shows the call", took)
    assert took < PHONE_SECONDS


def test_hours_follow_from_check_in_to_check_out(
    visitor: MakeVisitor, centre: Centre, patience: Patience
) -> None:
    session = centre.repair(crew=0)
    shift = acts.shifts_of(centre.staff, session)[0]["id"]
    volunteer = centre.person("volunteer4")
    body = {"person_id": volunteer.id}
    assignment = centre.staff.post("roster", f"/shifts/{shift}/accept", body)["id"]
    came = {"occurred_at": iso(clock.now() - timedelta(minutes=15))}
    centre.staff.post("roster", f"/assignments/{assignment}/check-in", came)

    desk = at_desk(visitor, session)
    assert "在岗" in desk.page.locator(".desk-duty").inner_text()
    phone = visitor("volunteer4").go("/shifts")
    phone.says("在岗")
    phone.send(f"form[action='/assignments/{assignment}/check-out'] button")
    phone.says("时长记下了")

    patience(lambda: "15 分钟" in phone.go("/me/hours").text(), "fifteen minutes are recorded")
    patience(lambda: "已签退" in desk.page.locator(".desk-duty").inner_text(), "the desk knows")


def test_a_volunteer_is_checked_in_at_the_desk_and_more_can_be_served(
    visitor: MakeVisitor, centre: Centre
) -> None:
    session = centre.repair(crew=1)
    desk = at_desk(visitor, session)
    desk.page.locator(".desk-duty button", has_text="签到").click()
    desk.page.locator(".desk-duty", has_text="在岗").wait_for()
    desk.check()


def test_the_code_on_the_wall_lets_a_student_take_a_number(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    code = centre.staff.get("booking", f"/sessions/{session}/wall-code")["code"]
    student = visitor("student12").go(f"/go/{session}/{code}")
    more = student.page.locator("details.more-cats summary")
    kind = student.page.locator("[name=category_id]").first
    if kind.evaluate("(e) => e.tagName") == "SELECT":
        kind.select_option("29")
    else:
        if more.count():
            more.click()
        student.choose("[name=category_id][value='29']")
    student.send("main form .btn.primary")

    assert student.path.startswith("/places/")
    assert student.page.locator("h1.no").is_visible()
    student.accessible()
