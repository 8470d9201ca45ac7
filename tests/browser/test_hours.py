"""A month and a quarter are checked and closed; a correction afterwards leaves both versions visible."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Thread

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from deploy import acts
from deploy.demo_days import ZONE
from deploy.driver import Api
from deploy.throw_away import Embedded
from shared import clock
from shared.clock import iso
from tests.browser.centre import Centre
from tests.browser.visitor import Visitor
from tests.support.browser import DESK, PHONE

AFTERNOON = datetime(2026, 10, 14, 14, 0, tzinfo=ZONE)
OBJECTION = "我 17:00 才走，在收拾工具。"


def at(month: int, day: int, hour: int = 10, year: int = 2026) -> None:
    clock.current().set(datetime(year, month, day, hour, tzinfo=ZONE))


@contextmanager
def served(suite: Embedded) -> Iterator[str]:
    """Give the address at which a suite of this process answers."""
    server = make_server("127.0.0.1", 0, suite.target, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def address() -> Iterator[str]:
    """A suite on a simulated clock: two people served on an October afternoon, one forgot to check out."""
    with Embedded() as suite:
        at(10, 12)
        centre = Centre(Api(suite.target))
        centre.found()
        serve(centre)
        assert suite._suite is not None
        suite._suite.parts["roster"].worker.run_now("close-forgotten")
        with served(suite) as url:
            yield url


def serve(centre: Centre) -> None:
    session = centre.repair(AFTERNOON, hours=2.5, crew=0)
    shift = acts.shifts_of(centre.staff, session)[0]["id"]
    people = [centre.person(login).id for login in ("volunteer", "volunteer2")]
    first, second = (acts.put_on_shift(centre.staff, shift, one)["id"] for one in people)
    clock.current().set(AFTERNOON + timedelta(hours=4))
    for id, act, hours in (
        (first, "check-in", 0),
        (first, "check-out", 2.5),
        (second, "check-in", 0),
    ):
        noted = {"occurred_at": iso(AFTERNOON + timedelta(hours=hours))}
        centre.staff.post("roster", f"/assignments/{id}/{act}", noted)


@pytest.fixture
def enter(browser: Browser, address: str) -> Iterator[Callable[..., Visitor]]:
    """`enter("coordinator")` → somebody signed in, by the time it is then."""
    opened: list[Visitor] = []

    def come(login: str, size: dict[str, int] = DESK) -> Visitor:
        made = Visitor(browser, address, size=size, data=(OBJECTION,)).sign_in(login)
        opened.append(made)
        return made

    yield come
    for one in opened:
        one.close()


def test_a_month_and_a_quarter_are_closed_and_a_correction_leaves_both_versions(
    enter: Callable[..., Visitor],
) -> None:
    at(10, 15)
    object_to_the_hours(enter("volunteer", PHONE))
    at(10, 16)
    decide_and_confirm(enter("coordinator"))
    close("2026-10", enter, (11, 3, 2026))
    correct_after_closing(enter("coordinator"))
    at(11, 4)
    both_versions_are_visible(enter("volunteer2", PHONE))
    close("2026-Q4", enter, (1, 5, 2027))


def object_to_the_hours(volunteer: Visitor) -> None:
    volunteer.go("/me/hours")
    volunteer.send(".list a.cover")
    volunteer.page.fill("#f-words", OBJECTION)
    volunteer.press("提出异议")
    assert "等待处理" in volunteer.text()


def decide_and_confirm(coordinator: Visitor) -> None:
    """The objection is upheld, the forgotten check-out confirmed as it was set."""
    coordinator.go("/manage/hours/objections").send("td a")
    coordinator.page.fill("#objection #f-ends", "17:00")
    coordinator.page.fill("#f-answer", "查了监控，是 17:00。")
    coordinator.press("定下来并告诉对方")
    assert "3 小时" in coordinator.text()
    coordinator.go("/manage/hours?show=forgotten").send("td a")
    coordinator.page.fill("#f-reason", "核实过")
    coordinator.press("记下更正")
    assert "核实过" in coordinator.text()


def close(name: str, enter: Callable[..., Visitor], day: tuple[int, int, int]) -> None:
    """One coordinator checks, and may not cross-check; another does, and closes."""
    month, on, year = day
    at(month, on, year=year)
    page = f"/manage/hours/periods/{name}"
    first, second = enter("coordinator"), enter("admin")
    first.go(page).press("我自查过了")
    assert "互查要请另一位协调员" in first.text()
    assert first.page.get_by_role("button", name="我互查过了").count() == 0
    second.go(page).press("我互查过了")
    second.press("关账")
    assert "已关账" in second.text()
    assert "关账以后没有变过" in second.text() or name.endswith("Q4")


def correct_after_closing(coordinator: Visitor) -> None:
    coordinator.go("/manage/hours?month=2026-10")
    coordinator.send(coordinator.page.locator("tr", has_text="2 小时 30 分钟").locator("a"))
    coordinator.page.fill("#f-starts", "14:30")
    coordinator.page.fill("#f-reason", "对照登记表，晚到半小时")
    coordinator.press("记下更正")
    text = coordinator.text()
    assert all(version in text for version in ("第 1 条", "第 2 条", "第 3 条", "现在按这条算"))
    coordinator.go("/manage/hours/periods/2026-10")
    text = coordinator.text()
    assert "关账时 5 小时 30 分钟" in text
    assert "关账以后又有 1 条更正，现在是 5 小时" in text


def both_versions_are_visible(volunteer: Visitor) -> None:
    volunteer.go("/me/hours").send(".list a.cover")
    text = volunteer.text()
    assert "14:00–16:30" in text
    assert "14:30–16:30" in text
    assert "对照登记表，晚到半小时" in text
    volunteer.accessible()
