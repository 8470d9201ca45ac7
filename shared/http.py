"""How a service speaks HTTP: one app factory, problem details, versions, health, idempotent posts."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any

import flask_smorest
import orjson
import structlog
from flask import Flask, Response, current_app, g, request
from flask.json.provider import JSONProvider
from marshmallow import Schema as MarshmallowSchema
from marshmallow import fields
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from shared import auth, idempotency, telemetry
from shared.database import Database
from shared.errors import Away, Conflict, Refusal, Stale, VersionNeeded
from shared.migrations import at_head
from shared.schemas import Schema, say
from shared.settings import BaseSettings

PROBLEM = "application/problem+json"
RETRY_AFTER = "2"
BUILT_IN: auth.Access = {
    "api-docs.openapi_json": auth.ANYONE,
    "healthz": auth.ANYONE,
    "readyz": auth.ANYONE,
    "metrics": auth.ANYONE,
    "static": frozenset(),
}
log = structlog.get_logger(__name__)


class Blueprint(flask_smorest.Blueprint):
    """A service's routes of one aggregate; paths are relative to ``/api/<service>/v1``."""

    # the library documents this header in a way that its own answers break
    PAGINATION_HEADER_NAME = None


class ProblemItem(Schema):
    """One wrong field."""

    pointer = fields.String(required=True, metadata={"description": "JSON pointer to the field"})
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """Problem details (RFC 9457) with a stable machine ``code``."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemItem))


class Api(flask_smorest.Api):
    """flask-smorest with problem details for every error."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        plain = self.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = plain

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer a framework error (unknown path, bad JSON, failed validation) as a problem."""
        status = error.code or 500
        data = getattr(error, "data", None) or {}
        messages = data.get("messages") if isinstance(data, dict) else None
        headers = dict(data.get("headers") or {}) if isinstance(data, dict) else {}
        if messages:
            texts = VALIDATION if status == HTTPStatus.UNPROCESSABLE_ENTITY else BAD_REQUEST
            items = [{"pointer": p, "detail": say(t, locale())} for p, t in _flatten(messages)]
            return problem(status, "invalid", texts[locale() == "en"], items, headers)
        zh, en = FRAMEWORK.get(status, FRAMEWORK[500])
        code = HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
        if status == HTTPStatus.METHOD_NOT_ALLOWED and getattr(error, "valid_methods", None):
            headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
        return problem(status, code, en if locale() == "en" else zh, [], headers)


VALIDATION = ("有几处需要改一下。", "Some fields need another look.")
BAD_REQUEST = ("请求看不懂。", "The request cannot be read.")
FRAMEWORK = {
    400: BAD_REQUEST,
    404: ("没有找到，可能已经被移走了。", "Not found. It may have been moved away."),
    405: ("这个地址不支持这种操作。", "This address does not support that method."),
    413: ("内容太大了。", "This is too large."),
    415: ("请用 JSON 发送内容。", "Please send JSON."),
    500: (
        "我们这边出了问题，已经记下来了。请稍后再试。",
        "Something went wrong on our side; it has been noted. Please try again shortly.",
    ),
}


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
    _answer_refusals(app)
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


def locale() -> str:
    """Return the language of the answer, ``zh`` or ``en``, from Accept-Language."""
    return (
        "en" if request.accept_languages.best_match(["zh", "zh-CN", "en"], "zh") == "en" else "zh"
    )


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


def problem(
    status: int,
    code: str,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return problem details (RFC 9457)."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = errors
    return Response(orjson.dumps(body), status, headers=headers, content_type=PROBLEM)


def refuse(refusal: Refusal) -> Response:
    """Answer a broken rule."""
    texts = refusal.field_texts(locale())
    items = [{"pointer": "#/" + path.replace(".", "/"), "detail": t} for path, t in texts.items()]
    headers = {}
    if "retry_after" in refusal.values:
        headers["Retry-After"] = str(refusal.values["retry_after"])
    elif refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(refusal.status, refusal.code, refusal.text(locale()), items, headers)


def _answer_refusals(app: Flask) -> None:
    app.register_error_handler(Refusal, refuse)
    app.register_error_handler(StaleDataError, lambda _: refuse(Conflict()))

    def away(error: Exception) -> Response:
        log.warning("database.away", error=type(error).__name__)
        return refuse(Away())

    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, away)

    def broken(error: Exception) -> Response:
        log.error("request.failed", endpoint=request.endpoint, exc_info=error)
        return problem(500, "internal", FRAMEWORK[500][locale() == "en"])

    app.register_error_handler(Exception, broken)


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


def _flatten(messages: Any, path: str = "#") -> list[tuple[str, str]]:
    if isinstance(messages, dict):
        found: list[tuple[str, str]] = []
        for name, inner in messages.items():
            deeper = path if path == "#" and name in LOCATIONS else f"{path}/{name}"
            deeper = path if name == "_schema" else deeper
            found += _flatten(inner, deeper)
        return found
    if isinstance(messages, list):
        return [pair for inner in messages for pair in _flatten(inner, path)]
    return [(path, str(messages))]


LOCATIONS = {"json", "query", "form", "files", "json_or_form", "headers", "path", "_schema"}


def _security() -> dict[str, Any]:
    scheme = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    return {"components": {"securitySchemes": {"bearer": scheme}}, "security": [{"bearer": []}]}
