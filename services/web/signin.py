"""The sign-in flow: a server-side session of identity in a cookie, its short access token kept in this process."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for

from services.web.clients import clients
from services.web.clients.base import Caller
from services.web.clients.identity import Person, SignIn
from services.web.i18n import lang
from services.web.security import cookie_name, trustworthy
from shared import clock
from shared.http_client import Problem, Unavailable

EARLY = 30  # seconds before its end at which a token is renewed
SESSION_DAYS = 30
COOKIE = "session"


@dataclass(frozen=True)
class Held:
    """An access token and when to renew it (seconds of the suite's clock)."""

    token: str
    renew_at: float
    person: Person | None = None


def suite_seconds() -> float:
    """The clock that tokens end by; the machine's own count stands still while it sleeps."""
    return clock.now().timestamp()


class TokenCache:
    """Access tokens of this process by hashed session secret."""

    def __init__(self, most: int = 5000, clock: Callable[[], float] = suite_seconds) -> None:
        self._held: dict[str, Held] = {}
        self._clock = clock
        self._lock = threading.Lock()
        self._most = most

    def get(self, key: str) -> Held | None:
        """The token, unless it must be renewed."""
        held = self._held.get(key)
        return held if held and held.renew_at > self._clock() else None

    def put(self, key: str, token: str, seconds: int, person: Person | None = None) -> Held:
        """Keep a fresh token."""
        held = Held(token, self._clock() + max(seconds - EARLY, 1), person)
        with self._lock:
            if len(self._held) >= self._most:
                self._held.clear()
            self._held[key] = held
        return held

    def drop(self, key: str) -> None:
        """Forget a token."""
        with self._lock:
            self._held.pop(key, None)


def _cache() -> TokenCache:
    found: TokenCache = current_app.extensions["tokens"]
    return found


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def load_person() -> None:
    """Find out who is asking: sets g.person, g.token, and g.identity_away when it could not be asked."""
    g.person, g.token, g.identity_away = None, None, False
    secret = request.cookies.get(cookie_name(COOKIE))
    if not secret or request.endpoint in current_app.extensions["anonymous_endpoints"]:
        return
    try:
        held = _cache().get(_hashed(secret)) or _renew(secret)
    except Unavailable:
        g.identity_away = True
        return
    if held:
        g.person, g.token = held.person, held.token


def _renew(secret: str) -> Held | None:
    try:
        answer = clients().identity.refresh(secret)
    except Problem as problem:
        if problem.status != 401:
            raise
        g.session_ended = True
        return None
    if answer.session:
        g.new_session = answer.session
    return _cache().put(
        _hashed(answer.session or secret), answer.access_token, answer.expires_in, answer.person
    )


def renewed_token() -> str | None:
    """Get a fresh token for this request, once: clocks of two machines differ, keys change."""
    secret = g.get("new_session") or request.cookies.get(cookie_name(COOKIE))
    if not secret or g.get("token") is None or g.get("token_renewed"):
        return None
    g.token_renewed, g.token = True, None  # renewing is nobody's call: the old token would spoil it
    _cache().drop(_hashed(secret))
    held = _renew(secret)
    g.person, g.token = (held.person, held.token) if held else (None, None)
    return g.token


def front_token() -> str:
    """The front's own token, for what no person asks for."""
    held = _cache().get("front")
    if held is None:
        secret = current_app.extensions["front_secret"]
        token, seconds = clients().identity.front_token(secret)
        held = _cache().put("front", token, seconds)
    return held.token


def renewed_front_token() -> str | None:
    """The same for the front's own."""
    if g.get("front_renewed"):
        return None
    g.front_renewed = True
    _cache().drop("front")
    return front_token()


def caller(front: bool) -> Caller:
    """Who calls a service now: the person of this request, or the front itself."""
    if not front:
        return Caller(g.get("token"), lang(), renewed_token)
    if g.get("asking_front_token"):
        return Caller(None, lang())
    g.asking_front_token = True
    try:
        return Caller(front_token(), lang(), renewed_front_token)
    finally:
        g.asking_front_token = False


def browser_address() -> str:
    """Where the browser is; a proxy is believed only where one is configured."""
    return request.remote_addr or ""


def sign_in(answer: SignIn) -> None:
    """Take over a fresh sign-in session: the cookie goes out with this answer."""
    _cache().put(_hashed(answer.session), answer.access_token, answer.expires_in, answer.person)
    g.person, g.token, g.new_session = answer.person, answer.access_token, answer.session


def sign_out() -> None:
    """End the session, here and at identity."""
    secret = request.cookies.get(cookie_name(COOKIE))
    if secret:
        _cache().drop(_hashed(secret))
        clients().identity.revoke(secret)
    g.person, g.token, g.session_ended = None, None, True


def forget_person() -> None:
    """Renew the token on the next request, after the person changed."""
    secret = request.cookies.get(cookie_name(COOKIE))
    if secret:
        _cache().drop(_hashed(secret))


def carry_cookie(response: Response) -> Response:
    """Set or clear the session cookie."""
    name, secure = cookie_name(COOKIE), trustworthy()
    if g.get("new_session"):
        response.set_cookie(
            name,
            g.new_session,
            max_age=SESSION_DAYS * 86400,
            secure=secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )
    elif g.get("session_ended"):
        response.delete_cookie(name, secure=secure, httponly=True, samesite="Lax", path="/")
    return response


def has_role(*roles: str) -> bool:
    """True when the person has one of the roles; an administrator may what a coordinator may."""
    person: Person | None = g.get("person")
    wanted = set(roles) | ({"admin"} if "coordinator" in roles else set())
    return person is not None and bool(wanted & set(person.roles))


def needs(*roles: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only signed-in people, with one of the roles where any are named; others go to sign-in or see a 403."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            if g.identity_away:
                raise Unavailable("identity")
            if g.person is None:
                return to_sign_in()
            if roles and not has_role(*roles):
                abort(403)
            return view(*args, **values)

        guarded.needs = roles or ("signed_in",)  # type: ignore[attr-defined]  # read by the test of all pages
        return guarded

    return guard


def to_sign_in() -> Any:
    """Go to sign-in and come back afterwards (a form that was being sent comes back to its page)."""
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return redirect(url_for("account.sign_in", next=here), 303)


def safe_next(target: str | None, default: str = "/") -> str:
    """A way back on this site only."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if not target.isprintable():
        return default
    parts = urlsplit(target)
    return default if parts.netloc or parts.scheme else target


def init_app(app: Flask, front_secret: str) -> None:
    """Know the person before each request; carry the cookie after it."""
    app.extensions["tokens"] = TokenCache()
    app.extensions["front_secret"] = front_secret
    app.extensions["anonymous_endpoints"] = {
        "static",
        "gateway.api",
        "gateway.live",
        "public.healthz",
        "public.qr",
    }
    app.before_request(load_person)
    app.after_request(carry_cookie)
    app.jinja_env.globals["has_role"] = has_role
