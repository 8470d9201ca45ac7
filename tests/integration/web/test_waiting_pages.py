"""A full slot on the pages, without JavaScript: wait, see the rank, take what is offered, come as two."""

import re
from typing import Any

import pytest

from tests.integration.web.conftest import Term
from tests.integration.web.pages import Page, Reader

KETTLE = {"category_id": 14}


def slots(term: Term, session_id: str) -> list[dict[str, Any]]:
    return list(term.api("booking", "GET", f"/sessions/{session_id}/slots")["slots"])


def fill(term: Term, session_id: str, login: str, slot: int = 0) -> str:
    """Somebody takes the one place of a slot: it is full."""
    wish = {"slot_id": slots(term, session_id)[slot]["id"], "devices": [KETTLE]}
    return str(term.api("booking", "POST", "/appointments", login, json=wish)["id"])


def full(term: Term, login: str) -> tuple[str, str]:
    """A session of 30 minute slots whose first is full; its id and the booking that fills it."""
    session = term.plan("repair", slot_minutes=30)
    term.staff(session)
    return session, fill(term, session, login)


def free_again(term: Term, place: str, login: str) -> None:
    term.api("booking", "POST", f"/appointments/{place}/cancel", login, json={})


def wait_for_first(term: Term, session: str, login: str, **more: Any) -> tuple[Reader, Page]:
    reader = term.reader(login)
    reader.open(f"/sessions/{session}/wait?slot={slots(term, session)[0]['id']}")
    return reader, reader.send("wait", **more)


def act(page: Page, ending: str) -> int:
    return next(n for n, one in enumerate(page.forms) if one.action.endswith(ending))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_full_slot_leads_onto_the_waitlist(term: Term, lang: str) -> None:
    session, _ = full(term, "student2" if lang == "zh" else "student3")

    page = term.reader("student4", lang).open(f"/sessions/{session}")
    form = term.reader("student4", lang).open(f"/sessions/{session}/wait")

    assert any(link.startswith(f"/sessions/{session}/wait?slot=") for link, _ in page.links)
    assert ("哪个时段都行" if lang == "zh" else "Any time") in form.text


def test_the_rank_is_seen_on_every_page(term: Term) -> None:
    session, _ = full(term, "student2")
    wait_for_first(term, session, "student3")

    reader, page = wait_for_first(term, session, "student4")

    assert "第 2 位" in page.text
    assert "候补第 2" in reader.open("/me").text
    assert "第 2 位" in reader.open(f"/sessions/{session}").text
    assert reader.open(f"/sessions/{session}/wait").url == page.url, "nobody waits twice"
    english = term.reader("student4", "en").open("/me")
    assert english.status == 200


def test_an_offered_place_is_shown_until_when_it_holds_and_taken(term: Term) -> None:
    session, place = full(term, "student5")
    reader, waiting = wait_for_first(term, session, "student6", devices="1")
    free_again(term, place, "student5")

    offered = reader.open(waiting.url)
    home = reader.open("/")
    english = term.reader("student6", "en").open(waiting.url)
    reader.open(f"{waiting.url}/take")
    empty = reader.send("take", status=422, **{"category-0": ""})
    taken = reader.send("take", **{"category-0": "14"})

    assert "留到" in offered.text
    assert "22:00" in offered.text, "it says that the time stands still at night"
    assert "有空位，等你确认" in home.text
    assert "Kept until" in english.text
    assert "这一项要填" in empty.text
    assert "/places/" in taken.url
    assert "位置是你的" in taken.text


def test_not_this_one_keeps_the_rank_and_the_next_is_asked(term: Term) -> None:
    session, place = full(term, "student7")
    reader, waiting = wait_for_first(term, session, "student8")
    other, behind = wait_for_first(term, session, "student9")
    free_again(term, place, "student7")
    page = reader.open(waiting.url)

    after = reader.send(act(page, "/decline"))

    assert "第 1 位" in after.text
    assert "说过不要的" in after.text
    assert "留到" in other.open(behind.url).text


def test_leaving_is_asked_once_more_and_done(term: Term) -> None:
    session, _ = full(term, "student10")
    reader, waiting = wait_for_first(term, session, "student11")
    assert waiting.url in {link for link, _ in reader.open("/me").links}
    reader.open(f"{waiting.url}/leave")

    after = reader.send(0)

    assert "已退出候补" in after.text
    assert waiting.url not in {link for link, _ in reader.open("/me").links}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_come_together_by_a_link(term: Term, lang: str) -> None:
    first, friend = ("student2", "student3") if lang == "zh" else ("student4", "student5")
    owner, other = ("student6", "student7")
    session, place = full(term, owner)
    beside = fill(term, session, other, slot=1)
    second = slots(term, session)[1]["id"]
    reader, waiting = wait_for_first(term, session, first, second=second)
    link = re.search(r"/waitlist/[0-9a-f-]+/together\?code=\w+", waiting.html)
    assert link is not None
    comes = term.reader(friend, lang)
    comes.open(link.group())

    together = comes.send("agree")
    free_again(term, place, owner)
    still = reader.open(waiting.url).text
    free_again(term, beside, other)

    assert "留到" not in still, "one place is not enough for two"
    assert ("两个人一起来" if lang == "zh" else "Coming as two") in together.text
    assert "留到" in reader.open(waiting.url).text
    assert ("各自确认" if lang == "zh" else "answers for yourselves") in comes.open(
        together.url
    ).text


def test_an_invitation_opens_only_with_its_code(term: Term) -> None:
    session, _ = full(term, "student8")
    _, waiting = wait_for_first(term, session, "student9")

    page = term.reader("student10").open(f"{waiting.url}/together?code=WRONG123", status=404)

    assert page.status == 404
    assert term.reader("student10").open(waiting.url, status=404).status == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_coordinator_sees_the_waitlist_and_adds_and_removes(term: Term, lang: str) -> None:
    session, _ = full(term, "student11" if lang == "zh" else "student2")
    wait_for_first(term, session, "student8")
    coordinator = term.reader("coordinator", lang)

    seen = coordinator.open(f"/manage/sessions/{session}")
    removed = coordinator.send(act(seen, "/leave"))
    who = coordinator.open(f"/manage/sessions/{session}/wait?q=student10")
    person = next(link for link, _ in who.links if "person_id=" in link)
    coordinator.open(person)
    slot = slots(term, session)[0]["id"]
    added = coordinator.send(act(coordinator.page, ""), when="these", first=slot)

    assert ("在等" if lang == "zh" else "waiting") in seen.text
    assert ("没有人在候补" if lang == "zh" else "Nobody is waiting") in removed.text
    assert ("已加入候补" if lang == "zh" else "Added") in added.text


def test_a_wish_without_a_time_is_asked_again(term: Term) -> None:
    session, _ = full(term, "student11")
    reader = term.reader("student2")
    reader.open(f"/sessions/{session}/wait")

    page = reader.send("wait", status=422, when="these", first="")

    assert "选一个时段" in page.text


def test_slots_that_wait_for_volunteers_can_be_waited_for(term: Term) -> None:
    session = term.plan("repair", slot_minutes=30)
    reader = term.reader("student10")

    page = reader.open(f"/sessions/{session}")
    reader.open(f"/sessions/{session}/wait")
    waiting = reader.send("wait", when="any")

    assert "等待志愿者。可以先候补" in page.text
    assert "第 1 位" in waiting.text
