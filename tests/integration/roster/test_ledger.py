"""The ledger of hours: entries stay as they are, corrections come beside them, policies round what is shown."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from services.roster.app import close_all_forgotten
from services.roster.models import Entry, HoursPolicy, PeriodAct
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry
from tests.integration.roster.serving import (
    AFTER,
    close_month,
    correction,
    moment,
    serve,
    sums,
)


def test_a_correction_is_a_new_entry_and_both_stay_visible(roster: Roster) -> None:
    volunteer, id = serve(roster)

    made = roster.coordinator.post(f"/hours/{id}/corrections", correction(roster, id))

    assert made.status_code == 201, made.json
    shown = volunteer.get(f"/hours/{id}").json
    lines = [
        (one["number"], one["kind"], one["minutes"], one["change"]) for one in shown["entries"]
    ]
    assert lines == [(1, "recorded", 120, 120), (2, "correction", 60, -60)]
    assert shown["entries"][1]["reason"] == "签退写错了"
    assert volunteer.get("/hours/mine").json["total_minutes"] == 60
    assert sums(roster) == (60, 60)
    told = roster.service.announced("hours.corrected.v1")
    assert [(e.version, e.data["minutes_before"], e.data["minutes"]) for e in told] == [
        (2, 120, 60)
    ]


def test_a_pause_does_not_count(roster: Roster) -> None:
    _, id = serve(roster)

    body = correction(roster, id, checked_out_at=moment(2), pause_minutes=45)
    made = roster.coordinator.post(f"/hours/{id}/corrections", body)

    assert (made.json["minutes"], made.json["pause_minutes"]) == (75, 45)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"reason": "  "}, (422, "invalid")),
        ({"checked_out_at": moment(-0.5)}, (422, "out_of_bounds")),
        ({"checked_out_at": moment(6)}, (422, "out_of_bounds")),
        ({"pause_minutes": 61}, (422, "invalid")),
        ({"seen": 7}, (412, "stale")),
    ],
)
def test_a_correction_without_reason_or_sense_is_refused(
    roster: Roster, wrong: dict[str, Any], refusal: tuple[int, str]
) -> None:
    _, id = serve(roster)

    refused = roster.coordinator.post(f"/hours/{id}/corrections", correction(roster, id) | wrong)

    assert code(refused) == refusal
    assert sums(roster) == (120, 120)


def test_nobody_corrects_their_own_hours(roster: Roster) -> None:
    both = roster.new("volunteer", "coordinator")
    roster.person(both.id, ["student", "volunteer", "coordinator"])
    roster.grant(both.id, REPAIR)
    _, id = serve(roster, who=roster.client(both))

    refused = roster.client(both).post(f"/hours/{id}/corrections", correction(roster, id))

    assert code(refused) == (409, "own_hours")


def test_nobody_puts_their_own_forgotten_check_out_right(roster: Roster) -> None:
    both = roster.new("volunteer", "coordinator")
    roster.person(both.id, ["student", "volunteer", "coordinator"])
    roster.grant(both.id, REPAIR)
    _, id = serve(roster, left=None, who=roster.client(both))
    close_all_forgotten(roster.service.database)
    right = {"occurred_at": moment(3)}

    refused = roster.client(both).post(f"/assignments/{id}/check-out", right)

    assert code(refused) == (409, "own_hours")
    assert sums(roster) == (120, 120)


def test_the_database_refuses_to_change_or_remove_an_entry(roster: Roster) -> None:
    serve(roster)
    close_month_of(roster)

    for table, column in (
        (Entry, "minutes"),
        (HoursPolicy, "step_minutes"),
        (PeriodAct, "entries"),
    ):
        name = f"{table.__tablename__}_kept"
        for statement in (update(table).values({column: 3}), delete(table)):
            with (
                pytest.raises(Exception, match=name),
                roster.service.database.transaction() as session,
            ):
                session.execute(statement.execution_options(synchronize_session=False))
    with (
        pytest.raises(Exception, match="hours_entry_kept"),
        roster.service.database.transaction() as session,
    ):
        session.execute(update(Entry).values(reason="somebody else's words"))


def close_month_of(roster: Roster) -> None:
    roster.at(AFTER)
    close_month(roster)


def test_who_was_there_without_a_check_in_gets_hours_by_a_correction(roster: Roster) -> None:
    volunteer, _ = serve(roster)
    session_id = roster.publish(entry_of_next_day(), day=NEXT)
    roster.clock.set(NEXT - timedelta(hours=5))
    taken = roster.take(volunteer, roster.shifts(session_id)[0])
    right = {"checked_in_at": moment(0, NEXT), "checked_out_at": moment(1.5, NEXT)}
    early = roster.coordinator.post(
        f"/hours/{taken['id']}/corrections", correction(roster, taken["id"], **right)
    )
    roster.clock.set(NEXT + timedelta(hours=5))
    roster.coordinator.post(f"/assignments/{taken['id']}/absent")

    made = roster.coordinator.post(
        f"/hours/{taken['id']}/corrections", correction(roster, taken["id"], **right)
    )
    again = roster.coordinator.post(
        f"/assignments/{taken['id']}/check-in", {"occurred_at": moment(0, NEXT)}
    )

    assert code(early) == (409, "not_over")
    assert (made.status_code, made.json["minutes"]) == (201, 90)
    assert code(again) == (409, "already_checked_in")
    assert volunteer.get("/absences/mine").json["items"] == []


NEXT = DAY + timedelta(days=1)


def entry_of_next_day() -> dict[str, Any]:
    return entry(day=NEXT)


def test_a_policy_rounds_what_is_shown_day_by_day_and_the_ledger_keeps_minutes(
    roster: Roster,
) -> None:
    volunteer, _ = serve(roster, 0, 1.75)  # 105 min on the old policy's day
    roster.clock.set(NEXT - timedelta(hours=8))
    half_hours = {
        "rounding": "down",
        "step_minutes": 30,
        "day_cap_minutes": 90,
        "objection_days": 7,
        "valid_from": "2026-12-03",
    }
    past = roster.coordinator.post(
        "/hours-policies", half_hours | {"valid_from": "2026-12-02", "seen": 1}
    )
    made = roster.coordinator.post("/hours-policies", half_hours | {"seen": 1})
    late = roster.coordinator.post("/hours-policies", half_hours | {"seen": 1})
    serve(roster, 0, 1.9, who=volunteer, day=NEXT)  # 114 min → 90

    mine = volunteer.get("/hours/mine").json
    totals = roster.coordinator.get("/hours/totals", month="2026-12").json["items"]

    assert code(past) == (422, "invalid")
    assert (made.status_code, code(late)) == (201, (412, "stale"))
    assert (mine["total_minutes"], mine["rounded_minutes"]) == (105 + 114, 105 + 90)
    assert mine["policy"]["version"] == 2
    assert [one["policy_version"] for one in mine["items"]] == [2, 1]
    assert [(one["minutes"], one["rounded"]) for one in totals] == [(219, 195)]
    assert sums(roster) == (219, 219)


def test_erasing_somebody_keeps_the_minutes_and_takes_the_words(roster: Roster) -> None:
    volunteer, id = serve(roster)
    assert volunteer.person is not None
    volunteer.post(f"/assignments/{id}/objections", {"words": "我五点才走", "seen": 1})
    roster.coordinator.post(f"/hours/{id}/corrections", correction(roster, id))

    roster.person(volunteer.person.id, [], type="person.erased.v1")

    with roster.service.database.reading() as session:
        lines = session.scalars(select(Entry)).all()
    assert sums(roster) == (60, 60)
    assert {one.reason for one in lines} == {""}
    assert volunteer.person.id not in {one.person_id for one in lines}
    stored = roster.coordinator.get("/objections").json["items"]
    assert [one["words"] for one in stored] == [""]
