"""What volunteers say about their time, and the limits that keep shifts off them, on both databases."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import insert, update

from services.roster.models import ExceptionDay, Volunteer, WeeklyFree
from shared.ids import new_id
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry

WEDNESDAY = "2026-12-02"
TERM = {
    "id": "0b6f2c1e-5a1d-4c3e-9f10-000000000009",
    "name": {"zh": "秋季学期", "en": "Autumn term"},
    "starts_on": "2026-09-07",
    "ends_on": "2027-01-24",
    "weeks": 20,
    "exam_weeks": [19, 20],
    "holidays": [],
    "moved_days": [],
    "sections": [
        {"starts": one[:5], "ends": one[6:]}
        for one in (
            [
                "08:00-08:45",
                "08:55-09:40",
                "10:00-10:45",
                "10:55-11:40",
                "14:00-14:45",
                "14:55-15:40",
            ]
        )
    ],
    "state": "active",
}


def limits(**own: Any) -> dict[str, Any]:
    return {"week_shifts": None, "rest_minutes": 0, "row_minutes": None, "exam_weeks": False} | own


def ahead(who: Any) -> list[dict[str, Any]]:
    return who.get("/shifts").json["items"]


def teach(roster: Roster, **changes: Any) -> None:
    version = roster.versions["term"] = roster.versions.get("term", 0) + 1
    roster.service.deliver("calendar.changed.v1", TERM["id"], version, TERM | changes)
    assert roster.service.dead_letters() == []


def sent(text: str, encoding: str = "utf-8") -> str:
    return base64.b64encode(text.encode(encoding)).decode()


def days(who: Any, first: str, many: int = 1) -> list[dict[str, Any]]:
    return who.get("/availability/mine", first=first, days=many).json["days"]


def test_weekly_hours_are_joined_replaced_and_shown_day_by_day(roster: Roster) -> None:
    who = roster.volunteer(REPAIR)
    hours = [
        {"weekday": 3, "starts": "15:00", "ends": "16:00"},
        {"weekday": 3, "starts": "14:00", "ends": "15:00"},
        {"weekday": 7, "starts": "22:00", "ends": "24:00"},
    ]

    shown = who.put("/availability/mine/weekly", {"hours": hours}).json

    assert shown["weekly"] == [
        {"weekday": 3, "starts": "14:00", "ends": "16:00"},
        {"weekday": 7, "starts": "22:00", "ends": "24:00"},
    ]
    assert days(who, WEDNESDAY)[0]["free"] == [{"starts": "14:00", "ends": "16:00"}]
    assert who.put("/availability/mine/weekly", {"hours": []}).json["weekly"] == []
    wrong = [{"weekday": 3, "starts": "16:00", "ends": "14:00"}]
    assert who.put("/availability/mine/weekly", {"hours": wrong}).status_code == 422


def test_what_was_said_is_advice_and_keeps_nobody_away(roster: Roster) -> None:
    roster.publish(entry())
    who = roster.volunteer(REPAIR)
    assert ahead(who)[0]["advice"] is None  # nothing said, nothing known
    hours = [{"weekday": 3, "starts": "08:00", "ends": "12:00"}]
    who.put("/availability/mine/weekly", {"hours": hours})
    assert ahead(who)[0]["advice"] == "not_free"

    also = {"on": WEDNESDAY, "kind": "also", "starts": "13:00", "ends": "18:00"}
    made = who.post("/availability/mine/exceptions", also)
    assert ahead(who)[0]["advice"] is None
    assert code(who.post("/availability/mine/exceptions", {"on": WEDNESDAY, "kind": "off"})) == (
        409,
        "times_overlap",
    )
    who.delete(f"/availability/mine/exceptions/{made.json['id']}")
    off = who.post("/availability/mine/exceptions", {"on": WEDNESDAY, "kind": "off"}).json
    shift = ahead(who)[0]

    assert (shift["advice"], shift["advice_text"]) == ("day_off", "你说过那天来不了。")
    assert roster.take(who, shift)
    other = roster.volunteer()
    gone = other.delete(f"/availability/mine/exceptions/{off['id']}")
    assert gone.status_code == 404


def test_the_calendar_moves_lessons_and_lets_them_fall_out(roster: Roster) -> None:
    who = roster.volunteer(REPAIR)
    text = "课程,星期,节次,周数\n电路实验,周三,5-6,1-16\n坏行,周九,1-2,1-16\n"
    file = {"content_base64": sent(text, "gb18030")}
    refused = who.post("/availability/mine/timetable", file)
    assert (refused.status_code, refused.json["code"]) == (422, "unreadable_timetable")
    teach(
        roster,
        holidays=[{"from": "2026-12-02", "to": "2026-12-02", "name": {"zh": "校庆", "en": "Day"}}],
        moved_days=[{"date": "2026-12-05", "follows": 3, "name": {"zh": "调休", "en": "Moved"}}],
        exam_weeks=[14, 20],
    )

    looked = who.post("/availability/mine/timetable", file | {"dry_run": True}).json
    assert who.get("/availability/mine").json["lessons"] == []
    done = who.post("/availability/mine/timetable", file).json

    assert looked == done
    assert [(one["line"], "周九" in one["why"]) for one in done["left_out"]] == [(3, True)]
    lesson = [{"starts": "14:00", "ends": "15:40", "title": "电路实验"}]
    ordinary, holiday, moved, exam = (
        days(who, day)[0] for day in ("2026-11-25", "2026-12-02", "2026-12-05", "2026-12-09")
    )
    assert (ordinary["kind"], ordinary["lessons"]) == ("teaching", lesson)
    assert ordinary["free"][0] == {"starts": "08:00", "ends": "14:00"}
    assert (holiday["kind"], holiday["lessons"], holiday["free"]) == ("holiday", [], [])
    assert (moved["kind"], moved["weekday"], moved["lessons"]) == ("moved", 3, lesson)
    assert (exam["kind"], exam["lessons"], exam["free"]) == ("exam", [], [])
    who.put("/availability/mine/limits", limits(exam_weeks=True))
    assert days(who, "2026-12-09")[0]["free"] == [{"starts": "08:00", "ends": "22:00"}]
    assert who.delete("/availability/mine/timetable").status_code == 204
    assert who.get("/availability/mine").json["lessons"] == []


def test_a_lesson_is_advice_at_the_time_of_a_shift_and_its_name_is_private(roster: Roster) -> None:
    teach(roster)
    roster.publish(entry())
    who = roster.volunteer(REPAIR)
    zone = "DTSTART;TZID=Asia/Shanghai:20260909T150000\r\nDTEND;TZID=Asia/Shanghai:20260909T160000"
    event = f"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:电路实验\r\n{zone}\r\nRRULE:FREQ=WEEKLY;COUNT=16"
    text = f"BEGIN:VCALENDAR\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

    who.post("/availability/mine/timetable", {"content_base64": sent(text)})

    assert ahead(who)[0]["advice"] == "lesson"
    seen = roster.coordinator.get(f"/volunteers/{who.person.id}/availability").json
    assert [one["title"] for one in seen["lessons"]] == [""]
    assert "电路实验" not in str(seen)
    assert who.get("/availability/mine").json["lessons"][0]["title"] == "电路实验"


def test_limits_refuse_with_their_reason_whoever_assigns(roster: Roster) -> None:
    roster.publish(entry((0, 2)), entry((2, 4), position=1), entry((5, 6), position=2))
    who = roster.volunteer(REPAIR)
    first, next_to_it, later = ahead(who)
    roster.take(who, first)

    for own, second, why in (
        (limits(week_shifts=1), later, "week_full"),
        (limits(row_minutes=180), next_to_it, "too_long_in_a_row"),
        (limits(rest_minutes=240), later, "rest_too_short"),
    ):
        who.put("/availability/mine/limits", own)
        listed = {one["id"]: one["why_not"] for one in ahead(who)}
        assert listed[second["id"]] == why
        path = f"/shifts/{second['id']}/accept"
        assert code(who.post(path)) == (409, why)
        assert code(roster.coordinator.post(path, {"person_id": who.person.id})) == (409, why)
    who.put("/availability/mine/limits", limits())
    assert roster.take(who, later)


def test_a_week_is_counted_at_the_venue_from_monday_on(roster: Roster) -> None:
    sunday_night = DAY + timedelta(days=4, hours=9)  # Sunday 23:00 in Shanghai
    roster.publish(entry((0, 0.5), day=sunday_night), day=sunday_night)
    roster.publish(entry((2, 3), day=sunday_night), day=sunday_night)  # Monday 01:00
    roster.publish(entry((0, 2)))
    who = roster.volunteer(REPAIR)
    who.put("/availability/mine/limits", limits(week_shifts=1))
    wednesday, sunday, monday = ahead(who)

    roster.take(who, wednesday)

    assert code(who.post(f"/shifts/{sunday['id']}/accept")) == (409, "week_full")
    assert roster.take(who, monday)


def race_past_the_limit(roster: Roster) -> list[int]:
    """One volunteer, who wants one shift a week, takes two from two phones."""
    paths = []
    for hours in ((0, 1), (3, 4)):
        session_id = roster.publish(entry(hours))
        paths.append(f"/shifts/{roster.shifts(session_id)[0]['id']}/accept")
    who = roster.volunteer(REPAIR)
    who.put("/availability/mine/limits", limits(week_shifts=1))
    phones, ready = [roster.client(who.person) for _ in paths], Barrier(2)

    def take(n: int) -> int:
        ready.wait()
        status: int = phones[n].post(paths[n]).status_code
        return status

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(take, range(2)))


def test_two_phones_do_not_get_past_a_limit(roster: Roster) -> None:
    for _ in range(4):
        assert race_past_the_limit(roster) == [201, 409]


def test_without_the_lock_on_the_person_both_get_past(
    any_service: Callable[[str], Any], roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    if roster.service.database.dialect == "sqlite":
        return  # one writer at a time: there is no lock to take away

    def no_lock(cls: type[Volunteer], person_id: str) -> Any:
        mine = update(cls).where(cls.person_id == new_id()).values(acts=0)
        return mine.execution_options(synchronize_session=False)

    both = Barrier(2, timeout=3)
    from services.roster.queries import standing

    original = standing.standing

    def together(*args: Any) -> Any:
        stands = original(*args)
        both.wait()
        return stands

    monkeypatch.setattr(Volunteer, "enter", classmethod(no_lock))
    monkeypatch.setattr("services.roster.use_cases.shifts.one_row", lambda *_: None)
    monkeypatch.setattr("services.roster.use_cases.shifts.standing", together)
    monkeypatch.setattr("services.roster.use_cases.availability.one_row", lambda *_: None)

    assert race_past_the_limit(roster) == [201, 201]


@pytest.mark.parametrize("table", [WeeklyFree, ExceptionDay])
def test_the_database_refuses_hours_that_overlap_on_a_path_that_asks_nobody(
    roster: Roster, table: type[Any]
) -> None:
    who = roster.volunteer()
    day = (
        {"weekday": 3}
        if table is WeeklyFree
        else {"on_date": DAY.date(), "kind": "off", "id": new_id()}
    )
    row = {"person_id": who.person.id, **day}

    with roster.service.database.transaction() as session:
        session.execute(insert(table).values(**row, from_minute=600, to_minute=720))
    again = row | ({"id": new_id()} if "id" in row else {})
    with roster.service.database.transaction() as session:  # they only touch
        session.execute(insert(table).values(**again, from_minute=720, to_minute=780))
    again = row | ({"id": new_id()} if "id" in row else {})
    with (
        pytest.raises(Exception, match=f"{table.__tablename__}_overlap"),
        roster.service.database.transaction() as session,
    ):
        session.execute(insert(table).values(**again, from_minute=700, to_minute=730))
    with (
        pytest.raises(Exception, match="range"),
        roster.service.database.transaction() as session,
    ):
        session.execute(insert(table).values(**again, from_minute=900, to_minute=900))
