"""Registering, choosing passwords, forgetting them, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.identity.models import Credential, PasswordReset, Person
from tests.integration.identity.accounts import (
    PASSWORD,
    as_person,
    errors,
    form,
    register,
    sign_in,
)
from tests.support.services import Service

NEW = "a-better-kettle"


def link_for(identity: Service, login: str = "zhangming") -> str:
    """Ask for a reset link as the front does and return its secret."""
    return str(identity.as_("front").post("/password-resets", {"login": login}).json["token"])


def complete(identity: Service, token: str, password: str = NEW):
    """Choose a password through a link."""
    return identity.client().post(
        "/password-resets/complete", {"token": token, "password": password}
    )


@pytest.mark.parametrize(
    "name", ["阿依古丽·买买提", "𠮷田真由", "Zoe\u0308 Müller", "محمد علي", "👩‍🔧小红"]
)
def test_names_are_kept_exactly_as_typed(identity: Service, name: str):
    person = register(identity, name=name)

    assert person["name"] == name
    assert person["roles"] == ["student"]
    event = identity.announced("person.registered.v1")[0]
    assert event.data == {
        "person_id": person["id"],
        "roles": ["student"],
        "locale": "zh",
        "state": "active",
    }


def test_the_mail_address_is_not_kept_here(identity: Service):
    person = register(identity, email="zhangming@example.edu.cn")

    assert "email" not in person
    with identity.database.reading() as session:
        assert "example.edu" not in str(vars(session.get(Person, person["id"])))


def test_a_login_is_taken_whatever_its_letter_case(identity: Service):
    register(identity, "Anna")

    answer = identity.client().post("/registrations", form("ANNA", name="另一个人"))

    assert (answer.status_code, answer.json["code"]) == (409, "login_taken")
    assert "#/login" in errors(answer)


def test_the_same_form_sent_again_makes_one_person_and_stores_no_key(identity: Service):
    first = identity.client().post("/registrations", form(), key="same")
    again = identity.client().post("/registrations", form(), key="same")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert len(identity.announced()) == 1


def test_of_many_who_want_one_login_at_once_exactly_one_gets_it(identity: Service):
    def attempt(number: int) -> int:
        body = form("last-login", name=f"第 {number} 位", password=f"{PASSWORD}-{number}")
        return int(identity.client().post("/registrations", body).status_code)

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(attempt, range(6)))

    assert answers == [201] + [409] * 5
    with identity.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1


@pytest.mark.parametrize(
    ("changes", "pointer", "says"),
    [
        ({"login": "a b"}, "#/login", "账号用 2–64 个字母"),
        ({"login": "x"}, "#/login", "账号用 2–64 个字母"),
        ({"password": "short"}, "#/password", "密码至少 8 个字符。"),
        ({"password": "12345678"}, "#/password", "这个密码太常见，很容易被猜到。"),
        ({"login": "zhang-ming", "password": "ZHANG-ming"}, "#/password", "密码不能和账号一样。"),
        ({"name": " "}, "#/name", "请填写这一项。"),
        ({"name": "张\x00明"}, "#/name", "里面有看不见的控制字符"),
        ({"email": "not a mail"}, "#/email", "邮箱地址看起来不对。"),
        ({"consent_version": ""}, "#/consent_version", "请填写这一项。"),
        ({"roles": ["admin"]}, "#/roles", "没有这一项。"),
    ],
)
def test_a_wrong_registration_is_refused_field_by_field(identity, changes, pointer, says):
    answer = identity.client().post("/registrations", form(**changes))

    assert answer.status_code == 422
    assert list(errors(answer)) == [pointer]
    assert errors(answer)[pointer].startswith(says)


def test_passwords_are_kept_as_argon2id_with_nineteen_mebibytes(identity: Service):
    register(identity)

    with identity.database.reading() as session:
        kept = session.scalars(select(Credential.password_hash)).one()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_changed_password_signs_out_everywhere(identity: Service):
    me = as_person(identity, register(identity))
    secret = sign_in(identity).json["session"]

    wrong = me.post("/people/me/password", {"old": "guess", "new": NEW})
    weak = me.post("/people/me/password", {"old": PASSWORD, "new": "zhangming"})
    right = me.post("/people/me/password", {"old": PASSWORD, "new": NEW})

    assert errors(wrong) == {"#/old": "原密码不对。"}
    assert errors(weak) == {"#/new": "密码不能和账号一样。"}
    assert right.status_code == 204
    assert identity.client().post("/sessions/refresh", {"session": secret}).status_code == 401
    assert sign_in(identity).status_code == 401
    assert sign_in(identity, password=NEW).status_code == 201


def test_a_reset_link_works_once_and_signs_out_everywhere(identity: Service):
    register(identity)
    secret = sign_in(identity).json["session"]
    token = link_for(identity)

    first, again = complete(identity, token), complete(identity, token)

    assert first.status_code == 204
    assert (again.status_code, again.json["code"]) == (410, "link_ended")
    assert identity.client().post("/sessions/refresh", {"session": secret}).status_code == 401
    assert sign_in(identity, password=NEW).status_code == 201


def test_a_reset_link_used_by_many_at_once_works_once(identity: Service):
    register(identity)
    token = link_for(identity)

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda n: complete(identity, token, f"{NEW}-{n}").status_code, range(4))

    assert sorted(answers) == [204, 410, 410, 410]


def test_a_reset_link_ends_after_an_hour_and_when_a_newer_one_is_made(identity: Service):
    register(identity)
    older, newer = link_for(identity), link_for(identity)

    assert complete(identity, older).status_code == 410
    with identity.database.transaction() as session:
        for reset in session.scalars(select(PasswordReset)):
            reset.ends_at -= timedelta(minutes=61)
    assert complete(identity, newer).status_code == 410


def test_a_weak_password_leaves_the_link_as_it_was(identity: Service):
    register(identity)
    token = link_for(identity)

    assert complete(identity, token, "short").status_code == 422
    assert complete(identity, token).status_code == 204


def test_nobody_learns_from_a_reset_whether_an_account_exists(identity: Service):
    register(identity)

    known = identity.as_("front").post("/password-resets", {"login": "zhangming"})
    unknown = identity.as_("front").post("/password-resets", {"login": "nobody"})
    visitor = identity.client().post("/password-resets", {"login": "zhangming"})

    assert (known.status_code, unknown.status_code) == (200, 200)
    assert unknown.json == {}  # the front says the same sentence to both
    assert visitor.status_code == 401


def test_secrets_of_links_are_kept_only_hashed(identity: Service):
    register(identity)
    token = link_for(identity)

    with identity.database.reading() as session:
        assert token != session.scalars(select(PasswordReset.secret_hash)).one()
