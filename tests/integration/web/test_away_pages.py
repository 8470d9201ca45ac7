"""The desk without a connection: what its page sends later, conflicts, the paper sheet, displays; without JavaScript."""

from typing import Any

import pytest

from shared import clock
from shared.ids import new_id
from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader

KETTLE = {"category_id": 14}


@pytest.fixture
def session_id(term: Term) -> str:
    """A session that begins within the hour."""
    return term.plan("repair", hours=1)


def csrf(reader: Reader, session_id: str) -> dict[str, str]:
    answer = reader.client.get(f"/desk/{session_id}/outbox")
    return dict(answer.get_json())


def send(reader: Reader, session_id: str, kind: str, **body: Any) -> Any:
    probe = csrf(reader, session_id)
    act = {"id": new_id(), "kind": kind, "person": probe["person"], **body}
    return reader.client.post(
        f"/desk/{session_id}/acts", json=act, headers={"X-CSRFToken": probe["csrf"]}
    )


def walk_in(term: Term, session_id: str, name: str) -> Any:
    body = {"name": name, "devices": [KETTLE]}
    return term.api("booking", "POST", f"/sessions/{session_id}/walk-ins", json=body)


def test_an_act_kept_in_the_page_is_done_and_a_misfit_is_listed(
    term: Term, session_id: str
) -> None:
    desk = term.reader("coordinator")
    walk_in(term, session_id, "阿不都拉·买买提")

    done = send(desk, session_id, "call", given={"number": "B001", "bench": 1})
    clash = send(desk, session_id, "call", given={"number": "B001", "bench": 2})
    listed = desk.open(f"/desk/{session_id}/conflicts")

    assert done.get_json() == {"result": "done", "number": "B001", "text": None}
    assert clash.get_json()["result"] == "conflict"
    assert "叫 B001 到 2 号工位" in listed.text
    assert "B001 已叫号 · 1 号工位" in listed.text
    assert "阿不都拉" not in listed.html
    assert "1 处对不上" in desk.open(f"/desk/{session_id}").text


@pytest.mark.parametrize("decision", ["mine", "theirs", "dismissed"])
def test_a_person_decides_a_conflict(term: Term, session_id: str, decision: str) -> None:
    desk = term.reader("coordinator")
    walk_in(term, session_id, "小王")
    send(desk, session_id, "call", given={"number": "B001", "bench": 1})
    send(desk, session_id, "call", given={"number": "B001", "bench": 2})
    page = desk.open(f"/desk/{session_id}/conflicts")
    which = next(n for n, one in enumerate(page.forms) if one.action.endswith(f"/{decision}"))

    after = desk.send(which)

    said = {"mine": "按断网时记的办了", "theirs": "保留了现在的样子", "dismissed": "放下了"}
    assert said[decision] in after.text
    assert not any(one.action.endswith("/mine") for one in after.forms)


def test_acts_need_a_form_key_and_their_own_person(term: Term, session_id: str) -> None:
    desk = term.reader("coordinator")
    probe = csrf(desk, session_id)
    body = {"id": new_id(), "kind": "call", "given": {"number": "B001", "bench": 1}}
    path = f"/desk/{session_id}/acts"
    head = {"X-CSRFToken": probe["csrf"]}

    assert desk.client.post(path, json={**body, "person": probe["person"]}).status_code == 400
    assert (
        desk.client.post(path, json={**body, "person": new_id()}, headers=head).status_code == 409
    )
    assert desk.client.post(path, json=[1], headers=head).status_code == 400
    assert desk.client.post(path, data="{", headers=head).status_code == 400
    wrong = send(desk, session_id, "dance", given={})
    assert wrong.status_code == 422
    assert wrong.get_json()["text"]


def test_the_probe_says_who_is_signed_in_and_the_suite_s_time(term: Term, session_id: str) -> None:
    probe = csrf(term.reader("coordinator"), session_id)

    assert abs((clock.parse(probe["now"]) - clock.now()).total_seconds()) < 5
    assert term.reader().client.get(f"/desk/{session_id}/outbox").status_code == 303


def test_the_worker_reaches_the_desk_only(term: Term) -> None:
    answer = term.reader("coordinator").client.get("/desk/worker.js")

    assert answer.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_paper_opens_in_both_languages(term: Term, session_id: str, lang: str) -> None:
    walk_in(term, session_id, "欧阳修远")
    reader = term.reader("coordinator", lang)

    for page in ("sheet", "type-in", "conflicts"):
        shown = reader.open(f"/desk/{session_id}/{page}")
        assert "欧阳修远" not in shown.html
    assert reader.open("/manage/displays").status == 200


def test_rows_are_saved_one_by_one_and_what_was_wrong_stays(term: Term, session_id: str) -> None:
    desk = term.reader("coordinator")
    walk_in(term, session_id, "小王")
    page = desk.open(f"/desk/{session_id}/type-in")
    keys = [value for name, value in page.forms[-1].fields if name == "key"]
    known, first, second, third = keys[:4]

    after = desk.send(
        -1,
        422,
        **{
            f"{known}-status": "Fixed",
            f"{first}-who": "马丽娜",
            f"{first}-category_id": "14",
            f"{second}-who": "邓老师",
            f"{third}-who": "B999",
            f"{third}-status": "Fixed",
        },
    )

    assert "录好了 2 行" in after.text
    assert "有 2 行没有录进去" in after.text
    assert "B999" in after.text
    assert 'value="邓老师"' in after.html
    again = desk.send(-1, 422, **{f"{second}-category_id": "14"})
    assert "录好了 1 行" in again.text
    line = term.api("booking", "GET", f"/sessions/{session_id}/queue")
    assert [one["number"] for one in line["waiting"]] == ["B002", "B003"]


def test_the_same_page_sent_twice_counts_once(term: Term, session_id: str) -> None:
    desk = term.reader("coordinator")
    walk_in(term, session_id, "小王")
    page = desk.open(f"/desk/{session_id}/type-in")
    known, blank = [value for name, value in page.forms[-1].fields if name == "key"][:2]
    typed = {
        f"{known}-status": "Fixed",
        f"{blank}-who": "马丽娜",
        f"{blank}-category_id": "14",
    }

    desk.send(-1, **typed)
    desk.page = page
    twice = desk.send(-1, **typed)

    assert "录好了 2 行" in twice.text
    line = term.api("booking", "GET", f"/sessions/{session_id}/queue")
    assert (len(line["waiting"]), line["done"]["closed"]) == (1, 1)


def test_a_wall_beats_and_the_desk_sees_it(term: Term, session_id: str) -> None:
    wall, screen = term.reader("coordinator"), new_id()
    probe = csrf(wall, session_id)
    form = {"csrf_token": probe["csrf"], "sound": "blocked", "shown": "0", "name": "门口"}

    answer = wall.client.post(f"/wall/{session_id}/beat/{screen}", data=form)
    wrong = wall.client.post(f"/wall/{session_id}/beat/{screen}", data={**form, "sound": "loud"})

    assert answer.get_json() == {"number": 1}
    assert wrong.status_code == 400
    desk = wall.open(f"/desk/{session_id}")
    assert "门口" in desk.text
    assert "声音没打开" in desk.text
    assert "门口" in wall.open("/manage/displays").text
