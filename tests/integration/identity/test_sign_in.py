"""Signing in, staying signed in, signing out, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.identity.models import PasswordReset, SignIn
from services.identity.use_cases.first_people import ensure_demo_people
from services.identity.use_cases.sign_in import forget_ended
from shared.tables import rate_bucket
from tests.integration.identity.accounts import PASSWORD, register, sign_in
from tests.support.services import Service


def grow_older(identity: Service, **by: float) -> None:
    """Let every sign-in be as old as if time had passed."""
    with identity.database.transaction() as session:
        for found in session.scalars(select(SignIn)):
            found.seen_at -= timedelta(**by)
            found.created_at -= timedelta(**by)


def test_a_registered_person_gets_a_token_that_services_accept(identity):
    person = register(identity)

    answer = identity.client().post("/tokens", {"login": "ZhangMing", "password": PASSWORD})

    assert answer.status_code == 200
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 300)
    bearer = identity.people.keys.read(answer.json["access_token"])
    assert (bearer.id, bearer.roles) == (person["id"], {"student"})


def test_signing_in_gives_a_secret_that_is_kept_only_hashed(identity):
    register(identity)

    answer = sign_in(identity)

    assert answer.status_code == 201
    assert len(answer.json["session"]) >= 43
    assert answer.json["person"]["name"] == "张明"
    with identity.database.reading() as session:
        kept = session.scalars(select(SignIn.secret_hash)).one()
    assert answer.json["session"] not in kept


@pytest.mark.parametrize(
    ("login", "password"), [("zhangming", "wrong-password"), ("nobody-here", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(identity, login, password):
    register(identity)

    answer = sign_in(identity, login, password)

    assert answer.status_code == 401
    assert answer.json["code"] == "sign_in_refused"
    assert answer.json["detail"] == "账号或密码不对。请检查后再试，或重新设置密码。"


def test_ten_wrong_passwords_close_the_account_for_a_while_and_a_right_one_opens_the_count(
    identity,
):
    register(identity)
    for _ in range(9):
        assert sign_in(identity, password="wrong").status_code == 401
    assert sign_in(identity).status_code == 201

    answers = [sign_in(identity, password="wrong").status_code for _ in range(11)]

    assert answers == [401] * 10 + [429]
    blocked = sign_in(identity)
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) > 0


def test_only_the_front_may_say_which_address_somebody_comes_from(identity):
    register(identity)
    header = {"X-Client-Address": "10.1.2.3"}
    body = {"login": "zhangming", "password": PASSWORD}

    identity.client().post("/sessions", body, headers=header)
    identity.as_("front").post("/sessions", body, headers=header)

    with identity.database.reading() as session:
        kept = session.execute(
            select(rate_bucket).where(rate_bucket.c.bucket == "sign-in-address")
        ).all()
    assert [row.key for row in kept] == ["10.1.2.3"]
    assert kept[0].tokens == 599


def test_a_sign_in_is_renewed_until_it_is_revoked(identity):
    register(identity)
    secret = sign_in(identity).json["session"]

    renewed = identity.client().post("/sessions/refresh", {"session": secret})
    revoked = identity.client().post("/sessions/revoke", {"session": secret})
    after = identity.client().post("/sessions/refresh", {"session": secret})

    assert renewed.status_code == 200
    assert "session" not in renewed.json
    assert revoked.status_code == 204
    assert (after.status_code, after.json["code"]) == (401, "sign_in_ended")


@pytest.mark.parametrize(("days", "status"), [(6.9, 200), (7.1, 401)])
def test_an_idle_sign_in_ends_after_a_week(identity, days, status):
    register(identity)
    secret = sign_in(identity).json["session"]
    grow_older(identity, days=days)

    assert identity.client().post("/sessions/refresh", {"session": secret}).status_code == status


def test_a_sign_in_of_staff_ends_after_half_a_day(identity):
    person = register(identity)
    identity.as_("admin").put(
        f"/people/{person['id']}/roles", {"roles": ["coordinator"]}, if_match=1
    )
    secret = sign_in(identity).json["session"]
    grow_older(identity, hours=12.1)

    assert identity.client().post("/sessions/refresh", {"session": secret}).status_code == 401


def test_new_roles_reach_the_next_token_and_rotate_the_secret(identity):
    person = register(identity)
    secret = sign_in(identity).json["session"]
    identity.as_("admin").put(f"/people/{person['id']}/roles", {"roles": ["volunteer"]}, if_match=1)

    renewed = identity.client().post("/sessions/refresh", {"session": secret}).json

    assert renewed["session"] != secret
    assert renewed["person"]["roles"] == ["student", "volunteer"]
    old = identity.client().post("/sessions/refresh", {"session": secret})
    assert old.status_code == 200  # for a minute, for requests that were under way
    assert "session" not in old.json
    with identity.database.transaction() as session:
        session.execute(update(SignIn).values(rotated_at=SignIn.created_at))
        grown = session.scalars(select(SignIn)).one()
        grown.rotated_at = grown.created_at - timedelta(minutes=5)
    assert identity.client().post("/sessions/refresh", {"session": secret}).status_code == 401
    fresh = {"session": renewed["session"]}
    assert identity.client().post("/sessions/refresh", fresh).status_code == 200


def test_the_front_gets_its_token_for_its_secret_only(identity):
    secret = identity.settings.front_secret_file.read_text()

    right = identity.client().post("/front-tokens", {"secret": secret})
    wrong = identity.client().post("/front-tokens", {"secret": "guessed"})

    assert identity.people.keys.read(right.json["access_token"]).roles == {"front"}
    assert wrong.status_code == 401


def test_demo_people_sign_in_only_in_the_demo(identity):
    with identity.database.transaction() as session:
        ensure_demo_people(session, demo=True)
    assert sign_in(identity, "student3", "demo").status_code == 201
    secret = sign_in(identity, "student3", "demo").json["session"]

    object.__setattr__(identity.settings, "demo", False)

    assert sign_in(identity, "student3", "demo").status_code == 401
    assert identity.client().post("/sessions/refresh", {"session": secret}).status_code == 401
    asked = identity.as_("front").post("/password-resets", {"login": "student3"})
    assert asked.json == {}


def test_ended_sign_ins_and_links_are_forgotten(identity):
    register(identity)
    secret = sign_in(identity).json["session"]
    identity.as_("front").post("/password-resets", {"login": "zhangming"})
    identity.client().post("/sessions/revoke", {"session": secret})
    assert forget_ended(identity.database) == 0
    with identity.database.transaction() as session:
        session.scalars(select(SignIn)).one().revoked_at -= timedelta(days=3)
        session.scalars(select(PasswordReset)).one().ends_at -= timedelta(days=3)

    assert forget_ended(identity.database) == 2
