"""A coordinator lets a roster be proposed, changes and locks it, has it solved again and publishes; a volunteer sees it."""

from collections.abc import Callable

import pytest

from deploy import acts
from deploy.driver import Account
from tests.browser.centre import Centre, at
from tests.browser.scene import DATA
from tests.browser.visitor import Visitor
from tests.support.browser import DESK, PHONE

MakeVisitor = Callable[..., Visitor]
SOLVED = 60_000  # milliseconds: the machine may be busy
PASSWORD = "a-long-password"
DAYS = (45, 46, 47, 48)


def free_helper(centre: Centre) -> Account:
    """A volunteer who knows appliances, is free every day and no newcomer."""
    made = centre.helper()
    hours = [{"weekday": n, "starts": "08:00", "ends": "22:00"} for n in range(1, 8)]
    made.put("roster", "/availability/mine/weekly", {"hours": hours})
    for day in DAYS:  # in a holiday or an exam week, too: the calendar depends on today
        also = {"on": at(day).date().isoformat(), "kind": "also"}
        made.post(
            "roster", "/availability/mine/exceptions", also | {"starts": "08:00", "ends": "22:00"}
        )
    centre.staff.put("roster", f"/volunteers/{made.id}/newcomer", {"newcomer": False})
    return made


def spot(shift: str, person: str) -> str:
    return f'[data-spot][data-shift="{shift}"][data-person="{person}"]'


def start(someone: Visitor, days: int) -> None:
    """Ask for a proposal of one day, and wait until it is there."""
    day = at(days).date().isoformat()
    someone.go("/manage/proposals")
    someone.page.fill("#f-from_on", day)
    someone.page.fill("#f-until_on", day)
    someone.page.select_option("#f-seconds", "10")
    someone.press("开始排")
    someone.page.get_by_role("button", name="重新求解，保留锁定的").wait_for(timeout=SOLVED)
    someone.check()


def test_a_roster_is_proposed_changed_locked_solved_again_published_and_seen(
    visitor: MakeVisitor, centre: Centre
) -> None:
    helpers = [free_helper(centre) for _ in range(6)]
    session = centre.repair(at(45), crew=0)
    shift = acts.shifts_of(centre.staff, session)[0]["id"]
    someone = visitor("coordinator", size=DESK, data=DATA)
    start(someone, 45)
    first = someone.page.locator(f'[data-spot][data-shift="{shift}"][data-person]').first
    was = first.get_attribute("data-person")
    there = {
        one.get_attribute("data-person")
        for one in someone.page.locator("[data-spot][data-person]").all()
    }
    wanted = next(one for one in helpers if one.id not in there)

    first.focus()
    someone.page.keyboard.press("Enter")
    dialog = someone.page.locator("dialog[open]")
    dialog.locator(f'form:has(input[value="{wanted.id}"]) button').click()
    someone.page.locator(spot(shift, wanted.id)).wait_for()
    assert someone.page.locator(spot(shift, str(was))).count() == 0
    assert someone.page.locator(spot(shift, wanted.id)).get_attribute("data-locked") == "1"
    assert someone.page.evaluate("document.activeElement.dataset.person") == wanted.id

    someone.page.keyboard.press("l")
    someone.page.locator(spot(shift, wanted.id) + '[data-locked=""]').wait_for()
    someone.page.keyboard.press("l")
    someone.page.locator(spot(shift, wanted.id) + '[data-locked="1"]').wait_for()
    someone.accessible()

    someone.page.select_option("#again-seconds", "10")
    someone.press("重新求解，保留锁定的")
    someone.page.get_by_role("button", name="停止，用目前最好的").click()
    someone.page.get_by_role("button", name="重新求解，保留锁定的").wait_for(timeout=SOLVED)
    assert someone.page.locator(spot(shift, wanted.id)).count() == 1
    assert someone.page.locator(spot(shift, str(was))).count() == 0

    someone.send(someone.page.locator("form[action*='/publish'] button").first)
    someone.says("志愿者会收到消息")
    helper = visitor(size=PHONE, data=DATA).sign_in(wanted.login, PASSWORD)
    helper.go("/shifts")
    assert helper.page.locator("[action*='/offers/'], a[href*='offers']").count() > 0


def test_arrows_move_between_places_and_the_reason_is_said(
    visitor: MakeVisitor, centre: Centre
) -> None:
    free_helper(centre)
    centre.repair(at(46), crew=0)
    someone = visitor("coordinator", size=DESK, data=DATA)
    start(someone, 46)
    spots = someone.page.locator("[data-spot]")
    assert spots.count() >= 2

    spots.first.focus()
    assert someone.page.locator("#why b").count() == 1
    assert "—" in someone.page.locator("#why").inner_text()
    someone.page.keyboard.press("ArrowDown")

    assert someone.page.evaluate(
        "document.activeElement !== document.querySelector('[data-spot]') && 'spot' in document.activeElement.dataset"
    )
    assert someone.page.locator("[data-spot][tabindex='0']").count() == 1


def test_without_scripts_a_place_is_changed_through_its_page(
    visitor: MakeVisitor, centre: Centre
) -> None:
    free_helper(centre)
    session = centre.repair(at(47), crew=0)
    shift = acts.shifts_of(centre.staff, session)[0]["id"]
    day = at(47).date().isoformat()
    made = centre.staff.post(
        "roster", "/proposals", {"from_on": day, "until_on": day, "seconds": 1}
    )
    someone = visitor("coordinator", size=PHONE, scripts=False, data=DATA)
    someone.go(f"/manage/proposals/{made['id']}")
    for _ in range(60):
        if someone.page.get_by_role("button", name="重新求解，保留锁定的").count():
            break
        someone.page.wait_for_timeout(500)
        someone.page.reload()

    someone.send(f'[data-spot][data-shift="{shift}"][data-person]')
    someone.press("从这里拿掉")

    plan = centre.staff.get("roster", f"/proposals/{made['id']}/plan")
    [off] = [one["off"] for one in plan["shifts"] if one["id"] == shift]
    assert len(off) == 1


@pytest.mark.parametrize("dark", [False, True])
def test_the_grid_is_readable_by_day_and_night(
    visitor: MakeVisitor, centre: Centre, dark: bool
) -> None:
    centre.repair(at(48), crew=0)
    someone = visitor("coordinator", size=DESK, data=DATA, dark=dark)
    start(someone, 48)

    someone.accessible()
