"""Input that nobody types and somebody sends: it is refused, and never breaks anything, on both databases."""

import pytest

from tests.integration.identity.accounts import form
from tests.support.services import Service

ODD = ["\x00", "a" * 200, "\u0130" * 60, "'; DROP TABLE person; --"]


@pytest.mark.parametrize("login", ODD)
def test_an_odd_login_opens_and_breaks_nothing(identity: Service, login: str):
    visitor, front = identity.client(), identity.as_("front")

    answers = [
        visitor.post("/tokens", {"login": login, "password": "\x00x"}),
        visitor.post("/registrations", form(login)),
        front.post("/password-resets", {"login": login}),
    ]

    assert all(answer.status_code in {200, 201, 401, 422} for answer in answers)


@pytest.mark.parametrize("secret", ["\x00", "é", "x" * 200])
def test_an_odd_secret_opens_nothing(identity: Service, secret: str):
    visitor = identity.client()

    answers = [
        visitor.post("/sessions/refresh", {"session": secret}),
        visitor.post("/front-tokens", {"secret": secret}),
        visitor.post("/password-resets/complete", {"token": secret, "password": "kettle-and-tea"}),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 410]


@pytest.mark.parametrize("tag", ['"99999999999999999999"', "*", '"a"', 'W/"1"', '"1", "2"'])
def test_an_odd_version_changes_no_roles(identity: Service, tag: str):
    person = identity.client().post("/registrations", form()).json

    answer = identity.as_("admin").put(
        f"/people/{person['id']}/roles", {"roles": ["admin"]}, if_match=tag
    )

    assert answer.status_code in {412, 428}


def test_letters_that_grow_when_they_are_compared_still_fit(identity: Service):
    grown = "\u0390" * 64  # three code points each, once folded

    assert (
        identity.client().post("/registrations", form(grown, name="\u0390" * 100)).status_code
        == 201
    )
    found = identity.as_("admin").get("/people", q="\u0390")
    assert len(found.json["items"]) == 1
