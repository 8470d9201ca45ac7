"""A training with one seat: enrol, wait, move up when somebody leaves, be marked present."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.browser.centre import Centre
from tests.browser.visitor import Visitor
from tests.support.browser import PHONE

MakeVisitor = Callable[..., Visitor]
Patience = Callable[..., Any]


def test_the_waitlist_moves_up_when_somebody_leaves_and_attendance_is_marked(
    visitor: MakeVisitor, centre: Centre, patience: Patience
) -> None:
    training = centre.training(seats=1)
    page = f"/sessions/{training}"
    first, second = visitor("student2").go(page), visitor("student3").go(page)
    first.press("报名")
    first.says("你已报名")
    second.go(page)
    second.says("座位满了")
    second.press("加入候补")
    second.says("第 1 位")
    second.accessible()

    first.press("退出报名")
    first.send("main form .btn.danger")
    second.says("你已报名", seconds=10)  # by itself: the page is open
    patience(lambda: "报上" in second.go("/me/inbox").text() or "补上" in second.text(), "told")

    leader = visitor("coordinator", size=PHONE).go(f"/manage/sessions/{training}/attendance")
    assert "阿依古丽·买买提" in leader.text()
    leader.send(leader.page.get_by_role("button", name="到了", exact=True))
    assert leader.page.locator("li.is-here", has_text="阿依古丽").is_visible()
    leader.accessible()
    second.go(page)
    second.says("已签到")


def test_a_theme_day_shows_its_repairs_and_trainings_on_one_page(
    visitor: MakeVisitor, centre: Centre, patience: Patience
) -> None:
    leader = visitor("coordinator").go("/manage/programmes/new")
    leader.page.fill("#f-title_zh", "国际志愿者日")
    leader.page.fill("#f-title_en", "Volunteer day")
    leader.page.fill("#f-summary_zh", "一整天的志愿服务")
    leader.page.fill("#f-theme_day", "2030-12-05")
    leader.send("main form .btn.primary")
    found = next(
        one
        for one in centre.staff.items("catalog", "/programmes")
        if one["theme_day"] == "2030-12-05"
    )
    centre.repair(datetime(2030, 12, 5, 2, tzinfo=UTC), crew=0, programme_id=found["id"])

    stranger = visitor().go(f"/programmes/{found['id']}")
    assert stranger.page.locator("h1").inner_text() == "国际志愿者日"
    patience(
        lambda: "小家电义务维修" in stranger.go(f"/programmes/{found['id']}").text(), "its session"
    )
    stranger.accessible()
