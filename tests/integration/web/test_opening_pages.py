"""A volunteer drops out, and a session opens with a draw: on the pages, without JavaScript."""

from datetime import timedelta

import pytest

from shared import clock
from tests.integration.web.conftest import Term


def book(term: Term, session_id: str, login: str, slot: int = 0) -> str:
    slots = term.api("booking", "GET", f"/sessions/{session_id}/slots")["slots"]
    wish = {"slot_id": slots[slot]["id"], "devices": [{"category_id": 14}]}
    return str(term.api("booking", "POST", "/appointments", login, json=wish)["id"])


def drop_everybody(term: Term, session_id: str) -> None:
    for shift in term.api("roster", "GET", f"/sessions/{session_id}/shifts")["items"]:
        for one in shift["assignments"]:
            if one["state"] == "accepted":
                term.api("roster", "POST", f"/assignments/{one['id']}/drop", json={})
    term.until(lambda: term.api("booking", "GET", f"/sessions/{session_id}/at-risk")["items"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_coordinator_sees_what_is_at_risk_and_why(term: Term, lang: str) -> None:
    session = term.plan("repair")
    term.staff(session)
    book(term, session, "student12")
    drop_everybody(term, session)
    coordinator = term.reader("coordinator", lang)

    everything = coordinator.open("/manage/at-risk").text
    one = coordinator.open(f"/manage/sessions/{session}").text
    coordinator.open("/manage")

    reason = "退出了班次" if lang == "zh" else "dropped the shift"
    assert reason in everything
    assert reason in one


def test_a_displaced_student_reads_it_on_the_ticket_and_accepts(term: Term) -> None:
    session = term.plan("repair", slot_minutes=30)
    term.staff(session)
    place = book(term, session, "student8")
    drop_everybody(term, session)
    later = term.plan("repair", offering_id=offering_of(term, session))
    term.staff(later)
    coordinator = term.reader("coordinator")
    coordinator.open(f"/manage/sessions/{session}")
    form = next(n for n, one in enumerate(coordinator.page.forms) if "/displace" in one.action)

    coordinator.send(form)
    student = term.reader("student8")
    page = student.open(f"/places/{place}")
    accept = next(n for n, one in enumerate(page.forms) if one.action.endswith("/accept"))
    after = student.send(accept)

    assert "原来的时间没有志愿者了" in page.text
    assert "另选一个时间" in page.text
    assert "时间换好了" in after.text
    assert term.reader("student8", "en").open(f"/places/{place}").status == 200


def test_the_stand_in_time_is_set_on_the_sessions_page(term: Term) -> None:
    session = term.plan("repair")
    coordinator = term.reader("coordinator")
    coordinator.open(f"/manage/sessions/{session}")
    form = next(
        n for n, one in enumerate(coordinator.page.forms) if "/stand-in/sessions" in one.action
    )

    coordinator.send(form, minutes="45")

    kept = term.api("booking", "GET", f"/sessions/{session}/at-risk")
    assert (kept["stand_in_minutes"], kept["own_minutes"]) == (45, 45)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_before_the_opening_the_hash_and_the_form_are_there(term: Term, lang: str) -> None:
    opens = clock.iso(clock.now() + timedelta(hours=2))
    session = term.plan("repair", opening="draw", booking_opens_at=opens)
    student = term.reader("student9", lang)

    shown = student.open(f"/sessions/{session}").text
    seed_hash = term.api("booking", "GET", f"/sessions/{session}/draw")["seed_hash"]
    before = student.open(f"/sessions/{session}/draw").text
    early = student.send(
        "entry", 409, first=first_slot(term, session), **{"category-0": "14", "brand-0": "Midea 1"}
    )

    assert seed_hash in shown
    assert seed_hash in before
    assert ("brand-0", "Midea 1") in next(one for one in early.forms if one.id == "entry").fields
    assert term.reader(lang=lang).open(f"/sessions/{session}/draw").status == 200


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_student_enters_the_draw_and_changes_the_entry(term: Term, lang: str) -> None:
    opens = clock.iso(clock.now() - timedelta(seconds=2))
    session = term.plan("repair", opening="draw", booking_opens_at=opens)
    login = "student10" if lang == "zh" else "student11"
    student = term.reader(login, lang)
    student.open(f"/sessions/{session}/draw")

    slot = first_slot(term, session)
    first = student.send("entry", first=slot, **{"category-0": "14"})
    second = student.send("entry", first=slot, **{"category-0": "14", "category-1": "14"})
    mine = term.api("booking", "GET", f"/sessions/{session}/draw", login)

    assert mine["mine"]["pseudonym"] in first.text
    assert mine["mine"]["pseudonym"] in second.text
    assert len(mine["mine"]["devices"]) == 2


def test_after_the_draw_the_seed_and_the_list_are_public(term: Term) -> None:
    opens = clock.iso(clock.now() - timedelta(minutes=5))
    session = term.plan("repair", opening="draw", booking_opens_at=opens)
    term.until(lambda: term.api("booking", "GET", f"/sessions/{session}/draw")["state"] == "drawn")

    for lang in ("zh", "en"):
        page = term.reader(lang=lang).open(f"/sessions/{session}/draw")
        assert term.api("booking", "GET", f"/sessions/{session}/draw")["seed"] in page.text
    managed = term.reader("coordinator").open(f"/manage/sessions/{session}")
    assert (f"/sessions/{session}/draw", "已抽完，0 人参加") in managed.links


def test_a_coordinator_plans_a_draw_in_the_form(term: Term) -> None:
    session = term.plan("repair", booking_opens_at=clock.iso(clock.now() + timedelta(hours=1)))
    coordinator = term.reader("coordinator")
    coordinator.open(f"/manage/sessions/{session}/edit")

    coordinator.send(opening="draw", do="review")
    coordinator.send(do="confirm")

    assert term.api("catalog", "GET", f"/sessions/{session}")["opening"] == "draw"
    term.until(lambda: "抽签" in term.reader().open(f"/sessions/{session}").text)


def offering_of(term: Term, session_id: str) -> str:
    return str(term.api("catalog", "GET", f"/sessions/{session_id}")["offering_id"])


def first_slot(term: Term, session_id: str) -> str:
    return str(term.api("booking", "GET", f"/sessions/{session_id}/slots")["slots"][0]["id"])
