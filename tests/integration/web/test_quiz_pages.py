"""The quiz way to a skill, over the real services and without JavaScript."""

from typing import Any

import pytest

from deploy.demo_quiz import attend
from deploy.driver import Account, Api
from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader

RIGHT = {"拔插头": "0", "放一放": "1"}


def course(term: Term, **more: Any) -> tuple[str, str]:
    """Plan a training; return its session and offering."""
    session_id = term.plan("training", "安全培训", **more)
    offering = term.api("catalog", "GET", f"/sessions/{session_id}")["offering_id"]
    return session_id, str(offering)


def question(n: int, text: str, right: str, *choices: str) -> dict[str, Any]:
    """Return what is typed for the n-th question."""
    typed = {f"choice_zh-{n}-{k}": choice for k, choice in enumerate(choices)}
    return {f"text_zh-{n}": text, f"right-{n}": right, f"why_zh-{n}": f"> {text}", **typed}


def write(desk: Reader, offering: str, **more: Any) -> Any:
    """Write a quiz of two questions of which one is enough, both asked."""
    desk.open(f"/manage/offerings/{offering}/quiz")
    desk.send("quiz", do="add")
    first = question(0, "先做什么？", "0", "拔插头", "装满水")
    second = question(1, "电容怎么办？", "1", "马上摸", "放一放", "敲一敲")
    figures = {"drawn": "2", "pass_percent": "100", "attempts": "2", "wait_hours": "24", "on": "1"}
    return desk.send("quiz", do="save", **first, **second, **figures, **more)


def took_part(term: Term, session_id: str, login: str) -> str:
    """Somebody enrolled and was marked present; return the enrolment."""
    body = {"session_id": session_id}
    enrolment = str(term.api("booking", "POST", "/enrolments", login, json=body)["id"])
    api = Api(term.suite.wsgi)
    attend(Account(api, "coordinator", "demo"), enrolment)
    return enrolment


def answers(term: Term, attempt: str, login: str, *, rightly: bool) -> dict[str, str]:
    """Return what to tick for the questions of an attempt."""
    asked = term.api("booking", "GET", f"/quiz-attempts/{attempt}", login)["questions"]
    chosen = {}
    for one in asked:
        texts = [choice["zh"] for choice in one["choices"]]
        right = next(n for n, text in enumerate(texts) if text in RIGHT)
        chosen[f"q-{one['key']}"] = str(right if rightly else (right + 1) % len(texts))
    return chosen


def test_from_a_written_quiz_over_a_failed_and_a_passed_attempt_to_the_skill(term: Term) -> None:
    session_id, offering = course(term)
    rules = {"title": {"zh": "安全", "en": "Safety"}, "offering_id": offering, "proof": "none"}
    term.api("roster", "PUT", "/skills/quiz_safety", json=rules)
    desk, phone = term.reader("coordinator"), term.reader("volunteer4")
    assert "小测验存好了" in write(desk, offering).text
    enrolment = took_part(term, session_id, "volunteer4")
    before = told(phone)
    assert "可以做了" in phone.open("/me").text
    assert "去做小测验" in phone.open(f"/sessions/{session_id}").text
    assert "小测验还没过" in desk.open(f"/manage/sessions/{session_id}/attendance").text

    phone.click("去做小测验")
    asked = phone.send(form_to(phone, "/quiz"))
    attempt = asked.url.rsplit("/", 1)[1]
    assert "&gt; 先" not in asked.html
    half = phone.send(
        "quiz", 422, **dict([answers(term, attempt, "volunteer4", rightly=True).popitem()])
    )
    assert "题还没有选" in half.text
    assert half.html.count(" checked") == 1  # what was chosen stays
    failed = phone.send("quiz", **answers(term, attempt, "volunteer4", rightly=False))
    assert "这次还没有通过" in failed.text
    assert "> 先做什么" in failed.text
    assert "再做一次（还有 1 次）" in failed.html
    again = phone.send(form_to(phone, "/quiz"))
    attempt = again.url.rsplit("/", 1)[1]
    passed = phone.send("quiz", **answers(term, attempt, "volunteer4", rightly=True))

    assert "通过了" in passed.text
    person = term.api("identity", "GET", "/people/me", "volunteer4")["id"]
    grants = term.until(
        lambda: [
            one
            for one in term.api("roster", "GET", f"/volunteers/{person}")["grants"]
            if one["skill"] == "quiz_safety"
        ]
    )
    assert (grants[0]["level"], grants[0]["granted_by"]) == (1, "training")
    assert "安全" in phone.open("/me/skills").text
    assert term.until(lambda: told(phone) == before + 1)
    assert "小测验通过了" in desk.open(f"/manage/sessions/{session_id}/attendance").text
    assert "你通过了" in phone.open(f"/enrolments/{enrolment}/quiz").text
    exported = phone.client.get("/me/export.json").get_json()
    assert [one["state"] for one in exported["quiz_attempts"]] == ["passed", "failed"]


def test_who_is_trained_before_being_a_volunteer_has_the_skill_on_a_page_of_their_own(
    term: Term,
) -> None:
    session_id, offering = course(term)
    rules = {"title": {"zh": "焊接", "en": "Soldering"}, "offering_id": offering, "proof": "none"}
    term.api("roster", "PUT", "/skills/quiz_soldering", json=rules)
    write(term.reader("coordinator"), offering)
    enrolment = took_part(term, session_id, "student2")
    phone = term.reader("student2")
    assert "焊接" not in phone.open("/me/skills").text

    phone.open(f"/enrolments/{enrolment}/quiz")
    attempt = phone.send(form_to(phone, "/quiz")).url.rsplit("/", 1)[1]
    phone.send("quiz", **answers(term, attempt, "student2", rightly=True))

    assert term.until(lambda: "焊接" in phone.open("/me/skills").text)
    desk = term.reader("coordinator")
    assert "做得怎样" in desk.open(f"/manage/offerings/{offering}/quiz").text


def told(phone: Reader) -> int:
    """Count the messages about a new skill."""
    return phone.open("/me/inbox").text.count("你有了新的技能")


def form_to(reader: Reader, ending: str) -> int:
    """Return the number of the form that goes there."""
    return next(n for n, one in enumerate(reader.page.forms) if one.action.endswith(ending))


def test_after_the_last_try_one_is_told_when_to_come_back(term: Term) -> None:
    session_id, offering = course(term)
    write(term.reader("coordinator"), offering)
    enrolment = took_part(term, session_id, "student3")
    phone = term.reader("student3")

    for _ in range(2):
        phone.open(f"/enrolments/{enrolment}/quiz")
        attempt = phone.send(form_to(phone, "/quiz")).url.rsplit("/", 1)[1]
        phone.send("quiz", **answers(term, attempt, "student3", rightly=False))

    assert "以后可以再做一次" in phone.page.text
    waits = phone.open(f"/enrolments/{enrolment}/quiz")
    assert "先歇一歇" in waits.text
    assert not [one for one in waits.forms if one.action.endswith("/quiz")]


def test_nobody_opens_the_quiz_of_somebody_else(term: Term) -> None:
    session_id, offering = course(term)
    write(term.reader("coordinator"), offering)
    enrolment = took_part(term, session_id, "student3")
    phone = term.reader("student3")
    phone.open(f"/enrolments/{enrolment}/quiz")
    attempt = phone.send(form_to(phone, "/quiz")).url

    other = term.reader("student2")
    assert other.open(f"/enrolments/{enrolment}/quiz", 404).status == 404
    assert other.open(attempt, 404).status == 404
    assert other.open(f"/manage/offerings/{offering}/quiz", 403).status == 403


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_with_a_quiz_is_said_at_its_field_and_nothing_is_lost(
    term: Term, lang: str
) -> None:
    _, offering = course(term)
    desk = term.reader("coordinator", lang)
    desk.open(f"/manage/offerings/{offering}/quiz")

    typed = question(0, "", "", "Unplug", "Unplug") | {"drawn": "4", "on": "1"}
    page = desk.send("quiz", 422, do="save", **typed)
    assert 'id="e-text_zh-0"' in page.html
    assert 'id="e-choices-0"' in page.html
    assert page.html.count('value="Unplug"') == 2
    typed = question(0, "What first?", "0", "Unplug", "Unplug") | {"drawn": "4", "on": "1"}
    page = desk.send("quiz", 422, do="save", **typed)
    assert 'id="e-choices-0"' in page.html  # two choices are the same: catalog says so
    assert 'id="e-drawn"' in page.html

    more = desk.send("quiz", do="choice-0", **typed)
    assert 'name="choice_zh-0-4"' in more.html
    shown = desk.send("quiz", do="preview", drawn="1")
    assert "preview-0" in shown.html
    gone = desk.send("quiz", do="remove-0")
    assert 'name="text_zh-0"' not in gone.html


def test_two_coordinators_who_write_at_once_are_told(term: Term) -> None:
    _, offering = course(term)
    first, second = term.reader("coordinator"), term.reader("coordinator")
    second.open(f"/manage/offerings/{offering}/quiz")
    write(first, offering)

    typed = question(0, "我的题？", "0", "甲", "乙") | {"drawn": "1"}
    told = second.send("quiz", 412, do="save", **typed)

    assert "有人先保存了" in told.text
    assert "先做什么？" in told.text  # what stands there now
    assert "我的题？" in told.html
    assert "存好了" in second.send("quiz", do="save").text


def test_repairs_have_no_quiz(term: Term) -> None:
    session_id = term.plan("repair")
    offering = term.api("catalog", "GET", f"/sessions/{session_id}")["offering_id"]

    assert term.reader("coordinator").open(f"/manage/offerings/{offering}/quiz", 404).status == 404
