"""Volunteers and skills: granted by staff, following the role, erased on request."""

from sqlalchemy import select

from services.roster.models import Assignment, Hours, Volunteer, VolunteerSkill
from shared.ids import new_id
from tests.integration.roster.given import REPAIR, Roster, code, entry


def test_a_registered_volunteer_is_listed_with_the_granted_skills(roster: Roster) -> None:
    volunteer = roster.volunteer(REPAIR)
    assert volunteer.person is not None
    roster.person(new_id(), ["student"])

    listed = roster.coordinator.get("/volunteers").json["items"]

    assert [(one["person_id"], one["active"], one["skills"]) for one in listed] == [
        (volunteer.person.id, True, [REPAIR])
    ]
    assert volunteer.get("/volunteers/me").json == listed[0]
    assert roster.coordinator.get("/volunteers", skill="cooking").json["items"] == []


def test_skills_are_granted_and_taken_away_as_one_list(roster: Roster) -> None:
    roster.coordinator.put("/skills/reception", {"title": {"zh": "接待", "en": "Front desk"}})
    volunteer = roster.volunteer(REPAIR)
    assert volunteer.person is not None

    roster.grant(volunteer.person.id, "reception")

    assert volunteer.get("/volunteers/me").json["skills"] == ["reception"]


def test_an_unknown_skill_or_person_is_refused_with_the_field(roster: Roster) -> None:
    volunteer = roster.volunteer()
    assert volunteer.person is not None
    path = f"/volunteers/{volunteer.person.id}/skills"

    unknown_skill = roster.coordinator.put(path, {"skills": ["flying", REPAIR]})
    unknown_person = roster.coordinator.put(f"/volunteers/{new_id()}/skills", {"skills": []})
    bad_code = roster.coordinator.put("/skills/Not A Code", {"title": {"zh": "?", "en": ""}})

    assert unknown_skill.status_code == 422
    assert unknown_skill.json["errors"] == [
        {"pointer": "#/skills", "detail": "没有这样的技能：flying"}
    ]
    assert code(unknown_person) == (404, "no_such_volunteer")
    assert bad_code.status_code == 404


def test_the_same_skill_put_twice_is_one_skill_with_the_last_title(roster: Roster) -> None:
    roster.coordinator.put(f"/skills/{REPAIR}", {"title": {"zh": "家电维修", "en": ""}})

    skills = roster.coordinator.get("/skills").json["items"]

    mine = [skill for skill in skills if skill["code"] == REPAIR]
    assert [one["title"] for one in mine] == [{"zh": "家电维修", "en": ""}]


def test_who_loses_the_role_leaves_the_shifts_ahead_and_takes_no_new_one(roster: Roster) -> None:
    session_id = roster.publish(entry(), entry((2, 4), position=1))
    volunteer = roster.volunteer(REPAIR)
    assert volunteer.person is not None
    first, second = roster.shifts(session_id)
    roster.take(volunteer, first)

    roster.person(volunteer.person.id, ["student"], "person.changed.v1")

    assert roster.shifts(session_id)[0]["accepted"] == 0
    assert roster.service.announced("shift.dropped.v1")[-1].data["by"] == "staff"
    assert code(volunteer.post(f"/shifts/{second['id']}/accept")) == (403, "role_missing")
    assert volunteer.get("/shifts").json["items"][0]["why_not"] == "role_missing"
    assert roster.coordinator.get("/volunteers").json["items"] == []
    roster.person(volunteer.person.id, ["student", "volunteer"], "person.changed.v1")
    roster.take(volunteer, second)


def test_an_older_role_message_does_not_bring_the_role_back(roster: Roster) -> None:
    person = roster.new("volunteer")
    data = {"person_id": person.id, "locale": "zh", "state": "active"}
    roster.service.deliver("person.changed.v1", person.id, 2, {**data, "roles": ["student"]})
    roster.service.deliver("person.registered.v1", person.id, 1, {**data, "roles": ["volunteer"]})

    assert roster.client(person).get("/volunteers/me").json["active"] is False


def test_erasure_releases_the_shifts_ahead_and_hides_who_served_before(roster: Roster) -> None:
    served, ahead = roster.publish(entry((0, 2))), roster.publish(entry((2, 4)))
    volunteer = roster.volunteer(REPAIR)
    assert volunteer.person is not None
    person_id = volunteer.person.id
    done = roster.take(volunteer, roster.shifts(served)[0])
    roster.take(volunteer, roster.shifts(ahead)[0])
    roster.at(0)
    roster.coordinator.post(f"/assignments/{done['id']}/check-in")
    roster.at(1.001)
    roster.coordinator.post(f"/assignments/{done['id']}/check-out")

    roster.person(person_id, [], "person.erased.v1")

    assert roster.shifts(ahead)[0]["accepted"] == 0
    with roster.service.database.reading() as session:
        people = set(session.scalars(select(Assignment.person_id)))
        hours = session.scalars(select(Hours)).one()
        assert session.get_one(Volunteer, person_id).state == "erased"
        assert session.scalars(select(VolunteerSkill)).all() == []
    assert person_id not in people
    assert people == {hours.person_id}
    assert hours.minutes == 60


def test_an_erased_person_does_not_come_back_with_a_late_message(roster: Roster) -> None:
    volunteer = roster.volunteer(REPAIR)
    assert volunteer.person is not None
    roster.person(volunteer.person.id, [], "person.erased.v1")
    data = {"person_id": volunteer.person.id, "roles": ["volunteer"], "locale": "zh"}
    roster.service.deliver("person.changed.v1", volunteer.person.id, 1, data)

    assert volunteer.get("/volunteers/me").json["active"] is False
    refused = roster.coordinator.put(
        f"/volunteers/{volunteer.person.id}/skills", {"skills": [REPAIR]}
    )
    assert refused.status_code == 404


def test_skills_are_told_as_they_come_and_go(roster: Roster) -> None:
    person = roster.new("volunteer")
    roster.person(person.id, ["student", "volunteer"])
    path = f"/volunteers/{person.id}/skills"

    for held in ([REPAIR], [REPAIR], [REPAIR, "electrical_safety"], ["electrical_safety"]):
        roster.coordinator.put(path, {"skills": held})

    told = [one for one in roster.service.announced() if one.type.startswith("skill.")]
    assert [(one.type, one.data["skills"]) for one in told] == [
        ("skill.granted.v1", [REPAIR]),
        ("skill.granted.v1", [REPAIR, "electrical_safety"]),
        ("skill.revoked.v1", ["electrical_safety"]),
    ]
    assert [one.version for one in told] == sorted({one.version for one in told})
