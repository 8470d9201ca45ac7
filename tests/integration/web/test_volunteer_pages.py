"""What a volunteer does on the phone, without JavaScript, over the real services."""

from collections.abc import Callable

import pytest

from tests.integration.web.conftest import Term
from tests.integration.web.pages import Page, Reader


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["/shifts", "/me/hours"])
def test_a_volunteers_page_opens_in_both_languages(term: Term, path: str, lang: str) -> None:
    assert term.reader("volunteer7", lang).open(path).status == 200


@pytest.mark.parametrize("path", ["/shifts", "/me/hours"])
def test_a_student_has_no_shifts(term: Term, path: str) -> None:
    page = term.reader("student12").open(path, 403)

    assert "这一页不是给你的" in page.text


def page_with(phone: Reader, address: str, holds: Callable[[Page], bool]) -> Page | None:
    """The page of a list that holds something; None where no page of it does."""
    page = phone.open(address)
    while not holds(page):
        more = next((link for link, words in page.links if words == "看后面的"), None)
        if more is None:
            return None
        page = phone.open(more)
    return page


def test_a_shift_is_taken_and_given_back_with_one_tap_each(term: Term) -> None:
    session_id = term.plan("repair", "可以接的一场")
    term.staff(session_id, "volunteer8")
    shift = term.api("roster", "GET", f"/sessions/{session_id}/shifts")["items"][0]
    person = term.api("identity", "GET", "/people/me", "volunteer7")
    skills = {"skills": ["small_appliance"]}
    term.api("roster", "PUT", f"/volunteers/{person['id']}/skills", json=skills)
    phone = term.reader("volunteer7")
    accept = f"/shifts/{shift['id']}/accept"
    page = page_with(
        phone, "/shifts", lambda one: any(form.action.endswith(accept) for form in one.forms)
    )
    assert page is not None
    assert "前可以自己退" in page.text  # the cut-off is told before the tap
    take = next(n for n, one in enumerate(page.forms) if one.action.endswith(accept))

    mine = phone.send(take)
    drop = next(n for n, one in enumerate(mine.forms) if one.action.endswith("/drop"))
    gone = phone.send(drop)

    assert "班次是你的了" in mine.text
    assert "班次已退出" in gone.text


def test_what_cannot_be_taken_says_why(term: Term) -> None:
    term.plan("repair", "要技能的一场")
    person = term.api("identity", "GET", "/people/me", "volunteer4")
    term.api("roster", "PUT", f"/volunteers/{person['id']}/skills", json={"skills": []})
    phone = term.reader("volunteer4")

    page = term.until(
        lambda: page_with(phone, "/shifts?fit=cannot", lambda one: "要技能的一场" in one.text)
    )

    assert "小家电" in page.text
    assert "每一条写着为什么" in page.text


def test_saving_the_week_keeps_a_stretch_that_the_table_cannot_show(term: Term) -> None:
    spans = [
        {"weekday": 3, "starts": "18:30", "ends": "20:15"},
        {"weekday": 4, "starts": "09:00", "ends": "11:00"},
    ]
    path = "/availability/mine/weekly"
    term.api("roster", "PUT", path, "volunteer6", json={"hours": spans})
    phone = term.reader("volunteer6")
    page = phone.open("/me/time")
    assert "18:30–20:15" in page.text

    phone.send(next(n for n, one in enumerate(page.forms) if "stretches" in dict(one.fields)))

    kept = term.api("roster", "GET", "/availability/mine", "volunteer6")["weekly"]
    assert [(one["weekday"], one["starts"], one["ends"]) for one in kept] == [
        (3, "18:30", "20:15"),
        (4, "09:00", "11:00"),
    ]
