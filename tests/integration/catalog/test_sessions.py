"""What happens to planned sessions: publish, change, cancel, alone or with the series, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from services.catalog.models import Session
from shared.clock import now
from tests.integration.catalog.planning import (
    Planning,
    announced,
    at,
    errors,
    offering,
    text,
    venue,
)

REASON = text("停电检修", "The power is off")


def test_publishing_announces_the_full_state_and_drafts_announce_nothing(planning: Planning):
    draft = planning.draft()
    assert announced(planning) == []

    answer = planning.staff.post(f"/sessions/{draft['id']}/publish")

    assert (answer.json["state"], answer.json["affected"]) == ("published", 1)
    event = planning.catalog.announced("session.published.v1")[0]
    assert (event.subject, event.version) == (draft["id"], 2)
    assert event.data["venue_name"] == planning.venue["name"]
    assert event.data["staffing"][0]["skill"] == "small-appliance"
    assert event.data["starts_at"].endswith("Z")


def test_a_session_is_published_once(planning: Planning):
    session = planning.published()

    again = planning.staff.post(f"/sessions/{session['id']}/publish")

    assert (again.status_code, again.json["code"]) == (409, "not_a_draft")
    assert len(announced(planning)) == 1


def test_the_same_key_publishes_once_and_gets_the_same_answer(planning: Planning):
    path = f"/sessions/{planning.draft()['id']}/publish"

    first, again = (planning.staff.post(path, key="p") for _ in range(2))

    assert first.status_code == again.status_code == 200
    assert first.json == again.json


def test_two_published_sessions_do_not_overlap_at_one_venue(planning: Planning):
    planning.published()
    draft = planning.draft(starts_at=at(2), ends_at=at(5))

    answer = planning.staff.post(f"/sessions/{draft['id']}/publish")

    assert (answer.status_code, answer.json["code"]) == (409, "venue_taken")
    assert "工程训练中心 B101在" in answer.json["detail"]
    assert "14:00–17:00 已经有“小家电义务维修”" in answer.json["detail"]
    assert planning.show(draft)["state"] == "draft"


def test_sessions_may_touch_and_may_share_an_hour_at_two_venues(planning: Planning):
    planning.published()
    other = planning.made("/venues", **venue(name=text("图书馆大厅")))

    planning.published(starts_at=at(3), ends_at=at(6))
    planning.published(venue_id=other["id"])

    assert len(announced(planning)) == 3


def test_a_published_session_cannot_be_moved_onto_another_one(planning: Planning):
    planning.published()
    later = planning.published(starts_at=at(4), ends_at=at(7))

    answer = planning.edit(later, starts_at=at(2), ends_at=at(5), staffing=later["staffing"][:0])
    moved = planning.edit(
        later, starts_at=at(2), ends_at=at(5), booking_closes_at=None,
        staffing=[{"role": text("维修"), "skill": "small-appliance", "needed": 1}],
    )  # fmt: skip

    assert answer.status_code == 422
    assert (moved.status_code, moved.json["code"]) == (409, "venue_taken")
    assert list(errors(moved)) == ["#/starts_at"]
    assert planning.show(later)["starts_at"] == later["starts_at"]


def test_changing_a_published_session_announces_its_new_state(planning: Planning):
    session = planning.published()

    answer = planning.edit(session, benches=2, title=text("校庆专场", "Anniversary"))

    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"3"'
    event = planning.catalog.announced("session.changed.v1")[0]
    assert (event.version, event.data["benches"], event.data["title"]["zh"]) == (3, 2, "校庆专场")


def test_an_edit_needs_the_version_it_was_made_against(planning: Planning):
    session = planning.published()
    body = planning.asked()

    nothing = planning.staff.put(f"/sessions/{session['id']}", body)
    stale = planning.staff.put(f"/sessions/{session['id']}", body, if_match=1)

    assert (nothing.status_code, nothing.json["code"]) == (428, "version_needed")
    assert (stale.status_code, stale.json["code"]) == (412, "stale")


def test_a_session_keeps_its_offering(planning: Planning):
    session = planning.published()
    other = planning.made("/offerings", **offering(title=text("电脑清灰")))

    answer = planning.edit(session, offering_id=other["id"])

    assert (answer.status_code, answer.json["code"]) == (409, "offering_stays")


def test_cancelling_says_why_in_both_languages_and_only_once(planning: Planning):
    session = planning.published()
    path = f"/sessions/{session['id']}/cancel"

    without = planning.staff.post(path, {})
    done = planning.staff.post(path, {"reason": REASON})
    again = planning.staff.post(path, {"reason": REASON})

    assert errors(without) == {"#/reason": "请填写这一项。"}
    assert (done.json["state"], done.json["reason"]) == ("cancelled", REASON)
    assert (again.status_code, again.json["code"]) == (409, "already_cancelled")
    event = planning.catalog.announced("session.cancelled.v1")[0]
    assert (event.version, event.data["reason"]) == (3, REASON)
    assert planning.catalog.client().get(f"/sessions/{session['id']}").json["reason"] == REASON


def test_a_cancelled_session_gives_its_venue_back_and_does_not_change(planning: Planning):
    session = planning.published()
    planning.staff.post(f"/sessions/{session['id']}/cancel", {"reason": REASON})

    planning.published()

    assert planning.edit(session, benches=1).json["code"] == "already_cancelled"


def test_a_cancelled_draft_is_told_to_nobody(planning: Planning):
    draft = planning.draft()

    planning.staff.post(f"/sessions/{draft['id']}/cancel", {"reason": REASON})

    assert announced(planning) == []
    assert planning.catalog.client().get(f"/sessions/{draft['id']}").status_code == 404


def test_what_is_over_is_neither_changed_nor_cancelled_nor_published(planning: Planning):
    published, draft = planning.published(), planning.draft()
    with planning.catalog.database.transaction() as db:
        past = {"starts_at": now() - timedelta(hours=3), "ends_at": now() - timedelta(minutes=1)}
        db.execute(update(Session).where(Session.id == published["id"]).values(**past))
        earlier = {name: at - timedelta(days=1) for name, at in past.items()}
        db.execute(update(Session).where(Session.id == draft["id"]).values(**earlier))

    answers = [
        planning.edit(published, benches=1),
        planning.staff.post(f"/sessions/{published['id']}/cancel", {"reason": REASON}),
        planning.staff.post(f"/sessions/{draft['id']}/publish"),
    ]

    assert [answer.json["code"] for answer in answers] == ["already_over"] * 3


@pytest.mark.parametrize("role", ["student", "volunteer"])
def test_only_staff_plan(planning: Planning, role: str):
    asked = planning.catalog.as_(role)

    assert asked.post("/sessions", planning.asked()).status_code == 403
    assert planning.catalog.client().post("/sessions", planning.asked()).status_code == 401


def test_a_venue_is_told_again_with_its_sessions_when_it_changes(planning: Planning):
    session = planning.published()
    renamed = venue(name=text("工程训练中心 B102", "B102"))

    answer = planning.staff.put(f"/venues/{planning.venue['id']}", renamed, if_match=1)

    assert answer.json["version"] == 2
    event = planning.catalog.announced("session.changed.v1")[0]
    assert event.data["venue_name"]["zh"] == "工程训练中心 B102"
    assert planning.show(session)["version"] == event.version == 3


def test_a_venue_keeps_the_benches_that_published_sessions_need(planning: Planning):
    planning.published()

    answer = planning.staff.put(f"/venues/{planning.venue['id']}", venue(stations=3), if_match=1)

    assert (answer.status_code, answer.json["code"]) == (409, "venue_too_small")
    assert "需要 4 个工位" in answer.json["detail"]


def test_promises_to_those_who_booked_stay_when_the_offering_changes(planning: Planning):
    session = planning.published()
    changed = offering(max_devices=1, cancel_cutoff_minutes=0)

    answer = planning.staff.put(f"/offerings/{planning.offering['id']}", changed, if_match=1)

    assert answer.json["max_devices"] == 1
    assert planning.show(session)["max_devices"] == 2
    assert planning.published(starts_at=at(4), ends_at=at(7))["max_devices"] == 1


def test_offerings_venues_and_programmes_are_archived_once(planning: Planning):
    theme = planning.made("/programmes", title=text("爱耳日"))
    for path in (
        f"/offerings/{planning.offering['id']}",
        f"/venues/{planning.venue['id']}",
        f"/programmes/{theme['id']}",
    ):
        first, again = (planning.staff.post(f"{path}/archive") for _ in range(2))
        assert (first.json["state"], first.json) == ("archived", again.json)
        listed = planning.staff.get(path.rsplit("/", 1)[0], state="archived").json["items"]
        assert [one["id"] for one in listed] == [first.json["id"]]
