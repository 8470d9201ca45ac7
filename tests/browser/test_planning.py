"""A coordinator plans through the forms; a volunteer takes the shift; what can be booked follows."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared import clock
from shared.ids import new_id
from tests.browser.centre import Centre
from tests.browser.visitor import Visitor
from tests.support.browser import DESK

ZONE = ZoneInfo("Asia/Shanghai")
PHONE_SECONDS = 3.0
OPEN_SLOT = "a.slot:not(.waitable)"  # one to book, not one to wait for
Measured = Callable[[str, float], None]
MakeVisitor = Callable[..., Visitor]


def day_after(days: int) -> str:
    return (clock.now().astimezone(ZONE).date() + timedelta(days=days)).isoformat()


@pytest.fixture
def coordinator(visitor: MakeVisitor) -> Visitor:
    return visitor("coordinator", size=DESK)


def new_venue(someone: Visitor) -> str:
    name = f"新场地 {new_id()[:6]}"
    someone.go("/manage/venues/new")
    someone.page.fill("#f-name_zh", name)
    someone.page.fill("#f-name_en", f"New room {name[-6:]}")
    someone.page.fill("#f-place_zh", "二层东侧")
    someone.page.fill("#f-place_en", "Second floor")
    someone.page.fill("#f-stations", "3")
    someone.send("main form .btn.primary")
    return name


def new_offering(someone: Visitor) -> str:
    title = f"台灯义务维修 {new_id()[:6]}"
    someone.go("/manage/offerings/new")
    someone.choose("[name=kind][value=repair]")
    someone.page.fill("#f-title_zh", title)
    someone.page.fill("#f-title_en", f"Lamp repair {title[-6:]}")
    someone.page.fill("#f-summary_zh", "带来就修")
    someone.page.fill("#f-summary_en", "Bring it")
    someone.page.select_option("#f-skill", "small_appliance")
    someone.page.fill("#f-minutes_per_device", "15")
    someone.send("main form .btn.primary")
    return title


def begin_session(someone: Visitor, offering: str, venue: str, day: str) -> None:
    """Fill the form of a repair session with one shift."""
    page = someone.page
    someone.go("/manage/sessions/new")
    someone.press(offering)
    page.fill("#f-day", day)
    page.fill("#f-starts", "14:00")
    page.fill("#f-ends", "15:00")
    page.select_option("#f-venue_id", label=f"{venue} · 二层东侧")
    page.fill("#f-benches", "2")
    page.fill("#f-slot_minutes", "15")
    if page.locator("#f-role_zh-0").count() == 0:
        someone.send("[name=do][value=add_row]")
    page.fill("#f-role_zh-0", "维修")
    page.fill("#f-role_en-0", "Repair")
    page.select_option("#f-skill-0", "small_appliance")
    page.fill("#f-needed-0", "1")
    page.fill("#f-at_most-0", "2")


def publish(someone: Visitor) -> str:
    session = someone.path.split("/")[3].split("?")[0].split("#")[0]
    someone.send("form[action$='/publish'] button")
    someone.says("已发布")
    return session


def listed(volunteer: Visitor, take: str) -> bool:
    """Whether a shift is on the list of what suits the volunteer, on whatever page of it."""
    volunteer.go("/shifts")
    later = volunteer.page.locator(".pager a[href*='cursor=']:not([href$='cursor='])")
    while volunteer.page.locator(take).count() == 0 and later.count() > 0:
        volunteer.page.goto(later.last.get_attribute("href") or "/shifts")
    return volunteer.page.locator(take).count() > 0


def test_a_session_planned_in_the_forms_opens_as_a_volunteer_takes_its_shift(
    visitor: MakeVisitor,
    coordinator: Visitor,
    centre: Centre,
    patience: Callable[..., Any],
    measured: Measured,
) -> None:
    venue, offering = new_venue(coordinator), new_offering(coordinator)
    begin_session(coordinator, offering, venue, day_after(6))
    coordinator.send(".btn.primary[name=do][value=preview]")
    coordinator.says("草稿")
    session = publish(coordinator)
    student = visitor("student4")
    patience(
        lambda: "等待志愿者" in student.go(f"/sessions/{session}").text(),
        "the session waits for volunteers",
    )
    assert student.page.locator(OPEN_SLOT).count() == 0

    person = centre.person("volunteer2").id  # nobody new comes alone
    centre.staff.put("roster", f"/volunteers/{person}/newcomer", {"newcomer": False})
    volunteer = visitor("volunteer2")
    take = f"article:has-text('{offering}'):has-text('小家电维修') form[action*='/accept'] button"
    patience(lambda: listed(volunteer, take), "the shift is shown")
    student.watch(OPEN_SLOT)
    since = time.time()
    volunteer.send(take)
    volunteer.says("班次是你的了")
    took = student.waited(since, PHONE_SECONDS)

    measured("the slots open on the student's page after a shift is taken", took)
    assert took < PHONE_SECONDS
    assert student.page.locator(OPEN_SLOT).count() == 4  # one volunteer at two benches, four slots
    volunteer.says("我的")
    drop = f"article:has-text('{offering}') form[action*='/drop'] button"
    student.watch(".notice", "等待志愿者")
    since = time.time()
    volunteer.send(drop)
    measured("and close again when it is given back", student.waited(since, PHONE_SECONDS))
    assert student.page.locator(OPEN_SLOT).count() == 0


def test_a_weekly_series_is_looked_at_before_it_is_saved_and_published_as_a_whole(
    coordinator: Visitor, visitor: MakeVisitor
) -> None:
    venue, offering = new_venue(coordinator), new_offering(coordinator)
    begin_session(coordinator, offering, venue, day_after(3))
    coordinator.choose("[name=repeat][value=weekly]")
    coordinator.page.fill("#f-count", "3")
    coordinator.send(".btn.primary[name=do][value=preview]")

    first = datetime.fromisoformat(day_after(3))
    shown = coordinator.page.locator("ol.dates li").all_inner_texts()
    assert [f"{(first + timedelta(weeks=n)).day} 日" in one for n, one in enumerate(shown)] == [
        True,
        True,
        True,
    ], shown

    coordinator.send("[name=do][value=save]")
    coordinator.says("3 场")
    publish(coordinator)
    coordinator.press("同系列的场次")
    assert coordinator.page.locator("tbody tr").count() == 3
    assert coordinator.page.locator("tbody .tag.go", has_text="已发布").count() == 3


def test_a_session_form_keeps_what_was_typed_and_says_what_is_wrong(
    coordinator: Visitor,
) -> None:
    venue, offering = new_venue(coordinator), new_offering(coordinator)
    begin_session(coordinator, offering, venue, day_after(4))
    coordinator.page.fill("#f-ends", "13:00")
    coordinator.page.fill("#f-title_zh", "我写的名称")
    coordinator.page.fill("#f-role_zh-0", " ")
    coordinator.send(".btn.primary[name=do][value=preview]")

    assert coordinator.page.locator("#e-ends").inner_text() == "结束要晚于开始。"
    assert coordinator.page.locator("#e-role_zh-0").is_visible()
    assert coordinator.page.input_value("#f-title_zh") == "我写的名称"
    assert coordinator.page.input_value("#f-ends") == "13:00"
    coordinator.accessible()


def test_a_service_refuses_on_the_field_and_the_form_keeps_the_rest(coordinator: Visitor) -> None:
    venue, offering = new_venue(coordinator), new_offering(coordinator)
    begin_session(coordinator, offering, venue, day_after(4))
    coordinator.page.fill("#f-benches", "50")
    coordinator.send(".btn.primary[name=do][value=preview]")

    assert coordinator.page.locator("#e-benches").is_visible()
    assert coordinator.page.input_value("#f-role_zh-0") == "维修"


def test_a_published_session_is_changed_after_seeing_who_will_be_told(
    coordinator: Visitor, centre: Centre, visitor: MakeVisitor, patience: Callable[..., Any]
) -> None:
    student = centre.person("student6")
    starts = (clock.now() + timedelta(days=8)).replace(hour=2, minute=0, second=0, microsecond=0)
    session = centre.repair(starts, hours=2)
    centre.booked(session, student)
    coordinator.go(f"/manage/sessions/{session}/edit")
    coordinator.page.fill("#f-starts", "10:30")
    coordinator.page.fill("#f-ends", "12:30")
    coordinator.send(".btn.primary[name=do][value=review]")

    counts = coordinator.page.locator("dl.counts dd").all_inner_texts()
    assert counts == ["1", "1", "0", "2"]
    coordinator.send("[name=do][value=confirm]")
    coordinator.says("10:30–12:30")

    reader = visitor("student6")
    patience(lambda: "10:30" in reader.go("/me/inbox").text(), "the student is told of the change")


def test_a_session_is_cancelled_after_seeing_who_will_be_told_and_they_are_told(
    coordinator: Visitor, centre: Centre, visitor: MakeVisitor, patience: Callable[..., Any]
) -> None:
    starts = (clock.now() + timedelta(days=9)).replace(hour=6, minute=0, second=0, microsecond=0)
    session = centre.repair(starts, hours=2, crew=1)
    centre.booked(session, centre.person("student7"))
    coordinator.go(f"/manage/sessions/{session}/cancel")
    assert coordinator.page.locator("dl.counts dd").all_inner_texts() == ["1", "1", "0", "1"]

    coordinator.page.fill("#f-reason_zh", "停电检修")
    coordinator.send("[name=do][value=confirm]")
    coordinator.says("停电检修")

    student = visitor("student7")
    patience(lambda: "停电检修" in student.go("/me/inbox").text(), "the student is told why")
    patience(
        lambda: "这个场次取消了" in student.go(f"/sessions/{session}").text(), "the page says so"
    )
