"""Problem details (RFC 9457): every error of every API in one shape, with a stable code."""

from http import HTTPStatus
from threading import Lock
from typing import Any

import flask_smorest
import orjson
import structlog
from flask import Flask, Response, request
from marshmallow import fields
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from shared.errors import Away, Conflict, Invalid, Refusal
from shared.schemas import Schema, say

PROBLEM = "application/problem+json"
RETRY_AFTER = "2"
LOCATIONS = {"json", "query", "form", "files", "json_or_form", "headers", "path", "_schema"}
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
log = structlog.get_logger(__name__)


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


class Api(flask_smorest.Api):  # type: ignore[misc]  # the library is untyped
    """flask-smorest with problem details for every error, and a description that is written when asked for.

    Writing it is two thirds of what an application's start costs, and few processes are ever asked.
    """

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[flask_smorest.Blueprint] = []
        self._describing = Lock()
        super().__init__(app)

    def register_blueprint(self, blueprint: flask_smorest.Blueprint, **options: Any) -> None:
        """Serve the routes of a blueprint, and describe them later."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint, **options)
        self._undescribed.append(blueprint)

    def _openapi_json(self) -> Response:
        with self._describing:
            while self._undescribed:
                one = self._undescribed.pop(0)
                one.register_views_in_doc(
                    self, self._app, self.spec, name=one.name, parameters=None
                )
                self.spec.tag({"name": one.name, "description": one.description})
            described: Response = super()._openapi_json()
        return described

    def _register_responses(self) -> None:
        plain: str = self.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = plain

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer a framework error (unknown path, bad JSON, failed validation) as a problem."""
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        data = getattr(error, "data", None)
        data = data if isinstance(data, dict) else {}
        headers = dict(data.get("headers") or {})
        if messages := data.get("messages"):
            texts = VALIDATION if status == HTTPStatus.UNPROCESSABLE_ENTITY else BAD_REQUEST
            items = [{"pointer": p, "detail": say(t, locale())} for p, t in _flatten(messages)]
            return problem(status, "invalid", _in_locale(texts), items, headers)
        texts = FRAMEWORK.get(status, FRAMEWORK[500])
        code = HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
        if allowed := getattr(error, "valid_methods", None):
            headers["Allow"] = ", ".join(allowed)
        return problem(status, code, _in_locale(texts), [], headers)


def locale() -> str:
    """Return the language of the answer, ``zh`` or ``en``, from Accept-Language."""
    best = request.accept_languages.best_match(["zh", "zh-CN", "en"], "zh")
    return "en" if best == "en" else "zh"


def problem(
    status: int,
    code: str,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return problem details."""
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


def answer_errors(app: Flask) -> None:
    """Answer refusals, a database that is away, and whatever else goes wrong, as problems."""
    app.register_error_handler(Refusal, refuse)
    app.register_error_handler(StaleDataError, lambda _: refuse(Conflict()))
    # what no column can hold (a zero byte in an id, a number too large) is the client's mistake
    app.register_error_handler(DataError, lambda _: refuse(Invalid()))

    def away(error: Exception) -> Response:
        log.warning("database.away", error=type(error).__name__)
        return refuse(Away())

    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, away)

    def broken(error: Exception) -> Response:
        log.error("request.failed", endpoint=request.endpoint, exc_info=error)
        return problem(500, "internal", _in_locale(FRAMEWORK[500]))

    app.register_error_handler(Exception, broken)


def _in_locale(texts: tuple[str, str]) -> str:
    return texts[locale() == "en"]


def _flatten(messages: Any, path: str = "#") -> list[tuple[str, str]]:
    if isinstance(messages, dict):
        found: list[tuple[str, str]] = []
        for name, inner in messages.items():
            deeper = path if path == "#" and name in LOCATIONS else f"{path}/{name}"
            found += _flatten(inner, path if name == "_schema" else deeper)
        return found
    if isinstance(messages, list):
        return [pair for inner in messages for pair in _flatten(inner, path)]
    return [(path, str(messages))]
