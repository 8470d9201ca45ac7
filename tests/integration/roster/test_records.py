"""Records of service hours: issued from the ledger, numbered, replaced, revoked, verified; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from services.roster.models import Hours, ServiceRecord
from services.roster.models.record import ONE_VALID
from services.roster.use_cases.records import forget_old_records
from shared.ids import new_id
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry
from tests.support.clients import ApiClient

DAYS = {"first": "2026-12-01", "last": "2026-12-04"}
DETAILS = {
    "organiser": "工程训练中心",
    "responsible": "周慧",
    "handler": "吴佳琪",
    "contact": "中心前台",
}


def served(roster: Roster, minutes: int = 90, day: int = 0) -> ApiClient:
    """Return a volunteer who has served so many minutes."""
    when = DAY + timedelta(days=day)
    roster.clock.set(when - timedelta(days=1))
    session_id = roster.publish(entry(day=when), day=when)
    volunteer = roster.volunteer(REPAIR)
    path = f"/assignments/{roster.take(volunteer, roster.shifts(session_id)[0])['id']}"
    roster.clock.set(when)
    volunteer.post(f"{path}/check-in", {"wall_code": roster.wall_code(session_id)})
    roster.clock.set(when + timedelta(minutes=minutes, seconds=20))
    left = volunteer.post(f"{path}/check-out", {"wall_code": roster.wall_code(session_id)})
    assert left.status_code == 200, left.json
    roster.clock.set(DAY + timedelta(days=3))
    return volunteer


def ask(roster: Roster, *people: ApiClient, staff: ApiClient | None = None, **days: str) -> Any:
    """Ask for records of these people."""
    body = {
        **DAYS,
        **days,
        "people": [
            {"person_id": one.person.id, "name": f"志愿者{n}"} for n, one in enumerate(people)
        ],
        "details": DETAILS,
    }
    return (staff or roster.coordinator).post("/records", body)


def issue(roster: Roster, *people: ApiClient) -> dict[str, dict[str, Any]]:
    """Issue records; return what became of each person."""
    answer = ask(roster, *people)
    assert answer.status_code == 201, answer.json
    return {one["person_id"]: one for one in answer.json["items"]}


def test_the_sum_of_a_record_is_the_sum_of_the_ledger(roster: Roster) -> None:
    volunteer = served(roster, 90)

    made = issue(roster, volunteer)[volunteer.person.id]
    record = volunteer.get(f"/records/{made['record_id']}").json

    assert (made["outcome"], made["number"]) == ("issued", "2026-00001")
    total = volunteer.get("/hours/mine").json["total_minutes"]
    assert record["minutes"] == sum(line["minutes"] for line in record["lines"]) == total == 90
    assert record["minutes_now"] == 90
    assert record["lines"][0]["day"] == "2026-12-02"
    assert record["lines"][0]["project"]["zh"] == "小家电义务维修"
    assert record["printed"]["name"] == "志愿者0"
    assert record["printed"]["organiser"] == "工程训练中心"


def test_many_are_issued_at_once_with_numbers_in_a_row(roster: Roster) -> None:
    people = [served(roster, 30 + n) for n in range(3)]
    idle = roster.volunteer(REPAIR)

    made = issue(roster, *people, idle)

    assert sorted(one["number"] or "" for one in made.values()) == [
        "",
        "2026-00001",
        "2026-00002",
        "2026-00003",
    ]
    assert made[idle.person.id]["outcome"] == "nothing"


def test_issuing_again_changes_nothing_until_the_ledger_does(roster: Roster) -> None:
    volunteer = served(roster)
    person = volunteer.person.id
    first = issue(roster, volunteer)[person]

    same = issue(roster, volunteer)[person]
    with roster.service.database.transaction() as session:
        session.execute(update(Hours).values(minutes=120))
    other = issue(roster, volunteer)[person]

    assert (same["outcome"], same["record_id"]) == ("unchanged", first["record_id"])
    assert (other["outcome"], other["number"]) == ("replaced", "2026-00002")
    old = volunteer.get(f"/records/{first['record_id']}").json
    assert (old["state"], old["replaced_by"]) == ("replaced", other["record_id"])
    assert (old["minutes"], old["minutes_now"]) == (90, 120)


def test_whoever_has_a_record_is_told_what_becomes_of_it(roster: Roster) -> None:
    volunteer = served(roster)
    first = issue(roster, volunteer)[volunteer.person.id]
    issue(roster, volunteer)  # unchanged: no news
    with roster.service.database.transaction() as session:
        session.execute(update(Hours).values(minutes=120))
    second = issue(roster, volunteer)[volunteer.person.id]
    roster.coordinator.post(f"/records/{second['record_id']}/revoke", {"reason": "名字写错了"})

    news = [one for one in roster.service.announced() if one.type.startswith("record.")]

    assert [(one.type, one.subject, one.data.get("replaces")) for one in news] == [
        ("record.issued.v1", first["record_id"], None),
        ("record.issued.v1", second["record_id"], first["record_id"]),
        ("record.revoked.v1", second["record_id"], None),
    ]
    assert [one.data["minutes"] for one in news] == [90, 120, 120]
    assert "名字写错了" not in str([one.data for one in news])


def test_a_code_tells_anybody_the_state_and_nothing_more(roster: Roster) -> None:
    volunteer = served(roster)
    made = issue(roster, volunteer)[volunteer.person.id]
    printed = volunteer.get(f"/records/{made['record_id']}").json["code"]
    stranger = roster.service.client()
    path = f"/records/verify/{printed}"

    valid = stranger.get(path)
    revoked = roster.coordinator.post(
        f"/records/{made['record_id']}/revoke", {"reason": "名字写错了"}
    )

    assert valid.json == {"state": "valid"}
    assert (revoked.status_code, revoked.json["state"]) == (200, "revoked")
    assert stranger.get(path).json == {"state": "revoked"}
    assert code(stranger.get("/records/verify/no-such-code")) == (404, "no_such_record")


def test_a_record_is_ended_once(roster: Roster) -> None:
    volunteer = served(roster)
    made = issue(roster, volunteer)[volunteer.person.id]
    path = f"/records/{made['record_id']}/revoke"

    answers = [roster.coordinator.post(path, {"reason": "名字写错了"}) for _ in range(2)]

    assert answers[0].status_code == 200
    assert code(answers[1]) == (409, "not_valid_any_more")


def test_other_peoples_records_are_not_there_for_a_volunteer(roster: Roster) -> None:
    volunteer, other = served(roster), roster.volunteer(REPAIR)
    made = issue(roster, volunteer)[volunteer.person.id]

    assert code(other.get(f"/records/{made['record_id']}")) == (404, "no_such_record")
    assert other.get("/records/mine").json["items"] == []
    assert len(volunteer.get("/records/mine").json["items"]) == 1
    assert code(other.post(f"/records/{made['record_id']}/revoke", {"reason": "x"}))[0] == 403


def test_nobody_issues_their_own(roster: Roster) -> None:
    person = roster.new("volunteer", "coordinator")
    roster.person(person.id, ["volunteer", "coordinator"])
    own = roster.client(person)
    roster.clock.set(DAY + timedelta(days=3))

    answer = ask(roster, own, staff=own)

    assert [one["outcome"] for one in answer.json["items"]] == ["oneself"]


def test_days_ahead_or_out_of_order_are_refused_at_their_field(roster: Roster) -> None:
    volunteer = served(roster)

    for days in ({"last": "2026-12-31"}, {"first": "2026-12-03", "last": "2026-12-01"}):
        refused = ask(roster, volunteer, **days)
        assert code(refused) == (422, "bad_stretch")
        assert refused.json["errors"][0]["pointer"] == "#/last"


def test_two_who_issue_at_once_leave_one_valid_record(roster: Roster) -> None:
    volunteer = served(roster)
    staff = [roster.client(roster.new("coordinator")) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: ask(roster, volunteer, staff=one), staff))

    assert {answer.status_code for answer in answers} <= {201, 409}
    with roster.service.database.reading() as session:
        states = session.scalars(select(ServiceRecord.state)).all()
    assert list(states).count("valid") == 1


def second_valid_one(roster: Roster, record_id: str) -> None:
    """Write another valid record of the same person and days, past every use case."""
    with roster.service.database.transaction() as session:
        row = session.get_one(ServiceRecord, record_id)
        columns = {one.key: getattr(row, one.key) for one in ServiceRecord.__table__.columns}
        session.add(ServiceRecord(**{**columns, "id": new_id(), "serial": 99, "code": "other"}))


def test_the_database_refuses_a_second_valid_record_and_without_its_index_would_not(
    roster: Roster,
) -> None:
    volunteer = served(roster)
    made = issue(roster, volunteer)[volunteer.person.id]

    with pytest.raises(IntegrityError):
        second_valid_one(roster, made["record_id"])

    with roster.service.database.transaction() as session:
        session.execute(text(f"DROP INDEX {ONE_VALID}"))
    second_valid_one(roster, made["record_id"])


def test_who_could_get_one_is_listed_with_what_stands(roster: Roster) -> None:
    first, second = served(roster, 60), served(roster, 45)
    issue(roster, first)

    ready = roster.coordinator.get("/records/ready", **DAYS).json["items"]

    by_person = {one["person_id"]: one for one in ready}
    assert by_person[first.person.id]["number"] == "2026-00001"
    assert by_person[first.person.id]["changes"] is False
    assert (by_person[second.person.id]["minutes"], by_person[second.person.id]["changes"]) == (
        45,
        True,
    )


def test_after_its_term_a_record_keeps_number_and_sum_and_no_name(roster: Roster) -> None:
    volunteer = served(roster)
    made = issue(roster, volunteer)[volunteer.person.id]
    roster.clock.set(DAY + timedelta(days=366 * 10 + 30))

    with roster.service.database.transaction() as session:
        forgotten = forget_old_records(session)
    with roster.service.database.transaction() as session:
        again = forget_old_records(session)

    assert (forgotten, again) == (1, 0)
    later = roster.client(roster.new("coordinator"))
    record = later.get(f"/records/{made['record_id']}").json
    assert (record["printed"]["name"], record["lines"], record["minutes"]) == ("", [], 90)


def test_an_erased_person_leaves_a_record_that_still_verifies(roster: Roster) -> None:
    volunteer = served(roster)
    made = issue(roster, volunteer)[volunteer.person.id]
    printed = roster.coordinator.get(f"/records/{made['record_id']}").json["code"]

    roster.person(volunteer.person.id, [], "person.erased.v1")

    kept = roster.coordinator.get(f"/records/{made['record_id']}").json
    assert kept["person_id"] != volunteer.person.id
    assert kept["printed"]["name"] == "志愿者0"
    assert roster.service.client().get(f"/records/verify/{printed}").json == {"state": "valid"}
