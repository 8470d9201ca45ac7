"""What every answer carries: a strict content policy, and cookies that hold on https and localhost only."""

import hashlib
import hmac

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect

from services.web.settings import Settings

csrf = CSRFProtect()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}


def trustworthy() -> bool:
    """True where a browser keeps a Secure cookie: https, or this very machine."""
    return request.is_secure or request.host.rsplit(":", 1)[0] in LOCAL_HOSTS


def cookie_name(name: str) -> str:
    """`__Host-name` where the address is trustworthy, another name elsewhere (demo only)."""
    return f"__Host-{name}" if trustworthy() else f"demo-{name}"


class FormSession(SecureCookieSessionInterface):
    """Flask's signed cookie, for the CSRF secret and notices only; the sign-in has its own."""

    def get_cookie_name(self, app: Flask) -> str:
        """The name that fits the address."""
        return cookie_name("forms")

    def get_cookie_secure(self, app: Flask) -> bool:
        """Secure wherever the browser would keep it."""
        return trustworthy()


def front_secret(settings: Settings) -> str:
    """The secret by which identity knows the front; a missing file stops the start."""
    return settings.front_secret_file.read_text(encoding="utf-8").strip()


def form_secret(settings: Settings) -> bytes:
    """A key for signed form cookies, derived from the front's secret: the same in all its processes."""
    return hmac.new(front_secret(settings).encode(), b"web forms", hashlib.sha256).digest()


def add_headers(response: Response) -> Response:
    """Put the policy on every answer; pages are never kept by caches."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def demo_banner() -> bool:
    """True on plain http elsewhere than this machine: allowed in the demo, and said on the page."""
    return bool(current_app.config["DEMO"]) and not trustworthy()


def init_app(app: Flask, settings: Settings) -> None:
    """CSRF on every form, headers on every answer."""
    app.secret_key = form_secret(settings)
    app.session_interface = FormSession()
    app.config.update(
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        DEMO=settings.demo,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=13 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,  # a packed file between looking and importing
    )
    csrf.init_app(app)
    app.after_request(add_headers)
    app.jinja_env.globals["demo_banner"] = demo_banner
