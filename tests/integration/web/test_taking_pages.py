"""Asking and being asked, over the real services and without JavaScript."""

from typing import Any

from tests.integration.web.conftest import Term

SKILL = {"skills": ["small_appliance"]}


def skilled(term: Term, login: str) -> str:
    person = term.api("identity", "GET", "/people/me", login)
    known = {"person_ids": person["id"]}
    term.until(lambda: term.api("roster", "GET", "/volunteers", params=known)["items"])
    term.api("roster", "PUT", f"/volunteers/{person['id']}/skills", json=SKILL)
    return str(person["id"])


def shift_of(term: Term, session_id: str) -> dict[str, Any]:
    path = f"/sessions/{session_id}/shifts"
    found: list[dict[str, Any]] = term.until(lambda: term.api("roster", "GET", path)["items"])
    return found[0]


def form(page: Any, ending: str, **fields: str) -> int:
    """Return the number of the form that goes there with these fields."""
    return next(
        n
        for n, one in enumerate(page.forms)
        if one.action.endswith(ending) and fields.items() <= dict(one.fields).items()
    )


def test_a_coordinator_asks_one_volunteer_who_says_yes_with_one_tap(term: Term) -> None:
    session_id = term.plan("repair", "请人来的一场")
    shift, person_id = shift_of(term, session_id), skilled(term, "volunteer5")
    desk, phone = term.reader("coordinator"), term.reader("volunteer5")
    path = f"/manage/sessions/{session_id}/shifts/{shift['id']}/ask"
    page = desk.open(path)
    assert "按下面的顺序问" in page.text

    asked = desk.send(form(page, "/ask", do="one", person_id=person_id))
    assert "已发出邀请" in asked.text
    assert "等回复" in asked.text
    mine = phone.open("/shifts")
    assert "想请你来" in mine.text
    offer_id = term.api("roster", "GET", "/offers/mine", "volunteer5")["items"][0]["id"]
    assert "名额为你留到" in phone.open(f"/offers/{offer_id}").text
    taken = phone.send(form(phone.page, "/accept"))

    assert "班次是你的了" in taken.text
    assert "接了" in desk.open(path).text
    assert "你已经接了这个班次" in phone.open(f"/offers/{offer_id}").text


def test_not_this_time_is_one_tap_and_a_late_answer_is_told_why(term: Term) -> None:
    session_id = term.plan("repair", "这次不行的一场")
    shift, person_id = shift_of(term, session_id), skilled(term, "volunteer3")
    body = {"person_id": person_id}
    offer = term.api("roster", "POST", f"/shifts/{shift['id']}/offers", json=body)
    phone = term.reader("volunteer3")
    page = phone.open(f"/offers/{offer['id']}")
    accept = form(page, "/accept")
    term.api("roster", "POST", f"/offers/{offer['id']}/withdraw", json={})

    late = phone.send(accept)

    assert "这个邀请已经结束了" in late.text
    assert "这次不用你来" in late.text
    again = term.api("roster", "POST", f"/shifts/{shift['id']}/offers", json=body)
    page = phone.open(f"/offers/{again['id']}")
    assert "马上去问下一位" in phone.send(form(page, "/decline")).text


def test_asking_one_after_the_other_starts_and_stops(term: Term) -> None:
    session_id = term.plan("repair", "一个个问的一场")
    shift, _ = shift_of(term, session_id), skilled(term, "volunteer2")
    desk = term.reader("coordinator")
    page = desk.open(f"/manage/sessions/{session_id}/shifts/{shift['id']}/ask")

    started = desk.send(form(page, "/ask", do="start"))
    assert "开始按顺序问了" in started.text
    stopped = desk.send(form(started, "/ask", do="stop"))
    assert "不再问下一位" in stopped.text


def test_a_volunteer_who_wants_to_be_asked_comes_to_help_with_one_tap(term: Term) -> None:
    session_id = term.plan("repair", "人手不够的一场", hours=0)
    experienced, idle = skilled(term, "volunteer8"), skilled(term, "volunteer5")
    path = f"/volunteers/{experienced}/newcomer"
    term.api("roster", "PUT", path, json={"newcomer": False})
    body = {"person_id": experienced}
    shift = shift_of(term, session_id)
    term.api("roster", "POST", f"/shifts/{shift['id']}/accept", json=body)
    phone, desk = term.reader("volunteer5"), term.reader("coordinator")
    phone.open("/me/time/help")
    assert "会问你" in phone.send(form(phone.page, "/me/time/help"), asked="1").text
    page = desk.open(f"/manage/sessions/{session_id}/help")
    assert "会问 1 位志愿者" in page.text

    asking = desk.send(form(page, "/help", wanted="1"))
    assert "0 / 1 位会来" in asking.text
    mine = phone.open("/shifts")
    assert "现在能来帮忙吗" in mine.text
    came = phone.send(form(mine, "/join"))

    assert "就等你了" in came.text
    after = desk.open(f"/manage/sessions/{session_id}/help")
    assert "说来了" in after.text
    assert "上一次求助人够了" in after.text
    assert idle
    term.api("roster", "PUT", path, json={"newcomer": True})  # as the other tests have it


def test_a_stand_in_is_found_without_writing_to_anybody(term: Term) -> None:
    session_id = term.plan("repair", "找人替的一场")
    shift_of(term, session_id)
    skilled(term, "volunteer3")
    term.staff(session_id, "volunteer2")
    giver, other = term.reader("volunteer2"), term.reader("volunteer3")
    mine = term.api("roster", "GET", "/assignments/mine", "volunteer2")["items"]
    assignment = next(one for one in mine if one["session_id"] == session_id)

    asked = giver.open("/shifts")
    asked = giver.send(form(asked, f"/assignments/{assignment['id']}/stand-in/ask"))
    assert "有人接之前，这还是你的班次" in asked.text
    assert "在找人替" in term.reader("coordinator").open(f"/manage/sessions/{session_id}").text
    offers = term.api("roster", "GET", "/offers/mine", "volunteer3")["items"]
    offer = next(one for one in offers if one["session_id"] == session_id)
    page = other.open(f"/offers/{offer['id']}")
    assert "想找人替" in page.text
    other.send(form(page, "/accept"))

    assert term.api("roster", "GET", f"/assignments/{assignment['id']}")["state"] == "released"


def test_two_volunteers_swap_their_shifts_with_two_taps(term: Term) -> None:
    given, wanted = term.plan("repair", "想换掉的一场"), term.plan("repair", "想换到的一场")
    for session_id, login in ((given, "volunteer2"), (wanted, "volunteer3")):
        shift_of(term, session_id)
        term.staff(session_id, login)
    giver, other = term.reader("volunteer2"), term.reader("volunteer3")
    own = assignment_in(term, "volunteer2", given)

    page = giver.open("/shifts")
    assert f"/assignments/{own['id']}/swap" in page.html
    page = giver.open(f"/assignments/{own['id']}/swap")
    assert "想换到的一场" in page.text
    asked = giver.send(form(page, "/swap", shift_id=shift_of(term, wanted)["id"]))
    assert "在找人换班" in asked.text
    offers = term.api("roster", "GET", "/offers/mine", "volunteer3")["items"]
    offer = next(one for one in offers if one["session_id"] == given)
    page = other.open(f"/offers/{offer['id']}")
    assert "想用它换你" in page.text
    swapped = other.send(form(page, "/accept"))

    assert "换好了" in swapped.text
    assert assignment_in(term, "volunteer2", wanted)["state"] == "accepted"
    assert assignment_in(term, "volunteer3", given)["state"] == "accepted"


def assignment_in(term: Term, login: str, session_id: str) -> dict[str, Any]:
    """Return somebody's own assignment of a session."""
    mine = term.api("roster", "GET", "/assignments/mine", login, params={"limit": 100})["items"]
    found: dict[str, Any] = next(one for one in mine if one["session_id"] == session_id)
    return found


def test_a_full_shift_is_stood_by_for_and_its_place_offered_when_it_is_dropped(term: Term) -> None:
    session_id = term.plan("repair", "要候补的一场")
    shift = shift_of(term, session_id)
    for login in ("volunteer2", "volunteer5", "volunteer8"):
        skilled(term, login)
        term.staff(session_id, login)
    skilled(term, "volunteer3")
    phone = term.reader("volunteer3")
    page = phone.open("/shifts?fit=cannot")
    joined = phone.send(form(page, f"/shifts/{shift['id']}/standby/join"))
    assert "已加入候补" in joined.text
    assert "候补 1 人" in term.reader("coordinator").open(f"/manage/sessions/{session_id}").text

    mine = term.api("roster", "GET", "/assignments/mine", "volunteer2")["items"]
    assignment = next(one for one in mine if one["session_id"] == session_id)
    term.api("roster", "POST", f"/assignments/{assignment['id']}/drop", "volunteer2", json={})

    assert "要候补的一场" in phone.open("/shifts").text
    assert "名额为你留到" in phone.page.text
