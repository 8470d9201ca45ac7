"""Keys that are pressed faster than the service answers."""

from collections.abc import Callable

from playwright.sync_api import Route

from tests.browser.centre import Centre
from tests.browser.test_day import at_desk, press, walk_in
from tests.browser.visitor import Visitor


def test_a_digit_pressed_while_its_bench_is_on_its_way_chooses_the_bench_again(
    visitor: Callable[..., Visitor], centre: Centre
) -> None:
    desk = at_desk(visitor, centre.repair())
    number = walk_in(desk, "宋雨")
    press(desk, "Enter")
    desk.page.locator("[data-bench='1'].is-called", has_text=number).wait_for()
    held: list[Route] = []
    desk.page.route(
        "**/desk/**",
        lambda one: held.append(one) if one.request.method == "POST" else one.fallback(),
    )

    press(desk, "1")
    press(desk, "Enter")
    desk.page.locator("[data-desk][aria-busy]").wait_for()
    desk.page.keyboard.press("1")
    desk.page.wait_for_timeout(200)  # the time in which a scanner would type on
    held[0].continue_()

    desk.page.locator("[data-desk]:not([aria-busy])").wait_for()
    desk.page.locator("[data-bench='1'].is-serving.is-chosen").wait_for()
    press(desk, "Enter")
    desk.page.locator("dialog[open] [name=status]").first.wait_for()
