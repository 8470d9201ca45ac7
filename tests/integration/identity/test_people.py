"""People as staff see them and as they see themselves, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from services.identity.errors import DemoRefused
from services.identity.models import Credential, Person, Role, SignIn
from services.identity.use_cases.first_people import (
    DEMO_PEOPLE,
    ensure_demo_people,
    make_administrator,
)
from tests.integration.identity.accounts import as_person, errors, register, sign_in
from tests.support.services import Service


def administrator(identity: Service, login: str = "chief") -> str:
    """Make an administrator and return their id."""
    with identity.database.transaction() as session:
        return make_administrator(session, login)[0].id


def test_people_see_and_change_their_own_name_and_language(identity: Service):
    me = as_person(identity, register(identity))

    changed = me.patch("/people/me", {"name": "张小明", "locale": "en"})

    assert (changed.json["name"], changed.json["locale"]) == ("张小明", "en")
    assert me.get("/people/me").json == changed.json
    event = identity.announced("person.changed.v1")[0]
    assert (event.version, event.data["locale"]) == (2, "en")


def test_staff_find_people_by_any_spelling_of_a_name_and_by_login(identity: Service):
    register(identity, "zoe", name="Zoe\u0308 Müller")
    register(identity, "20260001", name="阿依古丽·买买提")
    staff = identity.as_("coordinator")

    def found(**query: str) -> list[str]:
        return [one["login"] for one in staff.get("/people", **query).json["items"]]

    assert found(q="zoë") == ["zoe"]
    assert found(q="古丽·买") == ["20260001"]
    assert found(q="2026") == ["20260001"]
    assert found(q="%") == []
    assert found(role="volunteer") == []
    assert len(found()) == 2


def test_staff_enter_somebody_at_the_desk_without_login_or_password(identity: Service):
    staff = identity.as_("coordinator")

    made = staff.post("/people", {"name": "王阿姨"}, key="desk-1")
    again = staff.post("/people", {"name": "王阿姨"}, key="desk-1")
    second = staff.post("/people", {"name": "王阿姨"})

    assert made.json == again.json
    assert (made.json["login"], made.json["roles"]) == (None, ["student"])
    assert second.json["id"] != made.json["id"]


def test_a_coordinator_gives_no_roles_above_volunteer(identity: Service):
    body = {"name": "林晓峰", "login": "lxf", "roles": ["admin"]}

    refused = identity.as_("coordinator").post("/people", body)
    volunteer = identity.as_("coordinator").post("/people", {**body, "roles": ["volunteer"]})

    assert (refused.status_code, refused.json["code"]) == (403, "role_not_yours")
    assert volunteer.json["roles"] == ["student", "volunteer"]


def test_roles_change_by_version_and_are_announced(identity: Service):
    person = register(identity)
    admin, path = identity.as_("admin"), f"/people/{person['id']}/roles"

    done = admin.put(path, {"roles": ["volunteer", "coordinator"]}, if_match=1)
    stale = admin.put(path, {"roles": []}, if_match=1)
    blind = admin.put(path, {"roles": []})
    coordinator = identity.as_("coordinator").put(path, {"roles": ["admin"]}, if_match=2)

    assert done.json["roles"] == ["student", "volunteer", "coordinator"]
    assert done.headers["ETag"] == '"2"'
    assert [answer.status_code for answer in (stale, blind, coordinator)] == [412, 428, 403]
    event = identity.announced("person.changed.v1")[-1]
    assert event.data["roles"] == ["student", "volunteer", "coordinator"]


def test_the_last_administrator_can_neither_step_down_nor_leave(identity: Service):
    id = administrator(identity)
    me = as_person(identity, {"id": id}, "admin")

    down = me.put(f"/people/{id}/roles", {"roles": []}, if_match=1)
    away = me.delete("/people/me")

    assert [down.json["code"], away.json["code"]] == ["last_administrator"] * 2


def test_two_administrators_cannot_step_down_past_each_other(identity: Service):
    ids = [administrator(identity, login) for login in ("chief", "deputy")]
    clients = [as_person(identity, {"id": id}, "admin") for id in ids]

    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(
            lambda client, id: client.put(f"/people/{id}/roles", {"roles": []}, if_match=1),
            clients,
            ids,
        )
        statuses = sorted(answer.status_code for answer in answers)

    assert statuses == [200, 409]
    with identity.database.reading() as session:
        left = select(func.count()).select_from(Role).where(Role.role == "admin")
        assert session.scalar(left) == 1


def test_erasure_leaves_an_id_and_nothing_else(identity: Service):
    person = register(identity)
    secret = sign_in(identity).json["session"]
    me = as_person(identity, person)

    assert me.delete("/people/me").status_code == 204

    with identity.database.reading() as session:
        kept = session.get(Person, person["id"])
        assert (kept.name, kept.login, kept.login_key, kept.state) == ("", None, None, "erased")
        assert session.scalars(select(Credential)).all() == []
        assert session.scalars(select(SignIn)).all() == []
    event = identity.announced("person.erased.v1")[0]
    assert event.data["state"] == "erased"
    assert identity.client().post("/sessions/refresh", {"session": secret}).status_code == 401
    assert sign_in(identity).status_code == 401
    assert me.patch("/people/me", {"name": "又来"}).json["code"] == "person_erased"
    assert register(identity)["id"] != person["id"]


def test_names_are_whole_for_staff_and_masked_for_everybody_else(identity: Service):
    three = register(identity, "ouyang", name="欧阳修远")
    two = register(identity, "lilei", name="李雷")
    ids = {"ids": [three["id"], two["id"], "unknown"]}

    def names(role: str) -> dict[str, tuple[str | None, str]]:
        answer = identity.as_(role).post("/people/names", ids)
        return {one["id"]: (one["name"], one["masked"]) for one in answer.json["names"]}

    assert names("coordinator")[three["id"]] == ("欧阳修远", "欧*远")
    for role in ("student", "volunteer", "front"):
        assert names(role) == {three["id"]: (None, "欧*远"), two["id"]: (None, "李*")}


def test_people_are_found_by_staff_only(identity: Service):
    person = register(identity)

    for role, status in (("student", 403), ("volunteer", 403), ("front", 403), ("admin", 200)):
        assert identity.as_(role).get("/people").status_code == status
        assert identity.as_(role).get(f"/people/{person['id']}").status_code == status
    assert identity.as_("coordinator").get("/people/nobody").status_code == 404


def test_the_first_administrator_gets_a_link_and_a_known_account_gets_the_role(identity: Service):
    person = register(identity)
    with identity.database.transaction() as session:
        known, _ = make_administrator(session, "zhangming")
        fresh, secret = make_administrator(session, "chief", "王主任")

    assert (known.id, known.roles) == (person["id"], ["student", "coordinator", "admin"])
    assert (fresh.name, fresh.roles) == ("王主任", ["student", "coordinator", "admin"])
    body = {"token": secret, "password": "kettle-and-tea"}
    assert identity.client().post("/password-resets/complete", body).status_code == 204
    assert sign_in(identity, "chief", "kettle-and-tea").status_code == 201


def test_demo_people_are_made_once_and_only_in_the_demo(identity: Service):
    with identity.database.transaction() as session:
        first = ensure_demo_people(session, demo=True)
    with identity.database.transaction() as session:
        again = ensure_demo_people(session, demo=True)

    assert first == again
    assert set(first) == set(DEMO_PEOPLE)
    assert len(identity.announced("person.registered.v1")) == len(DEMO_PEOPLE)
    with pytest.raises(DemoRefused), identity.database.transaction() as session:
        ensure_demo_people(session, demo=False)


def test_ids_for_names_are_at_most_five_hundred(identity: Service):
    answer = identity.as_("student").post("/people/names", {"ids": ["x"] * 501})

    assert errors(answer) == {"#/ids": "最多 500 个。"}
