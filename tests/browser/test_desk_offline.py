"""A desk that loses its network: what is done is kept, survives a reload, is sent in order, and conflicts are decided."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Route

from deploy import acts
from shared import clock
from tests.browser.centre import Centre
from tests.browser.suites import Place
from tests.browser.visitor import Visitor
from tests.browser.wire import Wire
from tests.support.browser import DESK
from tests.support.offline_desk import fill_form

MakeVisitor = Callable[..., Visitor]
Patience = Callable[..., Any]


@pytest.fixture
def session(centre: Centre) -> str:
    """A repair session that runs now, with one volunteer present."""
    made = centre.repair(crew=0)
    shift = acts.shifts_of(centre.staff, made)[0]["id"]
    centre.take(shift, check_in=True)
    return made


def walk_in(centre: Centre, session: str, name: str = "宋雨") -> dict[str, Any]:
    body = {"name": name, "devices": [{"category_id": 29}]}
    return dict(centre.staff.post("booking", f"/sessions/{session}/walk-ins", body))


def queue(centre: Centre, session: str) -> dict[str, Any]:
    return dict(centre.staff.get("booking", f"/sessions/{session}/queue"))


def at_desk(visitor: MakeVisitor, session: str, login: str = "coordinator", **how: Any) -> Visitor:
    desk = visitor(login, size=DESK, **how).go(f"/desk/{session}")
    desk.page.locator("[data-live-status][data-state=live]").first.wait_for()
    desk.page.locator("#desk-offline[data-ready]").wait_for(state="attached", timeout=30000)
    desk.calm = False
    return desk


def lose(desk: Visitor) -> None:
    desk.context.set_offline(True)
    desk.page.locator(".desk-page.is-offline").wait_for(timeout=30000)


def form(desk: Visitor, kind: str, **typed: str) -> None:
    """Fill one of the three forms of a desk without a connection, and wait until it is kept."""
    before = desk.page.locator(".desk-off-list li").count()
    fill_form(desk.page, kind, **typed)
    desk.page.wait_for_function(
        "(many) => document.querySelectorAll('.desk-off-list li').length > many", arg=before
    )


def kept(desk: Visitor) -> list[dict[str, Any]]:
    return list(desk.page.evaluate("xiuhaoKept.all()"))


def test_an_afternoon_without_wifi_survives_a_reload_and_is_sent_in_order(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    walk_in(centre, session)
    desk = at_desk(visitor, session)
    lose(desk)
    began = clock.now()

    form(desk, "call", number="b1", bench="2")
    form(desk, "outcome", number="B001", status="Fixed", note="保险丝")
    form(desk, "walk_in", category_id="29", name="马丽娜")
    form(desk, "call", number="T1", bench="1")
    desk.page.reload()
    desk.page.locator(".desk-off-count", has_text="4 条待发送").wait_for(timeout=30000)
    assert desk.page.locator(".desk-row", has_text="B001").is_visible()
    assert queue(centre, session)["done"]["closed"] == 0

    desk.context.set_offline(False)
    patience(lambda: queue(centre, session)["done"]["closed"] == 1, "the outcome", seconds=40)
    desk.page.locator(".desk-off", has_text="T1 的正式号是 B002").wait_for(timeout=30000)

    patience(lambda: queue(centre, session)["called"], "the call of T1")
    line = queue(centre, session)
    assert [(one["number"], one["bench"]) for one in line["called"]] == [("B002", 1)]
    assert line["recent"][0]["note"] == "保险丝"
    called = clock.parse(line["called"][0]["called_at"])
    assert began - timedelta(seconds=5) <= called <= clock.now()
    patience(lambda: len(kept(desk)) == 1, "what went well is kept no longer")
    assert [(one["kind"], one["state"]) for one in kept(desk)] == [("walk_in", "done")]


def test_call_next_is_never_called_without_a_connection(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    walk_in(centre, session)
    desk = at_desk(visitor, session)
    lose(desk)

    desk.page.locator("[data-call-next]").click()

    desk.page.locator(".desk-toast.bad", has_text="断网时不叫").wait_for()
    assert kept(desk) == []


def test_a_cut_wire_keeps_a_form_and_its_answer_that_was_lost_is_not_done_twice(
    visitor: MakeVisitor, suite: Place, centre: Centre, session: str, patience: Patience
) -> None:
    with Wire(suite.url) as wire:
        desk = at_desk(visitor, session, base=wire.url)
        # the form arrives, its answer does not
        desk.page.locator("[data-key=n]").click()
        dialog = desk.page.locator("dialog[open]")
        dialog.locator("#f-category_id").select_option("15")
        dialog.locator("#f-name").fill("宋雨")

        def swallow(route: Route) -> None:
            route.fetch()
            wire.cut()
            route.abort()

        desk.page.route(re.compile(r"/walk-in$"), swallow)
        dialog.locator("button.primary").click()
        desk.page.locator(".desk-off", has_text="待发送").wait_for(timeout=30000)
        assert len(queue(centre, session)["waiting"]) == 1

        wire.mend()
        desk.page.unroute(re.compile(r"/walk-in$"))
        patience(
            lambda: all(one["state"] == "done" for one in kept(desk)), "it is sent", seconds=40
        )

        assert len(queue(centre, session)["waiting"]) == 1


def test_buttons_of_the_line_are_kept_and_rows_say_so(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    walk_in(centre, session)
    staff = centre.staff
    staff.post("booking", f"/sessions/{session}/call-next", {"bench": 1})
    desk = at_desk(visitor, session)
    lose(desk)

    desk.page.locator(".desk-bench.is-called [data-main]").click()

    desk.page.locator(".desk-bench [data-kept]", has_text="待发送").wait_for()
    desk.context.set_offline(False)
    patience(lambda: len(queue(centre, session)["serving"]) == 1, "work began", seconds=40)


def test_two_desks_that_called_one_number_list_a_conflict_and_a_person_decides(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    walk_in(centre, session)
    desk = at_desk(visitor, session)
    lose(desk)
    form(desk, "call", number="B001", bench="2")
    centre.staff.post("booking", f"/sessions/{session}/call-next", {"bench": 1})

    desk.context.set_offline(False)
    desk.page.locator(".desk-off-list .tag.bad").wait_for(timeout=40000)
    desk.go(f"/desk/{session}/conflicts")
    assert "叫 B001 到 2 号工位" in desk.text()
    desk.accessible()
    desk.send("form[action$='/mine'] button")

    desk.says("按断网时记的办了")
    assert queue(centre, session)["called"][0]["bench"] == 2


def test_what_somebody_kept_is_not_sent_in_another_s_name(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    walk_in(centre, session)
    desk = at_desk(visitor, session)
    lose(desk)
    form(desk, "call", number="B001", bench="2")
    desk.page.route("**/acts", lambda route: route.abort())  # it stays unsent
    desk.context.set_offline(False)
    desk.go("/sign-out")
    desk.page.locator("[data-kept-notice]", has_text="1 条").wait_for()
    desk.send("main form button")
    desk.page.unroute("**/acts")

    desk.sign_in("admin")
    desk.page.goto(f"/desk/{session}")
    desk.page.locator(".desk-off", has_text="1 条是别人").wait_for(timeout=30000)
    desk.page.wait_for_timeout(2000)
    assert queue(centre, session)["called"] == []

    desk.go("/sign-out")
    desk.send("main form button")
    desk.sign_in("coordinator")
    desk.page.goto(f"/desk/{session}")
    patience(lambda: queue(centre, session)["called"], "sent by who made it", seconds=40)


def test_two_windows_send_each_act_once(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    desk = at_desk(visitor, session)
    other = desk.context.new_page()
    other.goto(f"/desk/{session}")
    lose(desk)
    for name in ("宋雨", "马丽娜", "邓老师"):
        form(desk, "walk_in", category_id="29", name=name)
    other.locator(".desk-off-count", has_text="3 条待发送").wait_for(timeout=30000)

    desk.context.set_offline(False)
    patience(lambda: len(queue(centre, session)["waiting"]) == 3, "all are sent", seconds=40)
    desk.page.wait_for_timeout(1500)

    assert [one["name"] for one in queue(centre, session)["waiting"]] == [
        "宋雨", "马丽娜", "邓老师",
    ]  # fmt: skip


def test_a_device_whose_clock_is_wrong_keeps_true_times(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    desk = visitor("coordinator", size=DESK)
    desk.page.add_init_script(
        "const real = Date.now; Date.now = () => real() - 7 * 60000;"
        "const D = Date; window.Date = class extends D { constructor(...a) { a.length ? super(...a) : super(D.now()); } static now() { return D.now(); } };"
    )
    desk.go(f"/desk/{session}")
    desk.page.wait_for_function("() => localStorage.getItem('desk-clock-offset')")
    desk.calm = False
    lose(desk)
    form(desk, "walk_in", category_id="29", name="宋雨")
    at = clock.now()
    [act] = kept(desk)

    assert abs((clock.parse(act["occurred_at"]) - at).total_seconds()) < 10
    assert (at - clock.parse(act["device_at"])).total_seconds() > 390


def test_without_indexed_db_acts_are_kept_all_the_same(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    desk = visitor("coordinator", size=DESK)
    desk.page.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { value: undefined, configurable: true });"
    )
    desk.go(f"/desk/{session}")
    desk.page.wait_for_function("() => localStorage.getItem('desk-clock-offset')")
    desk.calm = False
    lose(desk)
    form(desk, "walk_in", category_id="29", name="宋雨")
    assert "宋雨" in desk.page.evaluate("localStorage.getItem('xiuhao-desk-acts')")

    desk.context.set_offline(False)

    patience(lambda: len(queue(centre, session)["waiting"]) == 1, "it is sent", seconds=40)


def test_the_paper_is_printed_and_typed_in_later(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    walk_in(centre, session)
    desk = visitor("coordinator", size=DESK).go(f"/desk/{session}/sheet")
    assert "B001" in desk.text()
    desk.accessible()

    desk.go(f"/desk/{session}/type-in")
    desk.accessible()
    known = desk.page.locator(".typed-row", has_text="B001")
    known.locator("[name$=-status]").select_option("Fixed")
    blank = desk.page.locator(".typed-row").nth(1)
    blank.locator("[name$=-who]").fill("马丽娜")
    blank.locator("[name$=-arrived]").fill("9999")
    desk.send(".typed-save button")

    assert "录好了 1 行" in desk.text()
    assert "写成 14:05 这样" in desk.text()
    assert desk.page.locator("[name$=-who]").first.input_value() == "马丽娜"
    assert queue(centre, session)["done"]["Fixed"] == 1
