"""Turns on the pages, without JavaScript: late, a few minutes, parts, undo, another queue, the rules."""

from typing import Any

import pytest

from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader
from tests.integration.web.test_desk_pages import book, free_slots, press, put_on_shift, walk_in


@pytest.fixture
def session_id(term: Term) -> str:
    """A session that begins within the hour."""
    session_id = term.plan("repair", hours=1)
    helper = term.api(
        "identity", "POST", "/people", "admin", json={"name": "林晓", "roles": ["volunteer"]}
    )["id"]
    assignment = put_on_shift(term, session_id, helper)
    term.api("roster", "POST", f"/assignments/{assignment}/check-in", json={})
    term.until(lambda: free_slots(term, session_id))
    return session_id


def number(term: Term, session_id: str) -> Any:
    """A walk-in's place, with the key of its link."""
    body = {"devices": [{"category_id": 14}]}
    return term.api("booking", "POST", f"/sessions/{session_id}/walk-ins", json=body)


def test_a_wrong_call_is_undone_by_the_bar(term: Term, session_id: str) -> None:
    desk = term.reader("coordinator")
    walk_in(desk, session_id)

    called = press(desk, "/call-next")
    form = next(n for n, one in enumerate(desk.page.forms) if "/undo/" in one.action)
    undone = desk.send(form)

    assert "已叫 B001 到 1 号" in called.text
    assert "已撤销" in undone.text
    assert "下一个" in undone.text


def test_parts_are_waited_for_and_the_person_comes_back_first(term: Term, session_id: str) -> None:
    desk = term.reader("coordinator")
    walk_in(desk, session_id)
    press(desk, "/call-next")
    press(desk, "/start")

    paused = press(desk, "/pause")
    desk.open(f"/desk/{session_id}/paused")
    back = press(desk, "/resume")

    assert "等配件 1" in paused.text
    assert "B001 回来了" in back.text
    assert "配件到了" in back.text


def test_a_student_is_late_by_one_tap(term: Term, session_id: str) -> None:
    place = book(term, session_id, "student6")
    student = term.reader("student6")
    student.open(f"/places/{place['id']}")

    once = press(student, "/late")
    twice = press(student, "/late")

    assert "你说会晚 10 分" in once.text
    assert "你说会晚 20 分" in twice.text
    assert not [one for one in student.page.forms if one.action.endswith("/late")]
    assert "说会晚到 1" in term.reader("coordinator").open(f"/desk/{session_id}").text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_walk_in_asks_for_a_few_minutes_and_is_back_by_the_link(
    term: Term, session_id: str, lang: str
) -> None:
    place = number(term, session_id)
    nobody = Reader(term.app, lang)
    nobody.open(f"/places/{place['id']}?key={place['key']}")
    turn = next(n for n, one in enumerate(nobody.page.forms) if "/turn/snooze" in one.action)

    asleep = nobody.send(turn)
    turn = next(n for n, one in enumerate(nobody.page.forms) if "/turn/take-back" in one.action)
    back = nobody.send(turn)

    assert ("先请别人修" if lang == "zh" else "Others go first") in asleep.text
    assert ("欢迎回来" if lang == "zh" else "Welcome back") in back.text


def test_one_goes_over_to_another_queue_and_keeps_the_link(term: Term, session_id: str) -> None:
    other = term.plan("repair", hours=1)
    place = number(term, session_id)
    nobody = Reader(term.app)
    nobody.open(f"/places/{place['id']}/switch?key={place['key']}")

    page = nobody.send(session_id=other)

    assert "新的号是 B001" in page.text
    assert term.api("booking", "GET", f"/sessions/{session_id}/queue")["waiting"] == []


def test_the_rules_of_a_line_are_set_kept_on_errors_and_dropped(
    term: Term, session_id: str
) -> None:
    coordinator = term.reader("coordinator")
    path = f"/manage/line/sessions/{session_id}"
    coordinator.open(path)
    form = next(n for n, one in enumerate(coordinator.page.forms) if len(one.fields) > 8)

    wrong = coordinator.send(form, status=422, keep_turn_minutes="30", close_absent_minutes="5")
    saved = coordinator.send(form, keep_turn_minutes="30", close_absent_minutes="40")
    dropped = press(coordinator, "/usual")

    assert 'value="30"' in wrong.html
    assert "用的是这里定的规则" in saved.text
    assert "这里还没有定" in dropped.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_number_opens_with_why_and_what_can_be_done(
    term: Term, session_id: str, lang: str
) -> None:
    place = number(term, session_id)
    desk = term.reader("coordinator", lang)

    page = desk.open(f"/desk/{session_id}/visits/{place['id']}")

    assert ("现场取号：次序是到场后一刻钟" if lang == "zh" else "quarter of an hour") in page.text
    for path in (f"/desk/{session_id}/paused", f"/manage/line/sessions/{session_id}"):
        assert desk.open(path).status == 200
