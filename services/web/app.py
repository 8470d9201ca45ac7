"""The front is wired here: settings, clients, sign-in, pages, gateway."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Flask, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from services.web import (
    categories,
    custody_words,
    dates,
    failures,
    gateway,
    i18n,
    security,
    show,
    signin,
)
from services.web.clients import connect
from services.web.clients.base import Transport
from services.web.settings import Settings
from services.web.views import BLUEPRINTS

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings, transports: Mapping[str, Transport] | None = None) -> Flask:
    """The front over `transports` (address or WSGI application by service name), by default the settings' addresses."""
    app = Flask(
        "services.web", static_folder=str(STATIC), template_folder=str(STATIC.parent / "templates")
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config["SETTINGS"] = settings
    found = {**settings.service_urls, "live": settings.live_url, **(transports or {})}
    app.extensions["backends"] = gateway.backends(found)
    app.extensions["clients"] = connect(found, signin.caller)
    i18n.init_app(app)
    security.init_app(app, settings)
    signin.init_app(app, security.front_secret(settings))
    for part in (dates, show, categories, custody_words, failures):
        part.init_app(app)
    app.jinja_env.globals["asset"] = asset
    for blueprint in (gateway.blueprint, *BLUEPRINTS):
        app.register_blueprint(blueprint)
    _behind_proxies(app, settings.trusted_proxies)
    return app


def _behind_proxies(app: Flask, count: int) -> None:
    """Believe forwarded addresses only from as many proxies as are configured."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, with its fingerprint: it may be kept for a year."""
    return url_for("static", filename=name, v=_fingerprint(name))
