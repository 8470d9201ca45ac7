"""Accounts, cookies, headers, the gateway, and what happens while a service is away."""

import re
from email import message_from_bytes, policy

import pytest

from shared.http_client import ServiceClient
from shared.ids import new_id
from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader


def register(reader: Reader, login: str, status: int = 200, **typed: str) -> None:
    """Fill in the registration."""
    given = {"name": "买买提·艾力", "login": login, "password": "korrekt-pferd-7", "consent": "1"}
    reader.open("/register")
    reader.send(status=status, **{**given, **typed})


def test_somebody_registers_and_is_signed_in(term: Term) -> None:
    reader = term.reader()

    register(reader, f"u{new_id()[:8]}", email="a@example.org")

    assert "注册好了" in reader.page.text
    assert "买买提·艾力" in reader.open("/me").text
    assert "a@example.org" in reader.open("/me/contact").html


def test_nobody_registers_without_consent(term: Term) -> None:
    reader = term.reader()

    register(reader, f"u{new_id()[:8]}", 422, consent="")

    assert "请先看隐私说明" in reader.page.text
    assert "买买提·艾力" in reader.page.html


def test_a_login_that_is_taken_keeps_the_rest(term: Term) -> None:
    reader = term.reader()

    register(reader, "student", 409, email="b@example.org")

    assert "b@example.org" in reader.page.html
    assert "已经有人用了" in reader.page.text


def test_a_wrong_password_keeps_the_login_and_not_the_password(term: Term) -> None:
    reader = term.reader()
    reader.open("/sign-in")

    page = reader.send(status=401, login="student", password="falsch-geheim")

    assert 'value="student"' in page.html
    assert "falsch-geheim" not in page.html


def test_signing_in_leads_where_one_wanted_to_go(term: Term) -> None:
    reader = term.reader()
    reader.open("/me/contact")

    page = reader.send(login="student", password="demo")

    assert page.url == "/me/contact"


def test_signing_out_ends_the_session_everywhere(term: Term) -> None:
    reader = term.reader("student")
    copy = Reader(term.app)
    copy.client._cookies = reader.client._cookies.copy()

    reader.open("/sign-out")
    reader.send(0)

    assert copy.open("/me").url.startswith("/sign-in")


def test_the_sign_in_cookie_is_bound_to_host_and_hidden_from_scripts(term: Term) -> None:
    reader = term.reader()
    reader.open("/sign-in")
    form = dict(reader.page.forms[0].fields) | {"login": "student", "password": "demo"}

    cookies = reader.client.post("/sign-in", data=form).headers.getlist("Set-Cookie")

    found = next(one for one in cookies if one.startswith("__Host-session="))
    assert all(word in found for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Domain" not in found


def test_a_forgotten_password_is_set_anew_by_mail(term: Term) -> None:
    login = f"u{new_id()[:8]}"
    register(term.reader(), login, email=f"{login}@example.org")
    reader = term.reader()
    reader.open("/forgot")
    reader.send(login=login)
    assert "请看邮箱" in reader.page.text

    link = term.until(lambda: _link_in_mail(term, login))
    reader.open(link)
    reader.send(password="anderes-pferd-8")
    page = reader.send(login=login, password="anderes-pferd-8")

    assert page.url == "/"


def _link_in_mail(term: Term, login: str) -> str | None:
    folder = term.suite.parts["notify"].settings.data_dir / "mail"
    for file in folder.glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        found = re.search(r"/reset/([\w.-]+)", body.get_content() if body else "")
        if found and login in str(mail["to"]):
            return found.group(0)
    return None


def test_asking_for_a_strangers_password_tells_nothing(term: Term) -> None:
    reader = term.reader()
    reader.open("/forgot")

    page = reader.send(login="nobody-has-this-login")

    assert "请看邮箱" in page.text


def test_an_account_is_deleted_after_typing_the_login(term: Term) -> None:
    login = f"u{new_id()[:8]}"
    reader = term.reader()
    register(reader, login)
    reader.open("/me/delete")
    reader.send(status=422, login="something else")

    page = reader.send(login=login)

    assert "账号已删除" in page.text
    assert reader.open("/me").url.startswith("/sign-in")


def test_a_student_does_not_open_staff_pages(term: Term) -> None:
    page = term.reader("student").open("/manage", 403)

    assert "这一页不是给你的" in page.text


def test_a_form_without_its_token_is_refused_kindly(term: Term) -> None:
    answer = term.app.test_client().post("/sign-in", data={"login": "student", "password": "demo"})

    assert answer.status_code == 400
    assert "这一页放得太久了" in answer.text


def test_every_page_carries_the_strict_policy(term: Term) -> None:
    headers = term.app.test_client().get("/").headers

    assert "script-src 'self'; style-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_language_is_kept_once_chosen(term: Term) -> None:
    reader = term.reader(lang="zh")
    reader.open("/?lang=en")

    assert reader.open("/").lang == "en"


def test_the_gateway_passes_tokens_on_and_cookies_not(term: Term) -> None:
    reader = term.reader("student")

    by_cookie = reader.client.get("/api/identity/v1/people/me")
    token = {"Authorization": f"Bearer {term.token('student')}"}
    by_token = reader.client.get("/api/identity/v1/people/me", headers=token)

    assert by_cookie.status_code == 401
    assert by_token.get_json()["login"] == "student"


def test_the_gateway_knows_no_other_service(term: Term) -> None:
    answer = term.app.test_client().get("/api/nothing/v1/x")

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("service", ["booking", "notify", "roster", "identity"])
def test_browsing_goes_on_while_a_service_is_away(term: Term, service: str) -> None:
    session_id = term.plan("repair")
    reader = Reader(term.without(service))

    for path in ("/", "/sessions", f"/sessions/{session_id}", "/sign-in", "/register", "/privacy"):
        reader.open(path)


def test_a_page_that_needs_what_is_away_says_so(term: Term) -> None:
    page = Reader(term.without("catalog")).open("/sessions", 503)

    assert "场次服务暂时联系不上" in page.text


def test_booking_away_keeps_what_was_typed(term: Term) -> None:
    session_id = term.plan("repair")
    term.staff(session_id)
    reader = term.reader("student12")
    reader.open(f"/sessions/{session_id}/book")
    reader.send("device", category_id="14", problem="嗡嗡响")
    reader.send("time")
    away = Reader(term.without("booking"))
    away.client._cookies = reader.client._cookies.copy()
    away.page = reader.page

    page = away.send("confirm", 503)

    assert "你填的内容还在" in page.text
    assert "嗡嗡响" in page.text


def test_signing_in_while_identity_is_away_keeps_the_login(term: Term) -> None:
    reader = Reader(term.without("identity"))
    reader.open("/sign-in")

    page = reader.send(status=503, login="student", password="demo")

    assert 'value="student"' in page.html
    assert "登录服务暂时联系不上" in page.text


def spoil_tokens(term: Term) -> None:
    """Let every token that the front holds be one that no service takes."""
    cache = term.app.extensions["tokens"]
    for key, held in list(cache._held.items()):
        cache.put(key, held.token[:-6] + "AAAAAA", 300, held.person)


def test_a_token_that_a_service_refuses_is_renewed_and_the_page_is_shown(term: Term) -> None:
    reader = term.reader("coordinator")
    for _ in range(2):
        spoil_tokens(term)

        answer = reader.client.get("/manage/people")

        assert answer.status_code == 200
        assert "coordinator" in answer.text


def test_who_was_signed_out_elsewhere_meanwhile_goes_to_sign_in(term: Term) -> None:
    reader = term.reader("coordinator")
    spoil_tokens(term)
    [secret] = [one.value for one in reader.client._cookies.values() if one.key.endswith("session")]
    identity = ServiceClient("identity", term.suite.parts["identity"].app)
    identity.post("/sessions/revoke", json={"session": secret})

    answer = reader.client.get("/manage/people")

    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]
