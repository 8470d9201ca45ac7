"""Changing the staffing of many sessions: looked at first, all or none, taken back; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.catalog.models import StaffingChange
from services.catalog.models.staffing_change import UNDO_FOR
from shared.clock import now
from tests.integration.catalog.planning import Planning, at, text
from tests.integration.catalog.test_staffing import BENCH, DOOR, keys

SKILL = "small-appliance"
MORE = {"op": "set", "role": "维修", "skill": SKILL, "needed": 4}
TESTER = {"role": text("安全测试", "Safety test"), "skill": "safety", "needed": 1, "at_most": 1}


def two(planning: Planning) -> list[dict[str, Any]]:
    """Return two published sessions of a bench and a reception, a day apart."""
    staffing = {"staffing": [BENCH, DOOR]}
    later = {"starts_at": at(days=1), "ends_at": at(3, days=1)}
    moved = [{**need} for need in staffing["staffing"]]
    return [planning.published(**staffing), planning.published(**later, staffing=moved)]


def asked(sessions: list[dict[str, Any]], **edit: Any) -> dict[str, Any]:
    """Return the request that changes these sessions as they were seen."""
    seen = [{"id": one["id"], "version": one["version"]} for one in sessions]
    return {"sessions": seen, "edit": edit}


def numbers(session: dict[str, Any]) -> list[tuple[int, int]]:
    return [(need["needed"], need["at_most"]) for need in session["staffing"]]


def change(planning: Planning, sessions: list[dict[str, Any]], **edit: Any) -> dict[str, Any]:
    answer = planning.staff.post("/staffing-changes", asked(sessions, **edit))
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def test_looking_shows_each_session_before_and_after_and_writes_nothing(planning: Planning):
    sessions = two(planning)

    answer = planning.staff.post("/staffing-changes/preview", asked(sessions, **MORE))

    assert answer.status_code == 200, answer.json
    looks = answer.json["items"]
    assert [look["session_id"] for look in looks] == [one["id"] for one in sessions]
    assert [need["needed"] for need in looks[0]["before"]] == [2, 1]
    assert [need["needed"] for need in looks[0]["after"]] == [4, 1]
    assert [need["at_most"] for need in looks[0]["after"]] == [4, 2]
    assert looks[0]["changes"] is True
    assert looks[0]["problem"] is None
    assert [planning.show(one)["version"] for one in sessions] == [2, 2]
    assert planning.catalog.announced("session.changed.v1") == []


def test_a_change_reaches_all_sessions_and_is_announced_for_each(planning: Planning):
    sessions = two(planning)

    made = change(planning, sessions, **MORE)

    assert made["count"] == 2
    assert [numbers(planning.show(one)) for one in sessions] == [[(4, 4), (1, 2)]] * 2
    told = planning.catalog.announced("session.changed.v1")
    assert [event.subject for event in told] == [one["id"] for one in sessions]
    assert planning.staff.get("/staffing-changes").json["items"][0]["id"] == made["id"]


def test_an_undo_gives_every_session_its_staffing_back_with_the_same_keys(planning: Planning):
    sessions = two(planning)
    made = change(planning, sessions, op="remove", role="接待")
    assert keys(planning.show(sessions[0])) == [(0, "维修")]

    undone = planning.staff.post(f"/staffing-changes/{made['id']}/undo")

    assert (undone.status_code, undone.json["left"]) == (200, [])
    assert undone.json["undone_at"]
    assert [keys(planning.show(one)) for one in sessions] == [[(0, "维修"), (1, "接待")]] * 2


def test_what_was_changed_since_is_left_alone_by_an_undo_and_named(planning: Planning):
    sessions = two(planning)
    made = change(planning, sessions, **MORE)
    planning.edit(sessions[1], benches=2)

    undone = planning.staff.post(f"/staffing-changes/{made['id']}/undo")

    assert undone.json["left"] == [sessions[1]["id"]]
    assert [numbers(planning.show(one))[0] for one in sessions] == [(2, 3), (4, 4)]


def test_a_change_is_undone_once(planning: Planning):
    path = f"/staffing-changes/{change(planning, two(planning), **MORE)['id']}/undo"

    answers = [planning.staff.post(path) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json["code"] == "already_undone"


def test_after_a_day_a_change_is_not_undone_as_a_whole(planning: Planning):
    made = change(planning, two(planning), **MORE)
    with planning.catalog.database.transaction() as db:
        db.execute(update(StaffingChange).values(made_at=now() - UNDO_FOR - timedelta(minutes=1)))

    answer = planning.staff.post(f"/staffing-changes/{made['id']}/undo")

    assert (answer.status_code, answer.json["code"]) == (409, "too_late_to_undo")
    assert "24" in answer.json["detail"]


def test_two_who_undo_at_once_do_it_once(planning: Planning):
    sessions = two(planning)
    made = change(planning, sessions, **MORE)
    clients = [planning.catalog.as_("coordinator") for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        path = f"/staffing-changes/{made['id']}/undo"
        answers = list(pool.map(lambda client: client.post(path), clients))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert [planning.show(one)["version"] for one in sessions] == [4, 4]


def test_a_session_that_changed_since_it_was_seen_stops_the_whole_change(planning: Planning):
    sessions = two(planning)
    planning.edit(sessions[1], benches=2)

    answer = planning.staff.post("/staffing-changes", asked(sessions, **MORE))

    assert answer.status_code == 412
    assert numbers(planning.show(sessions[0]))[0] == (2, 3)


def test_what_does_not_fit_one_session_is_said_and_changes_none(planning: Planning):
    sessions = two(planning)
    wish = {"op": "remove", "role": "维修", "skill": SKILL}

    looks = planning.staff.post("/staffing-changes/preview", asked(sessions, **wish)).json["items"]
    answer = planning.staff.post("/staffing-changes", asked(sessions, **wish))

    assert "至少需要一位会修的志愿者" in looks[0]["problem"]["zh"]
    assert (answer.status_code, answer.json["code"]) == (422, "bad_staffing_change")
    assert [keys(planning.show(one)) for one in sessions] == [[(0, "维修"), (1, "接待")]] * 2


def test_a_change_that_changes_nothing_is_refused(planning: Planning):
    answer = planning.staff.post(
        "/staffing-changes", asked(two(planning), **{**MORE, "needed": 2, "at_most": 3})
    )

    assert (answer.status_code, answer.json["code"]) == (409, "nothing_changes")


@pytest.mark.parametrize(
    "edit",
    [
        {"op": "set", "role": "维修"},
        {"op": "remove"},
        {"op": "add"},
        {"op": "template", "entries": []},
        {"op": "dance", "role": "维修"},
    ],
)
def test_a_wish_that_is_not_whole_is_refused(planning: Planning, edit: dict[str, Any]):
    answer = planning.staff.post("/staffing-changes", asked(two(planning)[:1], **edit))

    assert answer.status_code == 422


def test_an_added_shift_comes_only_where_it_is_missing_within_the_session(planning: Planning):
    sessions = two(planning)
    planning.edit(sessions[0], staffing=[*sessions[0]["staffing"], TESTER])
    seen = [planning.show(one) for one in sessions]

    made = change(
        planning, seen, op="add", entries=[{**TESTER, "from_minutes": 60, "until_minutes": 600}]
    )

    assert made["count"] == 1
    first, second = (planning.show(one) for one in sessions)
    assert keys(first) == [(0, "维修"), (1, "接待"), (2, "安全测试")]
    assert keys(second) == [(0, "维修"), (1, "接待"), (2, "安全测试")]
    assert second["staffing"][2]["starts_at"] == planning.show(sessions[1])["starts_at"].replace(
        "T06", "T07"
    )
    assert second["staffing"][2]["ends_at"] == second["ends_at"]


def test_a_template_leaves_what_it_names_and_keeps_its_people_by_their_keys(planning: Planning):
    session = planning.published(staffing=[DOOR, BENCH])
    template = planning.made(
        "/staffing-templates",
        title=text("节日", "Theme day"),
        entries=[{**BENCH, "needed": 3}, TESTER],
    )

    change(planning, [session], op="template", entries=template["entries"])

    assert keys(planning.show(session)) == [(1, "维修"), (2, "安全测试")]


def test_templates_are_changed_against_what_was_seen_and_put_away(planning: Planning):
    body = {"title": text("平日", "Usual day"), "entries": [BENCH]}
    made = planning.made("/staffing-templates", **body)
    path = f"/staffing-templates/{made['id']}"

    changed = planning.staff.put(path, {**body, "entries": [BENCH, DOOR]}, if_match=1)
    late = planning.staff.put(path, body, if_match=1)
    planning.staff.post(f"{path}/archive")
    gone = planning.staff.put(path, body, if_match=3)

    assert (changed.status_code, len(changed.json["entries"])) == (200, 2)
    assert late.status_code == 412
    assert (gone.status_code, gone.json["code"]) == (409, "archived")
    assert planning.staff.get("/staffing-templates", state="active").json["items"] == []
