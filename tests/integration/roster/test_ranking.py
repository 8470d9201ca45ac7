"""The weekly ranking: opting in, published once on Monday, a snapshot, leaving it everywhere; on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services.roster.app import forget_rankings
from services.roster.models import RankingMember, RankingPlace, RankingWeek
from services.roster.models.ranking import CATCH_UP_WEEKS, KEPT_WEEKS, WEEK, due_at
from shared import clock
from tests.integration.roster.given import DAY, REPAIR, Roster, code
from tests.integration.roster.ranked import (
    DUE,
    LIST,
    MINE,
    MONDAY,
    join,
    leave,
    lines,
    named,
    places,
    publish,
    served,
)
from tests.integration.roster.serving import correction, serve


def test_nobody_takes_part_without_having_said_so(roster: Roster) -> None:
    (idle,) = served(roster, 2)
    mine = idle.get(MINE).json

    publish(roster)

    assert (mine["takes_part"], mine["name"], mine["code"]) == (False, None, None)
    assert lines(idle) == []


def test_ties_share_a_rank_and_ranks_count_only_who_takes_part(roster: Roster) -> None:
    most, one, other, least, outside = served(roster, 3, 2, 2, 1, 2.5)
    nothing = roster.volunteer(REPAIR)
    join(most, one, other, least, nothing)

    assert publish(roster) == 1

    assert lines(least) == [(1, 180, False), (2, 120, False), (2, 120, False), (4, 60, True)]
    assert lines(outside) == [(rank, minutes, False) for rank, minutes, _ in lines(least)]
    assert [one["people"] for one in outside.get("/ranking/weeks").json["items"]] == [4]


def test_the_minutes_are_rounded_by_the_policy_as_everywhere(roster: Roster) -> None:
    roster.clock.set(DAY - timedelta(days=3))
    policy = {"rounding": "down", "step_minutes": 30, "day_cap_minutes": 120, "objection_days": 7}
    body = policy | {"valid_from": "2026-12-01", "seen": 1}
    assert roster.coordinator.post("/hours-policies", body).status_code == 201
    long, short, too_short = served(roster, 3, 1.7, 0.4)
    join(long, short, too_short)

    publish(roster)

    assert [minutes for _, minutes, _ in lines(long)] == [120, 90]
    assert long.get("/hours/mine").json["rounded_minutes"] == 120
    assert lines(too_short)[-1] == (2, 90, False)  # rounded to nothing: not listed


def test_a_list_holds_no_id_and_a_name_only_where_it_was_given(roster: Roster) -> None:
    under_name, under_code = served(roster, 2, 1)
    join(under_code)
    assert named(roster, under_name, "欧阳·娜孜古丽").status_code == 200
    publish(roster)

    answer = roster.coordinator.get(LIST)

    assert [one["name"] for one in answer.json["items"]] == ["欧阳·娜孜古丽", None]
    assert answer.json["items"][1]["code"] == under_code.get(MINE).json["code"]
    for one in (under_name, under_code):
        assert one.person is not None
        assert one.person.id not in answer.get_data(as_text=True)


def test_only_the_front_vouches_for_a_name(roster: Roster) -> None:
    volunteer = roster.volunteer()
    assert volunteer.person is not None
    path = f"/ranking/people/{volunteer.person.id}"

    assert code(volunteer.put(path, {"name": "校长"})) == (403, "not_allowed")
    assert code(roster.coordinator.put(path, {"name": "校长"})) == (403, "not_allowed")
    assert volunteer.put(MINE, {"takes_part": True, "name": "校长"}).status_code == 422


def test_changing_to_a_code_takes_the_name_off_published_lists_too(roster: Roster) -> None:
    (volunteer,) = served(roster, 2)
    named(roster, volunteer, "张明")
    publish(roster)

    join(volunteer)

    assert [one["name"] for one in volunteer.get(LIST).json["items"]] == [None]


def test_leaving_takes_the_name_off_every_list_at_once_without_a_gap(roster: Roster) -> None:
    first, second, third = served(roster, 3, 2, 1)
    join(first, second, third)
    publish(roster)

    assert leave(second) == 200

    assert lines(third) == [(1, 180, False), (2, 60, True)]
    assert second.get(MINE).json["places"] == []
    before = second.get(MINE).json
    join(second)  # coming back brings nothing back
    assert before["code"] is None
    assert lines(third) == [(1, 180, False), (2, 60, True)]
    assert leave(first) == leave(first) == 200


@pytest.mark.parametrize("how", ["erased", "no volunteer any more"])
def test_who_is_erased_or_no_volunteer_any_more_is_on_no_list(roster: Roster, how: str) -> None:
    gone, stays = served(roster, 3, 2)
    join(stays)
    named(roster, gone, "张明")
    publish(roster)
    assert gone.person is not None

    erased = how == "erased"
    type = "person.erased.v1" if erased else "person.changed.v1"
    roster.person(gone.person.id, [] if erased else ["student"], type)

    assert lines(stays) == [(1, 120, True)]
    with roster.service.database.reading() as session:
        assert "张明" not in session.scalars(select(RankingMember.name)).all()
        assert gone.person.id not in session.scalars(select(RankingPlace.person_id)).all()


def test_it_is_published_on_monday_morning_and_not_before(roster: Roster) -> None:
    (volunteer,) = served(roster, 2)
    join(volunteer)
    publish(roster, DUE - WEEK)  # the week before, without anybody in it

    sunday = DUE - timedelta(hours=8, minutes=1)
    assert sunday.astimezone(DUE.tzinfo).isoformat() == "2026-12-06T23:59:00+08:00"
    assert publish(roster, sunday) == 0
    assert publish(roster, DUE - timedelta(seconds=1)) == 0
    assert code(volunteer.get(LIST)) == (404, "no_such_week")

    assert publish(roster, DUE) == 1
    assert publish(roster, DUE + timedelta(minutes=1)) == 0
    assert lines(volunteer) == [(1, 120, True)]


def test_a_worker_that_was_down_until_wednesday_publishes_what_monday_would_have(
    roster: Roster,
) -> None:
    in_time, late = served(roster, 2, 3)
    join(in_time)
    roster.clock.set(DUE + timedelta(hours=1))
    join(late)  # on Monday after eight: part of the next list

    assert publish(roster, DUE + timedelta(days=2)) == 1

    assert lines(in_time) == [(1, 120, True)]


def test_weeks_that_nobody_published_are_made_up_for_up_to_four(roster: Roster) -> None:
    publish(roster)

    assert publish(roster, DUE + 7 * WEEK) == CATCH_UP_WEEKS

    with roster.service.database.reading() as session:
        found = session.scalars(select(RankingWeek.first_day).order_by(RankingWeek.first_day)).all()
    assert found == [MONDAY, *(MONDAY + n * WEEK for n in (4, 5, 6, 7))]


def test_the_last_week_of_a_year_is_one_week(roster: Roster) -> None:
    thursday = DAY + timedelta(days=29)  # 31 December
    volunteer, _ = serve(roster, 0, 2, day=thursday)
    serve(roster, 0, 1, who=volunteer, day=thursday + timedelta(days=2))  # 2 January
    join(volunteer)
    monday = date(2026, 12, 28)

    publish(roster, due_at(monday))

    assert lines(volunteer, f"/ranking/weeks/{monday}") == [(1, 180, True)]


def test_what_is_served_after_midnight_on_monday_belongs_to_the_next_week(roster: Roster) -> None:
    sunday = clock.parse("2026-12-06T23:00:00+08:00")
    volunteer, _ = serve(roster, 0, 0.5, day=sunday)
    serve(roster, 0, 0.75, who=volunteer, day=sunday + timedelta(hours=2))
    join(volunteer)

    publish(roster, DUE)
    publish(roster, DUE + WEEK)

    assert lines(volunteer) == [(1, 30, True)]
    assert lines(volunteer, f"/ranking/weeks/{MONDAY + WEEK}") == [(1, 45, True)]


def test_a_correction_leaves_the_list_and_is_told(roster: Roster) -> None:
    volunteer, assignment = serve(roster, 0, 2)
    (other,) = served(roster, 1.5)
    join(volunteer, other)
    publish(roster)
    asked = correction(roster, assignment)
    assert roster.coordinator.post(f"/hours/{assignment}/corrections", asked).status_code == 201

    shown = volunteer.get(LIST).json

    assert lines(volunteer) == [(1, 120, True), (2, 90, False)]
    assert shown["corrected"] == 1
    assert shown["mine"] == {"rank": 1, "minutes": 120, "minutes_now": 60}
    assert other.get(LIST).json["mine"] == {"rank": 2, "minutes": 90, "minutes_now": 90}


def test_old_lists_are_forgotten(roster: Roster) -> None:
    (volunteer,) = served(roster, 2)
    join(volunteer)
    publish(roster)

    roster.clock.set(DUE + KEPT_WEEKS * WEEK - timedelta(seconds=1))
    assert forget_rankings(roster.service.database) == 0
    publish(roster, DUE + KEPT_WEEKS * WEEK)

    assert forget_rankings(roster.service.database) == 1
    assert places(roster) == 0
    with roster.service.database.reading() as session:  # the list goes, the wish stays
        assert len(session.scalars(select(RankingMember)).all()) == 1
