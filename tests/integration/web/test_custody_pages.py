"""A device that stays, on the pages: kept at the desk, on paper, on the owner's phone, handed back, asked about."""

from typing import Any

import pytest

from tests.integration.web.conftest import Term


def repaired(term: Term, session_id: str, who: str | None) -> dict[str, Any]:
    """A device with an outcome that needs no safety test, and the place of its owner."""
    person = {"person_id": term.api("identity", "GET", "/people/me", who)["id"]} if who else {}
    body = {"devices": [{"category_id": 19, "brand": "=2+3 小米"}], **person}
    path = f"/sessions/{session_id}/walk-ins"
    place: dict[str, Any] = term.api("booking", "POST", path, json=body)
    ticket = place["devices"][0]["id"]
    term.api("booking", "POST", f"/tickets/{ticket}/start", json={"bench": 1})
    term.api("booking", "POST", f"/tickets/{ticket}/close", json={"status": "Fixed"})
    return place


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_device_is_kept_shown_and_handed_back(term: Term, lang: str) -> None:
    session_id = term.plan("repair", hours=0)
    place = repaired(term, session_id, "student")
    ticket = place["devices"][0]["id"]
    desk, owner = term.reader("coordinator", lang), term.reader("student", lang)

    desk.open(f"/desk/{session_id}/tickets/{ticket}/keep")
    desk.send(0, 422, shelf="")
    tag = desk.send(0, shelf="A-2", accessories=["lid"], condition="cracked", ready="1")
    mine = owner.open(f"/places/{place['id']}")
    owner.open("/me")
    kept = term.api("booking", "GET", f"/places/{place['id']}", "student")["kept"][0]
    code = f"{kept['code'][:3]} {kept['code'][3:]}"

    assert kept["tag"] in tag.text
    assert code in mine.text
    assert code not in tag.text
    for path in ("/custody", "/manage", "/manage/custody", "/manage/custody?view=decide"):
        desk.open(path)
    assert kept["tag"] in desk.open(f"/custody?q={kept['tag']}").text
    desk.open(f"/custody/{kept['id']}")
    desk.send(0, 422, code="XXXXXX")
    assert "A-2" in desk.page.text
    done = desk.send(0, code=code)
    assert kept["tag"] in done.text
    desk.open("/manage/custody?view=ended")


def test_the_list_of_devices_is_a_file_without_formulas(term: Term) -> None:
    session_id = term.plan("repair", hours=0)
    ticket = repaired(term, session_id, None)["devices"][0]["id"]
    term.api("booking", "POST", f"/tickets/{ticket}/custody", json={"shelf": "=cmd"})

    reader = term.reader("coordinator")
    content = reader.client.get("/manage/custody.csv").data.decode()

    assert content.startswith("\ufeff")
    assert ",'=cmd," in content
    assert ",=" not in content


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_owner_says_with_one_tap_whether_it_works(term: Term, lang: str) -> None:
    place = repaired(term, term.plan("repair", hours=0), "student2")
    ticket = place["devices"][0]["id"]
    owner, desk = term.reader("student2", lang), term.reader("coordinator", lang)

    owner.open(f"/places/{place['id']}")
    owner.open(f"/feedback/{ticket}")
    owner.send(0, works="0", words="bad again 3d")
    listed = desk.open("/manage/feedback?works=no").text

    assert "bad again 3d" in listed
    owner.open(f"/feedback/{ticket}")
    owner.send(0)  # taken back
    assert "bad again 3d" not in desk.open("/manage/feedback").text


def test_a_device_that_is_back_is_marked_at_the_desk(term: Term) -> None:
    session_id = term.plan("repair", hours=0)
    number = repaired(term, session_id, None)["number"]
    desk = term.reader("coordinator")

    desk.open(f"/desk/{session_id}/walk-in")
    desk.send(0, category_id="19", rework=number)

    assert "↺" in desk.page.text
    assert "记为返修" in desk.page.text
