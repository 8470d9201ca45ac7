"""Logins, names and passwords: what may be one, and how they are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.errors import BadLogin, WeakPassword
from services.identity.models.credential import check_strength, hashed, matches
from services.identity.models.person import checked_login, searchable
from services.identity.models.sign_in import hash_of, new_secret


@given(st.text(max_size=40))
def test_both_spellings_of_a_name_are_found_alike(name: str):
    composed, taken_apart = (unicodedata.normalize(form, name) for form in ("NFC", "NFD"))

    assert searchable(composed) == searchable(taken_apart)
    assert searchable(searchable(name)) == searchable(name)


def test_names_that_only_look_alike_stay_apart():
    assert searchable("𠮷田") != searchable("吉田")
    assert searchable("①") != searchable("1")


@pytest.mark.parametrize("login", ["2026001", "zhang.ming", "a_b-c", "anna@example.com", "张明"])
def test_a_login_is_letters_digits_and_a_few_marks(login: str):
    assert checked_login(f" {login} ") == login


@pytest.mark.parametrize("login", ["", "a", "a b", "a\tb", "<script>", "a/b", "x" * 65, "a\x00b"])
def test_other_characters_make_no_login(login: str):
    with pytest.raises(BadLogin):
        checked_login(login)


@pytest.mark.parametrize("password", ["1234567", "password", "88888888", "abababab", "x" * 201])
def test_a_password_that_is_short_famous_or_endless_is_weak(password: str):
    with pytest.raises(WeakPassword):
        check_strength(password, "zhangming")


def test_a_password_fits_its_own_hash_only():
    known = hashed("kettle-and-solder")

    assert matches("kettle-and-solder", known)
    assert not matches("kettle-and-solder ", known)
    assert not matches("anything", None)
    assert not matches("anything", "no hash at all")


def test_secrets_have_256_bits_and_never_repeat():
    secrets = {new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert all(len(secret) == 43 for secret in secrets)
    assert len({hash_of(secret) for secret in secrets}) == 100
