"""How a service speaks HTTP: one app factory, versions, health, idempotent posts."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

import flask_smorest
import orjson
from flask import Flask, Response, current_app, g, request
from flask.json.provider import JSONProvider
from marshmallow import Schema as MarshmallowSchema
from sqlalchemy.orm import Session

from shared import auth, idempotency, telemetry
from shared.database import Database
from shared.errors import Stale, VersionNeeded
from shared.migrations import at_head
from shared.problems import PROBLEM, Api, answer_errors, locale, problem
from shared.settings import BaseSettings

__all__ = [
    "PROBLEM",
    "Blueprint",
    "build_app",
    "check_version",
    "database",
    "etag",
    "expected_version",
    "locale",
    "once",
    "problem",
    "reading",
    "reply",
    "settings_of_app",
    "transaction",
]

BUILT_IN: auth.Access = {
    "api-docs.openapi_json": auth.ANYONE,
    "healthz": auth.ANYONE,
    "readyz": auth.ANYONE,
    "metrics": auth.ANYONE,
    "static": frozenset(),
}


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # the library is untyped
    """A service's routes of one aggregate; paths are relative to ``/api/<service>/v1``."""

    # the library documents this header in a way that its own answers break
    PAGINATION_HEADER_NAME = None


class OrjsonProvider(JSONProvider):
    """JSON through orjson: bytes out, instants refused unless a schema wrote them."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """Write JSON text."""
        return orjson.dumps(obj, option=orjson.OPT_NON_STR_KEYS).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Read JSON."""
        return orjson.loads(s)


def build_app(
    settings: BaseSettings,
    database: Database,
    blueprints: Iterable[flask_smorest.Blueprint],
    access: auth.Access,
) -> Flask:
    """Return the web application of one service: API, description, health and metrics."""
    app = Flask(f"services.{settings.service}", static_folder=None)
    app.json = OrjsonProvider(app)
    base = f"/api/{settings.service}"
    app.config.update(
        API_TITLE=f"修好 {settings.service}",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=f"{base}/v1",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=13 * 1024 * 1024,
        JSON_SORT_KEYS=False,
        API_SPEC_OPTIONS=_security(),
    )
    app.extensions["database"] = database
    app.extensions["settings"] = settings
    keys = auth.TokenKeys.load(settings.token_keys)
    auth.install(app, keys, {**BUILT_IN, **access})
    api = Api(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint, url_prefix=f"{base}/v1{blueprint.url_prefix or ''}")
    answer_errors(app)
    _observe(app, settings.service)
    _health(app, settings.service, base)
    return app


def settings_of_app() -> Any:
    """Return the settings of the current app."""
    return current_app.extensions["settings"]


def database() -> Database:
    """Return the database of the current app."""
    known: Database = current_app.extensions["database"]
    return known


def transaction() -> AbstractContextManager[Session]:
    """Open the transaction of the current request."""
    return database().transaction()


def reading() -> AbstractContextManager[Session]:
    """Open the database of the current app for reading."""
    return database().reading()


def once(
    work: Callable[[Session], Any],
    schema: MarshmallowSchema | None = None,
    status: int = 201,
    headers: Callable[[Any], dict[str, str]] | None = None,
) -> Response:
    """Do ``work`` in one transaction, at most once per Idempotency-Key, and answer its result.

    ``schema`` dumps the result; without one it must be JSON already. ``headers`` makes headers from
    the result (for a first answer only).
    """
    key = idempotency.requested_key()
    with transaction() as session:
        before = idempotency.claim(session, key) if key else None
        if before is not None:
            return reply(before.body, before.status, {"Idempotency-Replayed": "true"})
        result = work(session)
        body = schema.dump(result) if schema is not None else result
        extra = headers(result) if headers else {}
        if key:
            idempotency.settle(session, key, idempotency.Answer(status, body))
    return reply(body, status, extra)


def reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return ``body`` as JSON; None is an empty body."""
    content = b"" if body is None else orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)
    kind = "application/json" if body is not None else None
    return Response(content, status, headers=headers, content_type=kind)


def etag(version: int) -> dict[str, str]:
    """Return the ETag header of an aggregate's version."""
    return {"ETag": f'"{version}"'}


def expected_version() -> int:
    """Return the version that the client edits (If-Match); 428 when it does not say."""
    tags = list(request.if_match.as_set()) if request.if_match else []
    if len(tags) != 1 or not tags[0].isdigit():
        raise VersionNeeded
    return int(tags[0])


def check_version(row: Any, expected: int) -> None:
    """Refuse an edit that was made against another version than ``row`` has."""
    if row.version != expected:
        raise Stale


def _observe(app: Flask, service: str) -> None:
    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()
        telemetry.set_traceparent(request.headers.get("traceparent"))

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("begun", time.perf_counter())
        endpoint = request.endpoint or "unknown"
        status = f"{response.status_code // 100}xx"
        telemetry.REQUESTS.labels(service, endpoint, status).observe(seconds)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


def _health(app: Flask, service: str, base: str) -> None:
    def healthz() -> Response:
        return reply({"status": "ok", "service": service})

    def readyz() -> Response:
        database().ready()
        if not at_head(f"services.{service}", database()):
            return problem(503, "not_migrated", "The database is not up to date yet.")
        return reply({"status": "ready", "service": service})

    def metrics() -> Response:
        return Response(telemetry.exposition(), content_type="text/plain; version=0.0.4")

    for view in (healthz, readyz, metrics):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view)
    for view in (healthz, readyz):
        app.add_url_rule(f"{base}/{view.__name__}", view.__name__, view)


def _security() -> dict[str, Any]:
    scheme = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    return {"components": {"securitySchemes": {"bearer": scheme}}, "security": [{"bearer": []}]}
