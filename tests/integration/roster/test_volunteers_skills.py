"""Skills with level, expiry and sign-off; briefings; who is a newcomer, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from services.roster.app import lapse_all_skills
from services.roster.models import Lesson, Profile, SignOff, WeeklyFree
from shared.clock import iso, parse
from shared.ids import new_id
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry, session_data


def take(who: Any, shift: dict[str, Any]) -> Any:
    return who.post(f"/shifts/{shift['id']}/accept")


def first(who: Any) -> dict[str, Any]:
    shift: dict[str, Any] = who.get("/shifts").json["items"][0]
    return shift


def held(roster: Roster, who: Any, level: int, until: Any = None) -> Any:
    body = {"level": level, "expires_at": iso(until) if until else None}
    return roster.coordinator.put(f"/volunteers/{who.person.id}/skills/{REPAIR}", body)


def test_a_skill_counts_at_the_time_of_the_shift_and_at_its_level(roster: Roster) -> None:
    roster.publish(entry() | {"level": 2})
    who = roster.volunteer()
    assert held(roster, who, 1).json["grants"][0]["level"] == 1
    assert first(who)["why_not"] == "level_too_low"
    assert code(take(who, first(who))) == (409, "level_too_low")
    held(roster, who, 3, DAY + timedelta(hours=1))  # ends while the shift runs
    assert first(who)["why_not"] == "skill_expires"
    assert code(take(who, first(who))) == (409, "skill_expires")

    held(roster, who, 2, DAY + timedelta(hours=2))  # ends with the shift

    assert take(who, first(who)).status_code == 201
    assert held(roster, who, 2, DAY - timedelta(days=30)).status_code == 422


def test_the_end_of_a_skill_is_announced_once(roster: Roster) -> None:
    who = roster.volunteer()
    held(roster, who, 2, DAY - timedelta(days=1))
    told = roster.service.announced("skill.granted.v1")[-1]
    assert (told.subject, told.data["skills"]) == (who.person.id, [REPAIR])

    roster.at(0)
    assert who.get("/volunteers/me").json["skills"] == []  # at once, told or not

    assert lapse_all_skills(roster.service.database) == 1
    assert lapse_all_skills(roster.service.database) == 0
    revoked = roster.service.announced("skill.revoked.v1")
    assert [(one.data["skills"], one.data["revoked"]) for one in revoked] == [([], [REPAIR])]
    grant = who.get("/volunteers/me").json["grants"][0]
    assert (grant["holds"], grant["level"]) == (False, 2)
    held(roster, who, 2, DAY + timedelta(days=1))
    assert roster.service.announced("skill.granted.v1")[-1].data["granted"] == [REPAIR]


def training(roster: Roster, **rules: Any) -> tuple[str, str]:
    """A training that leads to the skill; return its session and offering."""
    session_id = new_id()
    data = session_data(session_id, []) | {"kind": "training"}
    roster.service.deliver("session.published.v1", session_id, 1, data)
    body = {"title": {"zh": "小家电维修", "en": "Repair"}, "offering_id": data["offering_id"]}
    assert roster.coordinator.put(f"/skills/{REPAIR}", body | rules).status_code == 200
    return session_id, data["offering_id"]


def attend(roster: Roster, who: Any, session_id: str, state: str = "attended") -> None:
    enrolment = roster.versions.setdefault("enrolment", 0) + 1
    roster.versions["enrolment"] = enrolment
    data = {"id": who.person.id, "session_id": session_id, "person_id": who.person.id}
    more = {"state": state, "rank": None, "by": "staff"}
    roster.service.deliver("enrolment.attended.v1", data["id"], enrolment, data | more)
    assert roster.service.dead_letters() == []


def complete(
    roster: Roster, who: Any, training: tuple[str, str], state: str = "completed", id: str = ""
) -> None:
    """Tell that somebody who attended completed a training, or that this was taken back."""
    version = roster.versions.setdefault("training", 0) + 1
    roster.versions["training"] = version
    session_id, offering_id = training
    data = {"id": id or who.person.id, "person_id": who.person.id, "session_id": session_id}
    more = {"offering_id": offering_id, "state": state}
    roster.service.deliver("training.completed.v1", f"training:{data['id']}", version, data | more)
    assert roster.service.dead_letters() == []


def test_from_training_to_sign_off_to_skill(roster: Roster) -> None:
    course = training(roster, proof="sign_off", valid_months=12)
    session_id, _ = course
    learner, senior, other = (roster.volunteer() for _ in range(3))
    held(roster, senior, 3)
    attend(roster, learner, session_id)
    attend(roster, learner, session_id, "enrolled")  # a wrong tap taken back
    assert roster.coordinator.get("/sign-offs/waiting").json["items"] == []
    attend(roster, learner, session_id)
    assert senior.get("/sign-offs/waiting").json["items"] == []  # the quiz is not passed yet
    way = roster.coordinator.get(f"/volunteers/{learner.person.id}/way").json
    assert [(one["completed"], one["waits"]) for one in way["trainings"]] == [(False, False)]
    complete(roster, learner, course)

    (waits,) = senior.get("/sign-offs/waiting").json["items"]
    assert (waits["person_id"], waits["skill"]) == (learner.person.id, REPAIR)
    assert other.get("/sign-offs/waiting").json["items"] == []
    body = {"person_id": learner.person.id, "skill": REPAIR, "level": 1, "passed": False}
    assert other.post("/sign-offs", body).status_code == 403
    assert senior.post("/sign-offs", body | {"note": "还要练拆壳"}).status_code == 201
    assert learner.get("/volunteers/me").json["skills"] == []
    assert senior.post("/sign-offs", body | {"level": 3, "passed": True}).status_code == 403
    before = roster.clock.now()
    signed = senior.post("/sign-offs", body | {"level": 2, "passed": True}).json

    assert signed["signed_by"] == senior.person.id
    assert before <= parse(signed["signed_at"]) <= roster.clock.now()
    grant = learner.get("/volunteers/me").json["grants"][0]
    assert (grant["level"], grant["granted_by"]) == (2, senior.person.id)
    assert grant["expires_at"][:10] == "2027-11-29"
    assert senior.get("/sign-offs/waiting").json["items"] == []
    way = roster.coordinator.get(f"/volunteers/{learner.person.id}/way").json
    assert [one["passed"] for one in way["sign_offs"]] == [True, False]
    assert [one["waits"] for one in way["trainings"]] == [False]
    own = body | {"person_id": senior.person.id}
    assert code(senior.post("/sign-offs", own)) == (409, "not_oneself")


def test_a_confirmation_never_lowers_a_level(roster: Roster) -> None:
    who, senior = roster.volunteer(), roster.volunteer()
    held(roster, who, 3)
    held(roster, senior, 3)
    body = {"person_id": who.person.id, "skill": REPAIR, "level": 1, "passed": True}

    assert senior.post("/sign-offs", body).status_code == 201

    assert who.get("/volunteers/me").json["grants"][0]["level"] == 3


def test_a_training_that_asks_for_nothing_more_grants_its_skill(roster: Roster) -> None:
    course = training(roster, proof="none")
    who = roster.volunteer()

    attend(roster, who, course[0])
    assert who.get("/volunteers/me").json["grants"] == []  # being there is not all
    complete(roster, who, course)
    complete(roster, who, course)

    grant = who.get("/volunteers/me").json["grants"][0]
    assert (grant["level"], grant["granted_by"]) == (1, "training")
    assert len(roster.service.announced("skill.granted.v1")) == 1


def test_what_was_completed_by_mistake_is_taken_back_with_its_skill(roster: Roster) -> None:
    course = training(roster, proof="none")
    who, confirmed, twice = (roster.volunteer() for _ in range(3))
    for one in (who, confirmed, twice):
        complete(roster, one, course)
    held(roster, confirmed, 2)
    complete(roster, twice, course, id=new_id())  # was there a second time

    for one in (who, confirmed, twice):
        complete(roster, one, course, "withdrawn")

    skills = [one.get("/volunteers/me").json["skills"] for one in (who, confirmed, twice)]
    assert skills == [[], [REPAIR], [REPAIR]]
    revoked = roster.service.announced("skill.revoked.v1")
    assert [one.data["person_id"] for one in revoked] == [who.person.id]
    complete(roster, who, course)
    assert who.get("/volunteers/me").json["skills"] == [REPAIR]


def test_a_training_known_as_completed_before_grants_nothing_a_second_time(roster: Roster) -> None:
    course = training(roster, proof="none")
    who = roster.volunteer()
    complete(roster, who, course)
    assert (
        roster.coordinator.delete(f"/volunteers/{who.person.id}/skills/{REPAIR}").status_code < 300
    )

    complete(roster, who, course)

    assert who.get("/volunteers/me").json["skills"] == []


def test_the_database_refuses_signing_off_oneself(roster: Roster) -> None:
    who = roster.volunteer()
    row = {"id": new_id(), "person_id": who.person.id, "skill": REPAIR, "level": 1}
    act = {"passed": True, "signed_by": who.person.id, "signed_at": DAY}

    with (
        pytest.raises(Exception, match="not_oneself"),
        roster.service.database.transaction() as session,
    ):
        session.execute(insert(SignOff).values(**row, **act))


SAFETY = {
    "title": {"zh": "用电安全", "en": "Electrical safety"},
    "text": {"zh": "先断电。", "en": ""},
}


def test_a_needed_briefing_is_read_before_shifts_are_taken_and_anew_when_it_changes(
    roster: Roster,
) -> None:
    roster.publish(entry())
    who = roster.volunteer(REPAIR)
    assert roster.coordinator.put("/briefings/safety", SAFETY).status_code == 428
    made = roster.coordinator.put("/briefings/safety", SAFETY, headers={"If-Match": '"0"'})
    assert (made.status_code, made.json["version"]) == (200, 1)
    again = roster.coordinator.put("/briefings/safety", SAFETY, headers={"If-Match": '"0"'})
    assert again.status_code == 412
    assert code(take(who, first(who))) == (409, "briefing_missing")
    assert "用电安全" in first(who)["why_not_text"]

    assert who.post("/briefings/safety/read", {"version": 1}).status_code == 201
    assert who.post("/briefings/safety/read", {"version": 1}).status_code == 201
    assert first(who)["why_not"] is None
    roster.coordinator.put("/briefings/safety", SAFETY, headers={"If-Match": '"1"'})

    assert code(who.post("/briefings/safety/read", {"version": 1})) == (409, "briefing_changed")
    assert code(take(who, first(who))) == (409, "briefing_missing")
    shown = roster.coordinator.get(f"/volunteers/{who.person.id}/briefings").json["items"][0]
    assert (shown["version"], shown["read_at"], shown["read_version"]) == (2, None, 1)
    path = f"/shifts/{first(who)['id']}/accept"  # staff brief on the spot
    assert roster.coordinator.post(path, {"person_id": who.person.id}).status_code == 201


def serve(roster: Roster, who: Any, hours: float) -> None:
    session_id = roster.publish(entry((hours, hours + 1)))
    roster.at(hours - 0.5)
    taken = roster.take(who, roster.shifts(session_id)[0])
    roster.at(hours)
    roster.coordinator.post(f"/assignments/{taken['id']}/check-in")
    roster.at(hours + 0.9)
    assert roster.coordinator.post(f"/assignments/{taken['id']}/check-out").status_code == 200


def test_a_newcomer_is_one_until_the_third_shift_served_or_a_coordinator_says(
    roster: Roster,
) -> None:
    who, other = roster.volunteer(REPAIR), roster.volunteer(REPAIR)

    def newcomer(one: Any) -> bool:
        return bool(roster.coordinator.get(f"/volunteers/{one.person.id}").json["newcomer"])

    for hour, still in ((0, True), (1, True), (2, False)):
        serve(roster, who, hour)
        assert newcomer(who) is still
    path = f"/volunteers/{other.person.id}/newcomer"
    roster.coordinator.put(path, {"newcomer": False})
    assert newcomer(other) is False
    roster.coordinator.put(path, {"newcomer": True})
    assert newcomer(other) is True
    found = roster.coordinator.get("/volunteers", newcomer="true").json["items"]
    assert [one["person_id"] for one in found] == [other.person.id]


def test_volunteers_are_found_by_skill_by_what_ends_soon_and_by_people(roster: Roster) -> None:
    lasting, ending, bare = roster.volunteer(REPAIR), roster.volunteer(), roster.volunteer()
    held(roster, ending, 2, DAY + timedelta(days=5))

    def found(**asked: Any) -> set[str]:
        answer = roster.coordinator.get("/volunteers", **asked)
        return {one["person_id"] for one in answer.json["items"]}

    assert found(skill=REPAIR) == {lasting.person.id, ending.person.id}
    assert found(expiring_days=30) == {ending.person.id}
    assert found(expiring_days=3) == set()
    assert found(person_ids=f"{bare.person.id},{lasting.person.id}", skill=REPAIR) == {
        lasting.person.id
    }
    pages = roster.coordinator.get("/volunteers", limit=2).json
    rest = roster.coordinator.get("/volunteers", limit=2, cursor=pages["next_cursor"]).json
    assert len(pages["items"]) + len(rest["items"]) == 3


def test_erasure_leaves_nothing_of_what_somebody_said(roster: Roster) -> None:
    who, signer = roster.volunteer(REPAIR), roster.volunteer()
    held(roster, signer, 3)
    hours = [{"weekday": 3, "starts": "14:00", "ends": "16:00"}]
    who.put("/availability/mine/weekly", {"hours": hours})
    who.post("/availability/mine/exceptions", {"on": "2026-12-02", "kind": "off"})
    body = {"person_id": who.person.id, "skill": REPAIR, "level": 2, "passed": True}
    signer.post("/sign-offs", body)
    kept = roster.volunteer()
    signer.post("/sign-offs", body | {"person_id": kept.person.id})
    roster.coordinator.put(f"/volunteers/{who.person.id}/newcomer", {"newcomer": False})

    roster.person(who.person.id, [], "person.erased.v1")
    roster.person(signer.person.id, [], "person.erased.v1")

    with roster.service.database.reading() as session:
        for table in (WeeklyFree, Lesson, Profile):
            assert session.scalars(select(table)).all() == []
        (left,) = session.scalars(select(SignOff)).all()
    assert left.person_id == kept.person.id
    assert left.signed_by not in (signer.person.id, who.person.id)
