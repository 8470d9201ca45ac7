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
    address = next(url for url, text in started.links if text == "记录结果")
    corrected = term.reader("coordinator").open(address)
    undone = press(desk, "/reopen")

    assert "您的号是 B001" in given.text
    assert "阿*提" in given.text
    assert "阿不都拉" not in given.text
    assert "第 1 次叫号" in called.text
    assert "维修中" in started.text
    assert "为什么修不了" in asked.text
    assert "B001 已记录：修不了" in closed.text
    assert "B001 的结果" in corrected.text
    assert ("status", "End of life") in corrected.forms[0].fields
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

    assert "第 1 次叫号" in page.text
    assert "叫号不受影响" in page.text


def test_a_mains_device_goes_home_after_its_test(term: Term, session_id: str) -> None:
    tester = qualify(term, session_id)
    desk = term.reader("coordinator")
    walk_in(desk, session_id, "陈立", problem="不加热")
    press(desk, "/call-next")
    ticket = press(desk, "/start").links
    hub = desk.open(next(url for url, text in ticket if text == "B001"))
    noted = note(desk)
    done = outcome(desk)
    term.until(lambda: tester in desk.open(f"{hub.url}/test").html)
    desk.open(hub.url)
    measured = measure(desk, tester, "0.9")
    again = measure(desk, tester, "０．１")
    gone = press(desk, "/hand-back?then=ticket")
    undone = press(desk, "/take-back?then=ticket")

    assert "接市电：测试通过才能交还" in hub.text
    assert "开关按键" in noted.text
    assert "换零件" in noted.text
    assert "⚡ 录入读数" in done.text
    assert "B001 没有通过安全测试" in measured.text
    assert "停用后交还" in measured.text
    assert "B001 通过了安全测试" in again.text
    assert "以前的 1 次" in again.text
    assert "已交还" in gone.text
    assert "已撤销" in undone.text


def qualify(term: Term, session_id: str) -> str:
    """Let the volunteer of this session test for safety."""
    shift = shifts(term, session_id)[0]
    person_id = str(shift["assignments"][0]["person_id"])
    skills = {"skills": ["small_appliance", "electrical_safety"]}
    term.api("roster", "PUT", f"/volunteers/{person_id}/skills", json=skills)
    return person_id


def note(desk: Reader) -> Any:
    desk.open(next(url for url, text in desk.page.links if text == "记下"))
    return desk.send(0, findings=["switch"], actions=["replaced"], note="触点烧黑")


def outcome(desk: Reader) -> Any:
    desk.open(next(url for url, text in desk.page.links if text == "记录结果"))
    return desk.send(0)  # mended, as it stands there


def measure(desk: Reader, tester: str, ohm: str) -> Any:
    desk.open(next(url for url, text in desk.page.links if url.endswith("/test?then=ticket")))
    return desk.send(
        0, tester_id=tester, protection_class="I", visual="ok", polarity="right",
        earth_ohm=ohm, insulation_mohm=">500", leakage_ma="0,35", instrument="Benning ST 725",
    )  # fmt: skip


def test_readings_that_make_no_sense_stay_on_the_form(term: Term, session_id: str) -> None:
    tester = qualify(term, session_id)
    desk = term.reader("coordinator")
    walk_in(desk, session_id)
    press(desk, "/call-next")
    started = press(desk, "/start")
    url = next(url for url, text in started.links if text == "B001")
    term.until(lambda: tester in desk.open(f"{url}/test").html)

    wrong = desk.send(
        0, status=422, tester_id=tester, protection_class="I", visual="ok", polarity="right",
        earth_ohm="很小", insulation_mohm="OL", leakage_ma="", instrument="万用表",
    )  # fmt: skip
    lacking = desk.send(0, status=422, protection_class="I", visual="ok", earth_ohm="0.1")

    assert "请填读数" in wrong.text
    assert 'value="很小"' in wrong.html
    assert "这项要测" in lacking.text or "这一项要填" in lacking.text


def test_a_unit_sets_its_own_limits(term: Term) -> None:
    desk = term.reader("coordinator")
    desk.open("/manage/safety-limits")
    late = term.reader("coordinator")
    late.open("/manage/safety-limits")

    saved = desk.send(0, I_earth_ohm="0.1", source="GB 4706.1，张工核对")
    overtaken = late.send(0, status=412, I_earth_ohm="0.2")
    wrong = desk.send(0, status=422, I_earth_ohm="9")

    assert "第 2 版" in saved.text
    assert "以前的 1 版" in saved.text
    assert "有人先保存了" in overtaken.text
    assert "0.1" in overtaken.text
    assert "请填 0.05 到 2.0 之间的数" in wrong.text
