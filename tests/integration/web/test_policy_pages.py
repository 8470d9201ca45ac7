"""Booking rules and the term calendar on the pages, without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest

from services.web import dates
from shared import clock
from tests.integration.web.conftest import Term

WAIVER = {"zh": "请先备份数据。", "en": "Please back up your data."}


def offering_of(term: Term, session_id: str) -> str:
    return str(term.api("catalog", "GET", f"/sessions/{session_id}")["offering_id"])


def rule(term: Term, session_id: str, **rules: Any) -> str:
    """Write a policy for the session's offering."""
    id = offering_of(term, session_id)
    found = term.until(lambda: term.api("booking", "GET", f"/offerings/{id}/policy"))
    path = f"/offerings/{id}/policy"
    term.api("booking", "PUT", path, json=rules, version=found["version"])
    return id


def policy_form(page: Any) -> int:
    return next(n for n, one in enumerate(page.forms) if "notice_minutes" in dict(one.fields))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_week_is_looked_at_before_a_policy_is_saved(term: Term, lang: str) -> None:
    session = term.plan("repair")
    term.staff(session)
    id = offering_of(term, session)
    starts = term.api("catalog", "GET", f"/sessions/{session}")["starts_at"]
    week = dates.local_day(clock.parse(starts)).isoformat()
    reader = term.reader("coordinator", lang)
    page = reader.open(f"/manage/offerings/{id}/policy")

    seen = reader.send(policy_form(page), do="preview", notice_minutes="20000", week=week)

    said = "要提前 20000 分钟" if lang == "zh" else "20000 minutes ahead"
    assert said in seen.text
    assert term.api("booking", "GET", f"/offerings/{id}/policy")["version"] == 0
    reader.send(policy_form(seen), do="save", notice_minutes="90")
    assert term.api("booking", "GET", f"/offerings/{id}/policy")["notice_minutes"] == 90


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_does_not_fit_is_said_at_its_field_and_stays(term: Term, lang: str) -> None:
    id = offering_of(term, term.plan("repair"))
    reader = term.reader("coordinator", lang)
    page = reader.open(f"/manage/offerings/{id}/policy")
    typed = {"week_limit": "5", "term_limit": "2", "opens_days": "3", "note_zh-0": "盘点"}

    seen = reader.send(policy_form(page), status=422, do="save", **typed)
    assert 'id="e-from-0"' in seen.html
    kept = dict(seen.forms[policy_form(seen)].fields)
    assert (kept["week_limit"], kept["note_zh-0"]) == ("5", "盘点")
    again = reader.send(policy_form(seen), 422, do="save", **{"note_zh-0": ""})
    assert 'id="e-term_limit"' in again.html
    assert 'id="e-opens_at"' in again.html


def test_two_coordinators_who_write_at_once_are_told(term: Term) -> None:
    session = term.plan("repair")
    id = offering_of(term, session)
    reader = term.reader("coordinator")
    page = reader.open(f"/manage/offerings/{id}/policy")
    rule(term, session, notice_minutes=45)

    seen = reader.send(policy_form(page), 412, do="save", notice_minutes="30")

    assert "有人先保存了" in seen.text
    saved = reader.send(policy_form(seen), do="save")
    assert saved.status == 200
    assert term.api("booking", "GET", f"/offerings/{id}/policy")["notice_minutes"] == 30


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_student_agrees_to_the_waiver_in_the_confirm_step(term: Term, lang: str) -> None:
    session = term.plan("repair")
    term.staff(session)
    rule(term, session, waiver=WAIVER, week_limit=9, notice_minutes=30)
    slot = term.api("booking", "GET", f"/sessions/{session}/slots")["slots"][0]["id"]
    student = term.reader("student3" if lang == "zh" else "student4", lang)
    page = student.open(f"/sessions/{session}")
    assert "9" in page.text
    student.open(f"/sessions/{session}/book?slot={slot}")
    student.send(len(student.page.forms) - 1, category_id="14", problem="不加热")
    confirm = student.open(f"/sessions/{session}/book/confirm?slot={slot}")
    assert WAIVER[lang] in confirm.text
    which = next(n for n, one in enumerate(confirm.forms) if "waiver_version" in dict(one.fields))

    refused = student.send(which, 422)
    booked = student.send(which, waiver="1")

    assert 'id="e-waiver"' in refused.html
    assert booked.status == 200
    mine = term.api("booking", "GET", "/mine", "student3" if lang == "zh" else "student4")
    place = next(one["id"] for one in mine["appointments"] if one["session_id"] == session)
    word = "可以改到" if lang == "zh" else "can be moved until"
    assert word in student.open(f"/places/{place}/move").text
    assert student.open(f"/places/{place}/cancel").status == 200


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_moves_to_another_offering_agrees_to_its_waiver(term: Term, lang: str) -> None:
    login = "student5" if lang == "zh" else "student6"
    session, other = term.plan("repair"), term.plan("repair")
    for one in (session, other):
        term.staff(one)
    rule(term, other, waiver=WAIVER)
    slot, there = (
        term.api("booking", "GET", f"/sessions/{one}/slots")["slots"][0]["id"]
        for one in (session, other)
    )
    wish = {"slot_id": slot, "devices": [{"category_id": 14}]}
    place = term.api("booking", "POST", "/appointments", login, json=wish)["id"]
    student = term.reader(login, lang)
    page = student.open(f"/places/{place}/move")
    assert any(link.startswith(f"/places/{place}/move?session=") for link, _ in page.links)
    assert WAIVER[lang] not in page.text

    asked = student.open(f"/places/{place}/move?session={other}")
    refused = student.send("move", 422, slot_id=there)
    moved = student.send("move", slot_id=there, waiver="1")

    assert WAIVER[lang] in asked.text
    assert 'id="e-waiver"' in refused.html
    assert there in refused.html.split("checked")[0], "the chosen time stays"
    assert moved.status == 200
    now = term.api("booking", "GET", f"/appointments/{place}", login)
    assert (now["session_id"], now["waiver_version"]) == (other, 1)


def calendar_body(days: int = 0) -> dict[str, Any]:
    """A term around today, whose second week from now is an exam week."""
    monday = dates.today() - timedelta(days=dates.today().weekday(), weeks=1)
    return {
        "name_zh": "本学期",
        "name_en": "This term",
        "starts_on": (monday + timedelta(days=days)).isoformat(),
        "weeks": "12",
        "exam_weeks": "3，4",
        "h_from-0": (monday + timedelta(weeks=4)).isoformat(),
        "h_zh-0": "校庆",
        "m_date-0": (monday + timedelta(weeks=1, days=5)).isoformat(),
        "m_follows-0": "2",
        "sections": "08:00-08:45\n2. 8：55～9:40",
    }


@pytest.mark.usefixtures("no_terms")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_term_is_added_seen_as_weeks_and_known_to_a_series(term: Term, lang: str) -> None:
    reader = term.reader("coordinator", lang)
    page = reader.open("/manage/calendar/new")
    form = next(n for n, one in enumerate(page.forms) if "starts_on" in dict(one.fields))

    wrong = reader.send(form, 422, **calendar_body(days=1))
    assert 'id="e-starts_on"' in wrong.html
    assert 'value="校庆"' in wrong.html
    unread = reader.send(form, 422, **{**calendar_body(), "sections": "08:00-08:45\nmorning"})
    assert 'id="e-sections"' in unread.html
    assert "morning" in unread.html
    seen = reader.send(form, **calendar_body())

    assert seen.status == 200, seen.text
    assert "校庆" in seen.text
    assert "08:00-08:45\n08:55-09:40" in reader.open("/manage/calendar/new").html
    id = term.api("catalog", "GET", "/terms")["items"][0]["id"]
    assert reader.open(f"/manage/calendar/{id}").status == 200
    planned = term.api("catalog", "GET", f"/sessions/{term.plan('repair')}")
    page = reader.open(f"/manage/sessions/new?offering_id={planned['offering_id']}")
    which = next(n for n, one in enumerate(page.forms) if "starts" in dict(one.fields))
    asked = {"do": "preview", "repeat": "weekly", "count": "4", "venue_id": planned["venue_id"]}
    look = reader.send(which, **asked)
    assert ("考试周" if lang == "zh" else "Exam week") in look.text
    assert 'name="skip"' in look.html
    assert "checked" in look.html.split('name="skip"', 1)[1].split("</ol>")[0]


def test_a_series_leaves_out_the_days_that_were_ticked(term: Term) -> None:
    offering = offering_of(term, term.plan("repair"))
    found = term.api("catalog", "GET", f"/sessions/{term.plan('repair', offering_id=offering)}")
    body = {
        name: found[name]
        for name in ("offering_id", "venue_id", "starts_at", "ends_at", "slot_minutes")
    }
    day = dates.local_day(clock.parse(found["starts_at"]))
    skip = [(day + timedelta(weeks=1)).isoformat()]

    made = term.api(
        "catalog", "POST", "/series", json={**body, "weekly": {"count": 3, "skip": skip}}
    )

    assert len(made["sessions"]) == 2


def test_staff_read_the_rules_when_they_book_for_somebody(term: Term) -> None:
    session = term.plan("repair")
    term.staff(session)
    rule(term, session, waiver=WAIVER)
    person = term.api("identity", "GET", "/people", params={"q": "student5"})["items"][0]["id"]
    reader = term.reader("coordinator")

    page = reader.open(f"/manage/sessions/{session}/book?person_id={person}")

    assert "替人预约可以超过预约规则" in page.text
    assert WAIVER["zh"] in page.text
