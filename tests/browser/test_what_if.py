"""One more volunteer on the desk's slider: by hand and by keyboard, with and without scripts, in both languages."""

import re
from collections.abc import Callable

import pytest

from deploy import acts
from tests.browser.centre import Centre
from tests.browser.visitor import Visitor
from tests.support.browser import DESK

MakeVisitor = Callable[..., Visitor]
ANSWER = "[data-what-if-answer]"
WAIT = f"{ANSWER} dl div:first-child dd"


@pytest.fixture
def session(centre: Centre) -> str:
    """A session that runs now with one volunteer at three benches, and five people in line."""
    made = centre.repair(crew=0)
    shift = acts.shifts_of(centre.staff, made)[0]["id"]
    centre.take(shift, check_in=True)
    acts.open_slots(centre.staff, made, 1)
    for _ in range(5):
        body = {"name": "测试同学", "devices": [{"category_id": 29}]}
        centre.staff.post("booking", f"/sessions/{made}/walk-ins", body)
    return made


def at_desk(visitor: MakeVisitor, session: str, **look: object) -> Visitor:
    desk = visitor("coordinator", size=DESK, data=("测试同学", "测*学"), **look)
    return desk.go(f"/desk/{session}")


def numbers(desk: Visitor) -> tuple[int, int]:
    """Return the highest minute before and after."""
    found = [int(n) for n in re.findall(r"\d+", desk.page.locator(WAIT).inner_text())]
    return found[1], found[3]


def wait_for_change(desk: Visitor, before: str) -> None:
    desk.page.wait_for_function(
        "([where, was]) => document.querySelector(where)?.innerText !== was", arg=[WAIT, before]
    )


def test_the_answer_follows_the_slider_and_stays_while_the_line_moves(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    desk = at_desk(visitor, session)
    desk.page.locator("[data-live-status][data-state=live]").first.wait_for(state="attached")
    before, after = numbers(desk)
    assert after < before

    said = desk.page.locator(WAIT).inner_text()
    slider = desk.page.locator("#what-if-more")
    slider.focus()
    desk.page.keyboard.press("ArrowLeft")
    wait_for_change(desk, said)
    assert slider.get_attribute("aria-valuetext") == "不变"
    assert numbers(desk)[0] == numbers(desk)[1]

    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "多 2 位"
    said = desk.page.locator(WAIT).inner_text()
    body = {"name": "测试同学", "devices": [{"category_id": 29}]}
    centre.staff.post("booking", f"/sessions/{session}/walk-ins", body)
    wait_for_change(desk, said)
    assert slider.input_value() == "2"
    assert desk.page.evaluate("document.activeElement.id") == "what-if-more"
    desk.check()
    desk.accessible()


def test_a_form_sent_from_the_desk_does_not_forget_the_question(
    visitor: MakeVisitor, session: str
) -> None:
    desk = at_desk(visitor, session)
    desk.page.locator("#what-if-more").focus()
    desk.page.keyboard.press("End")
    desk.page.locator(ANSWER).click()
    desk.page.keyboard.press("Enter")
    desk.page.locator("[data-bench='1'].is-called").wait_for()

    assert desk.page.locator("#what-if-more").input_value() == "3"
    desk.page.locator(f"{ANSWER}:not([aria-busy]) dl").wait_for()
    desk.check()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_scripts_the_form_asks_and_keeps_what_was_chosen(
    visitor: MakeVisitor, session: str, lang: str
) -> None:
    desk = at_desk(visitor, session, lang=lang, scripts=False)
    choices = desk.page.locator("#what-if-to option")
    desk.page.locator("#what-if-to").select_option(index=choices.count() - 1)
    chosen = desk.page.locator("#what-if-to").input_value()
    desk.send("[data-what-if-ask]")

    before, after = numbers(desk)
    assert after < before
    assert desk.page.locator("#what-if-to").input_value() == chosen

    desk.page.locator("#what-if-from").select_option(index=4)
    desk.page.locator("#what-if-to").select_option(index=0)
    desk.send("[data-what-if-ask]")
    assert desk.page.locator("#what-if-to[aria-invalid=true]").count() == 1
    assert desk.page.locator("#what-if-to-error").is_visible()


def test_the_outlook_says_in_words_what_it_draws(visitor: MakeVisitor, session: str) -> None:
    desk = at_desk(visitor, session)

    drawing = desk.page.locator(".outlook svg[role=img]")
    assert re.search(r"\d+–\d+ 分钟", drawing.get_attribute("aria-label") or "")
    assert drawing.locator("path.band").count() == 1
    desk.page.locator("#outlook-numbers summary").click()
    assert desk.page.locator("#outlook-numbers tbody tr").count() >= 5
