"""The desk, the wall and the wall's code, without JavaScript, over the real services."""

from typing import Any

import pytest

from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader

KETTLE = "14"


@pytest.fixture
def session_id(term: Term) -> str:
    """A session that begins within the hour, with a volunteer of its own on duty."""
    session_id = term.plan("repair", hours=1)
    words = {"name": "吴佳琪", "roles": ["volunteer"]}
    helper = term.api("identity", "POST", "/people", "admin", json=words)["id"]
    assignment = put_on_shift(term, session_id, helper)
    term.api("roster", "POST", f"/assignments/{assignment}/check-in", json={})
    term.until(lambda: free_slots(term, session_id))
    return session_id


def put_on_shift(term: Term, session_id: str, person_id: str) -> str:
    skills = {"skills": ["small_appliance"]}
    term.until(lambda: knows(term, person_id))
    term.api("roster", "PUT", f"/volunteers/{person_id}/skills", json=skills)
    shift = term.until(lambda: shifts(term, session_id))[0]
    body = {"person_id": person_id}
    return str(term.api("roster", "POST", f"/shifts/{shift['id']}/accept", json=body)["id"])


def knows(term: Term, person_id: str) -> bool:
    answer = term.api("roster", "GET", "/volunteers", params={"limit": 200})
    return any(one["person_id"] == person_id for one in answer["items"])


def shifts(term: Term, session_id: str) -> Any:
    return term.api("roster", "GET", f"/sessions/{session_id}/shifts")["items"]


def free_slots(term: Term, session_id: str) -> Any:
    slots = term.api("booking", "GET", f"/sessions/{session_id}/slots")["slots"]
    return [one for one in slots if one["free"]]


def walk_in(reader: Reader, session_id: str, name: str = "", **typed: Any) -> Any:
    reader.open(f"/desk/{session_id}/walk-in")
    return reader.send(category_id=KETTLE, name=name, **typed)


def press(reader: Reader, ending: str, **typed: Any) -> Any:
    """Send the first form that goes to an address with this ending."""
    forms = reader.page.forms
    found = next(n for n, one in enumerate(forms) if one.action.endswith(ending))
    return reader.send(found, **typed)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_desk_and_wall_open_in_both_languages(term: Term, session_id: str, lang: str) -> None:
    reader = term.reader("coordinator", lang)

    for path in (f"/desk/{session_id}", f"/wall/{session_id}", f"/desk/{session_id}/walk-in"):
        assert reader.open(path).status == 200


def test_a_walk_in_is_called_repaired_and_undone(term: Term, session_id: str) -> None:
    desk = term.reader("coordinator")
    given = walk_in(desk, session_id, "阿不都拉·买买提")

    called = press(desk, "/call-next")
    started = press(desk, "/start")
    asked = desk.open(next(url for url, text in started.links if text == "记录结果"))
    closed = close(desk, "End of life")
    undone = press(desk, "/reopen")

    assert "您的号是 B001" in given.text
    assert "阿*提" in given.text
    assert "阿不都拉" not in given.text
    assert "叫了 1 次" in called.text
    assert "维修中" in started.text
    assert "为什么修不了" in asked.text
    assert "B001 已记录：修不了" in closed.text
    assert "维修中" in undone.text


def close(desk: Reader, outcome: str) -> Any:
    form = desk.page.forms[0]
    form.fields = [(name, value) for name, value in form.fields if name != "status"]
    form.fields += [("status", outcome), ("barrier", "Item too worn out")]
    return desk.send(0)


def test_somebody_absent_comes_back_into_the_line(term: Term, session_id: str) -> None:
    desk = term.reader("coordinator")
    walk_in(desk, session_id)
    press(desk, "/call-next")

    absent = press(desk, "/absent")
    back = press(desk, "/return")

    assert "过号" in absent.text
    assert "下一个" in back.text


def test_a_booked_person_arrives_by_code(term: Term, session_id: str) -> None:
    place = book(term, session_id, "student")
    desk = term.reader("coordinator")
    desk.open(f"/desk/{session_id}")

    page = press(desk, "/check-in", q=place["check_in_code"])
    again = press(desk, "/check-in", q="A999")

    assert "A001 已到场" in page.text
    assert "没有找到这个预约" in again.text


def book(term: Term, session_id: str, login: str) -> Any:
    slot = free_slots(term, session_id)[0]
    body = {"slot_id": slot["id"], "devices": [{"category_id": int(KETTLE)}]}
    made = term.api("booking", "POST", "/appointments", login, json=body)
    return term.api("booking", "GET", f"/places/{made['id']}", login)


def test_a_walk_in_without_a_device_is_asked_for_it(term: Term, session_id: str) -> None:
    desk = term.reader("coordinator")
    desk.open(f"/desk/{session_id}/walk-in")

    page = desk.send(status=422, name="小李")

    assert "这一项要填" in page.text
    assert 'value="小李"' in page.html


def test_the_wall_shows_masked_names_and_a_code(term: Term, session_id: str) -> None:
    desk = term.reader("coordinator")
    walk_in(desk, session_id, "欧阳修远")
    press(desk, "/call-next")

    wall = desk.open(f"/wall/{session_id}")

    assert "请到 1 号工位" in wall.text
    assert "欧*远" in wall.text
    assert "欧阳修远" not in wall.html
    assert f"/go/{session_id}/" in wall.html.replace("%2F", "/")


def test_the_code_on_the_wall_opens_the_right_act(term: Term, session_id: str) -> None:
    code = term.api("booking", "GET", f"/sessions/{session_id}/wall-code")["code"]
    path = f"/go/{session_id}/{code}"
    book(term, session_id, "student2")
    person = term.api("identity", "GET", "/people/me", "volunteer6")
    put_on_shift(term, session_id, person["id"])

    stranger = term.reader().open(path)
    booked = term.reader("student2")
    asked = booked.open(path)
    arrived = booked.send()
    other = term.reader("student3")
    other.open(path)
    number = other.send(category_id=KETTLE)
    helper = term.reader("volunteer6").open(path)

    assert "登录" in stranger.text
    assert "我到了，签到" in asked.text
    assert arrived.url.startswith("/places/")
    assert number.url.startswith("/places/")
    assert "B001" in number.text
    assert "签到，开始服务" in helper.text


def test_an_old_code_is_refused_in_words(term: Term, session_id: str) -> None:
    reader = term.reader("student4")
    reader.open(f"/go/{session_id}/AAAAAAAA")

    page = reader.send(status=409, category_id=KETTLE)

    assert page.forms
    assert 'value="14" selected' in page.html


def test_a_student_does_not_see_the_desk(term: Term, session_id: str) -> None:
    page = term.reader("student5").open(f"/desk/{session_id}", 403)

    assert "这一页不是给你的" in page.text


def test_the_desk_calls_on_while_names_and_roster_are_away(term: Term, session_id: str) -> None:
    desk = Reader(term.without("roster"))
    desk.sign_in("coordinator")
    walk_in(desk, session_id, "小王")

    page = press(desk, "/call-next")

    assert "叫了 1 次" in page.text
    assert "叫号不受影响" in page.text
