"""Planning sessions and weekly series, on both databases."""

from datetime import UTC, datetime

import pytest

from shared.clock import parse
from tests.integration.catalog.planning import Planning, at, errors, text


def test_a_draft_takes_over_what_its_offering_and_venue_suggest(planning: Planning):
    session = planning.draft(benches=None)

    assert session["state"] == "draft"
    assert session["title"] == planning.offering["title"]
    assert (session["benches"], session["seats"], session["max_devices"]) == (6, 0, 2)
    assert session["booking_closes_at"] == session["ends_at"]
    assert [(need["skill"], need["needed"]) for need in session["staffing"]] == [
        ("small-appliance", 6),
        (None, 1),
    ]
    assert session["staffing"][0]["starts_at"] == session["starts_at"]


def test_the_same_key_plans_one_session_and_another_body_is_refused(planning: Planning):
    first = planning.staff.post("/sessions", planning.asked(), key="form-1")
    again = planning.staff.post("/sessions", planning.asked(), key="form-1")
    other = planning.staff.post("/sessions", planning.asked(benches=1), key="form-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert other.status_code == 422
    assert len(planning.staff.get("/sessions").json["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "pointer", "zh", "en"),
    [
        (
            {"ends_at": at(-1)},
            "#/ends_at",
            "结束时间要晚于开始时间。",
            "It has to end after it starts.",
        ),
        (
            {"benches": 7},
            "#/benches",
            "这个场地只有 6 个工位。",
            "This venue has only 6 benches.",
        ),
        (
            {"slot_minutes": None},
            "#/slot_minutes",
            "维修场次要填每个时段多少分钟。",
            "A repair session needs the minutes of a slot.",
        ),
        (
            {"slot_minutes": 50},
            "#/slot_minutes",
            "180 分钟排不满 50 分钟的时段，请调整时段或结束时间。",
            "Slots of 50 minutes do not fill 180; change the slot or the end.",
        ),
        (
            {"booking_closes_at": at(4)},
            "#/booking_closes_at",
            "预约要在场次结束之前截止。",
            "Booking has to close before the session ends.",
        ),
        (
            {"booking_opens_at": at(3)},
            "#/booking_opens_at",
            "预约的开放时间要早于截止时间。",
            "Booking has to open before it closes.",
        ),
        (
            {"staffing": []},
            "#/staffing",
            "维修场次至少需要一位会修的志愿者，否则没有名额可约。",
            "A repair session needs at least one volunteer with its skill, or nothing can be booked.",
        ),
        (
            {"offering_id": "nope"},
            "#/offering_id",
            "没有这个服务项目。",
            "There is no such offering.",
        ),
    ],
)
def test_what_does_not_fit_is_said_field_by_field_in_both_languages(
    planning: Planning, changes, pointer, zh, en
):
    in_chinese = planning.staff.post("/sessions", planning.asked(**changes))
    planning.staff.locale = "en"
    in_english = planning.staff.post("/sessions", planning.asked(**changes))

    assert in_chinese.status_code == 422
    assert errors(in_chinese) == {pointer: zh}
    assert errors(in_english) == {pointer: en}


def test_shifts_lie_inside_their_session_and_allow_as_many_as_they_need(planning: Planning):
    need = {"role": text("维修"), "skill": "small-appliance", "needed": 3, "at_most": 2}

    answer = planning.staff.post(
        "/sessions", planning.asked(staffing=[{**need, "starts_at": at(-1)}])
    )

    assert errors(answer) == {
        "#/staffing/0/starts_at": "班次要在场次的时间之内。",
        "#/staffing/0/at_most": "上限不能小于需要的人数。",
    }


def test_a_naive_time_and_an_unknown_field_are_refused(planning: Planning):
    answer = planning.staff.post(
        "/sessions", planning.asked(starts_at="2026-11-25T14:00:00", colour="red")
    )

    assert set(errors(answer)) == {"#/starts_at", "#/colour"}


def test_a_training_has_seats_of_its_venue_and_no_slots(planning: Planning):
    asked = planning.asked(offering_id=planning.training["id"], slot_minutes=None, benches=None)

    too_many = planning.staff.post("/sessions", {**asked, "seats": 25})
    made = planning.made("/sessions", **{**asked, "seats": 20})

    assert errors(too_many) == {"#/seats": "这个场地只有 24 个座位。"}
    assert (made["kind"], made["seats"], made["benches"]) == ("training", 20, 0)
    assert made["booking_closes_at"] == made["starts_at"]


def test_an_archived_offering_is_not_planned_any_more(planning: Planning):
    planning.staff.post(f"/offerings/{planning.offering['id']}/archive")

    answer = planning.staff.post("/sessions", planning.asked())

    assert errors(answer) == {"#/offering_id": "这个服务项目已经归档。"}


def test_a_series_repeats_at_the_same_hour_also_when_the_clocks_change(planning: Planning):
    berlin = planning.made("/venues", name=text("柏林"), stations=4, zone="Europe/Berlin")

    sessions = planning.series(
        weeks=2,
        venue_id=berlin["id"],
        starts_at="2027-03-24T14:00:00+01:00",  # clocks go forward on 28 March
        ends_at="2027-03-24T17:00:00+01:00",
        booking_opens_at="2027-03-20T09:00:00+01:00",
    )

    starts = [parse(session["starts_at"]) for session in sessions]
    assert starts == [
        datetime(2027, 3, 24, 13, tzinfo=UTC),
        datetime(2027, 3, 31, 12, tzinfo=UTC),
    ]
    assert parse(sessions[1]["booking_opens_at"]) == datetime(2027, 3, 27, 8, tzinfo=UTC)
    assert parse(sessions[1]["staffing"][0]["starts_at"]) == starts[1]


def test_a_series_may_name_its_last_day_instead_of_a_count(planning: Planning):
    asked = planning.asked(
        starts_at="2027-05-05T14:00:00+08:00", ends_at="2027-05-05T17:00:00+08:00"
    )

    made = planning.made("/series", **asked, weekly={"until": "2027-05-26"})

    assert len(made["sessions"]) == 4
    assert {session["series_id"] for session in made["sessions"]} == {made["series_id"]}


@pytest.mark.parametrize("weekly", [{"count": 21}, {"count": 0}, {"until": "2020-01-01"}])
def test_a_series_has_one_to_twenty_sessions(planning: Planning, weekly):
    answer = planning.staff.post("/series", planning.asked(weekly=weekly))

    assert answer.status_code == 422
    assert errors(answer).popitem()[1].startswith("每周重复 1 到 20 次")


def test_a_copy_moves_window_and_shifts_along(planning: Planning):
    source = planning.draft(booking_opens_at=at(days=-3))

    copy = planning.made(f"/sessions/{source['id']}/copy", starts_at=at(days=7))

    assert copy["state"] == "draft"
    assert copy["booking_opens_at"] == at(days=4).replace("+00:00", "Z")
    assert copy["staffing"][0]["ends_at"] == copy["ends_at"]


def test_visitors_see_no_drafts_and_find_sessions_by_time_and_kind(planning: Planning):
    draft = planning.draft()
    early = planning.published(starts_at=at(days=1), ends_at=at(3, days=1))
    late = planning.published(starts_at=at(days=2), ends_at=at(3, days=2))
    visitor = planning.catalog.client()

    everything = visitor.get("/sessions").json["items"]
    some = visitor.get("/sessions", **{"from": at(days=1.5), "kind": "repair"}).json["items"]

    assert [session["id"] for session in everything] == [early["id"], late["id"]]
    assert [session["id"] for session in some] == [late["id"]]
    assert visitor.get(f"/sessions/{draft['id']}").status_code == 404
    assert len(planning.staff.get("/sessions", state="draft").json["items"]) == 1


def test_pages_follow_each_other_without_gap_or_repeat(planning: Planning):
    made = [session["id"] for session in planning.series(weeks=5)]

    first = planning.staff.get("/sessions", limit=2).json
    second = planning.staff.get("/sessions", limit=2, cursor=first["next_cursor"]).json
    third = planning.staff.get("/sessions", limit=2, cursor=second["next_cursor"]).json

    seen = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert seen == made
    assert third["next_cursor"] is None
    assert planning.staff.get("/sessions", cursor="nonsense").status_code == 422


def test_a_programme_shows_its_repairs_and_trainings_on_one_page(planning: Planning):
    theme = planning.made(
        "/programmes", title=text("学雷锋日", "Lei Feng Day"), theme_day="2027-03-05"
    )
    repair = planning.published(programme_id=theme["id"])
    planning.draft(programme_id=theme["id"])

    page = planning.catalog.client().get(f"/programmes/{theme['id']}").json

    assert page["theme_day"] == "2027-03-05"
    assert [session["id"] for session in page["sessions"]] == [repair["id"]]
