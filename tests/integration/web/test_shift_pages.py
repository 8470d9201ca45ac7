"""Shifts of many sessions on the pages, without JavaScript: choose, look, save, undo; and templates."""

import pytest

from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader

BENCH = {
    "role": {"zh": "维修", "en": "Repair"},
    "skill": "small_appliance",
    "needed": 1,
    "at_most": 2,
}
DOOR = {"role": {"zh": "接待", "en": "Reception"}, "skill": None, "needed": 1, "at_most": 2}
THE_BENCH = "维修\tsmall_appliance"


@pytest.fixture
def coordinator(term: Term) -> Reader:
    return term.reader("coordinator")


def offering(term: Term) -> str:
    words = {"kind": "repair", "title": {"zh": "班次测试", "en": "S"}, "skill": "small_appliance"}
    return str(term.api("catalog", "POST", "/offerings", json=words)["id"])


def two(term: Term) -> tuple[str, list[str]]:
    made = offering(term)
    staffing = [BENCH, DOOR]
    return made, [term.plan("repair", offering_id=made, staffing=staffing) for _ in range(2)]


def needed(term: Term, session_id: str) -> list[tuple[str, int]]:
    found = term.api("catalog", "GET", f"/sessions/{session_id}")["staffing"]
    return [(one["role"]["zh"], one["needed"]) for one in found]


def test_two_sessions_are_looked_at_changed_and_undone(term: Term, coordinator: Reader) -> None:
    made, sessions = two(term)
    coordinator.open(f"/manage/shifts?offering_id={made}")

    looked = coordinator.send("bulk", op="set", role=THE_BENCH, needed="3", do="preview")
    untouched = [needed(term, one) for one in sessions]
    saved = coordinator.send("confirm", do="confirm")
    after = [needed(term, one) for one in sessions]
    undone = coordinator.send(-1)

    assert "1–2 → 3–3" in looked.text
    assert "改 2 场" in looked.text
    assert untouched == [[("维修", 1), ("接待", 1)]] * 2
    assert "改好了 2 场" in saved.text
    assert after == [[("维修", 3), ("接待", 1)]] * 2
    assert "已撤销，班次恢复到修改前的样子。" in undone.text
    assert [needed(term, one) for one in sessions] == untouched


def test_who_would_lose_a_shift_is_counted_before(term: Term, coordinator: Reader) -> None:
    made, sessions = two(term)
    path = f"/sessions/{sessions[0]}/shifts"
    shifts = term.until(lambda: term.api("roster", "GET", path, "coordinator")["items"])
    term.api("roster", "POST", f"/shifts/{shifts[1]['id']}/accept", "volunteer4")
    coordinator.open(f"/manage/shifts?offering_id={made}")

    looked = coordinator.send("bulk", op="remove", gone="接待\t", do="preview")

    assert "1 位志愿者会从去掉的班次放开" in looked.text
    assert "1 人已接，会放开" in looked.text


def test_what_cannot_be_is_left_out_and_said(term: Term, coordinator: Reader) -> None:
    made, sessions = two(term)
    coordinator.open(f"/manage/shifts?offering_id={made}")

    looked = coordinator.send("bulk", op="remove", gone=THE_BENCH, do="preview")

    assert "改不了，跳过" in looked.text
    assert "至少需要一位会修的志愿者" in looked.text
    assert needed(term, sessions[0]) == [("维修", 1), ("接待", 1)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"op": "set", "role": THE_BENCH}, "填上要改成多少"),
        ({"op": "set", "needed": "2", "role": ""}, "选一个班次"),
        ({"op": "template"}, "选一个模板"),
        ({"op": "add"}, "写一下这个班次做什么"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    term: Term, coordinator: Reader, typed: dict[str, str], said: str
) -> None:
    made, _sessions = two(term)
    coordinator.open(f"/manage/shifts?offering_id={made}")

    page = coordinator.send("bulk", status=422, do="preview", **typed)

    assert said in page.text


def test_a_template_is_written_from_a_session_and_laid_over_a_new_one(
    term: Term, coordinator: Reader
) -> None:
    made, sessions = two(term)
    coordinator.open(f"/manage/staffing-templates/new?session_id={sessions[0]}")
    saved = coordinator.send(title_zh="平日的一场", do="save")
    name = next(one["id"] for one in _templates(term) if one["title"]["zh"] == "平日的一场")

    coordinator.open(f"/manage/sessions/new?offering_id={made}")
    laid = coordinator.send(template=name, starts="14:00", do="use_template")

    assert "模板存好了" in saved.text
    assert 'value="接待"' in laid.html
    assert laid.html.count('class="staff-row"') == 2


def test_a_template_is_changed_and_put_away(term: Term, coordinator: Reader) -> None:
    coordinator.open("/manage/staffing-templates/new")
    coordinator.send(**{"title_zh": "要改的模板", "role_zh-0": "接待", "do": "save"})
    made = next(one for one in _templates(term) if one["title"]["zh"] == "要改的模板")

    coordinator.open(f"/manage/staffing-templates/{made['id']}")
    wrong = coordinator.send(status=422, **{"from-0": "60", "until-0": "30", "do": "save"})
    coordinator.send(**{"until-0": "90", "do": "save"})

    assert "结束要晚于开始" in wrong.text
    after = next(one for one in _templates(term) if one["id"] == made["id"])
    assert (after["version"], after["entries"][0]["until_minutes"]) == (2, 90)


def _templates(term: Term) -> list[dict]:
    found = term.api("catalog", "GET", "/staffing-templates", params={"limit": 200})
    return list(found["items"])
