"""The services' APIs and live streams behind the front's own port."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from flask import Blueprint, Response, abort, current_app, request

from services.web.clients.base import Transport
from services.web.security import csrf
from services.web.signin import browser_address
from shared import client_address
from shared.http_client import Unavailable

blueprint = Blueprint("gateway", __name__)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PASSED_ON = (
    "Authorization",
    "Content-Type",
    "Content-Length",
    "Accept",
    "Accept-Language",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "traceparent",
)
PASSED_BACK = {
    "content-encoding",
    "content-type",
    "content-length",
    "content-disposition",
    "etag",
    "location",
    "retry-after",
    "cache-control",
    "www-authenticate",
    "content-language",
    "link",
    "vary",
    "x-request-id",
    "idempotency-replayed",
}
SAFE = ("GET", "HEAD")
STREAM_SECONDS = 40.0  # longer than the heartbeat of a live stream


class Remote:
    """A service behind an address."""

    def __init__(self, service: str, base_url: str) -> None:
        self.service = service
        self.http = httpx.Client(
            base_url=base_url,
            trust_env=False,
            timeout=httpx.Timeout(STREAM_SECONDS, connect=3.0),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=16),
        )

    def forward(self, path: str) -> Response:
        """Pass the request on and stream the answer back."""
        outgoing = self.http.build_request(
            request.method,
            path,
            params=list(request.args.items(multi=True)),
            headers=_headers(self.service),
            content=_body(),
        )
        answer = self._send(outgoing)
        headers = [
            (name, value)
            for name, value in answer.headers.multi_items()
            if name.lower() in PASSED_BACK
        ]
        passed = Response(_chunks(answer), answer.status_code, headers)
        passed.call_on_close(answer.close)
        return passed

    def _send(self, outgoing: httpx.Request) -> httpx.Response:
        """Send; a safe request is tried once more, since a kept connection may have ended."""
        try:
            return self.http.send(outgoing, stream=True)
        except httpx.TransportError as error:
            if outgoing.method not in SAFE:
                raise Unavailable(self.service) from error
        try:
            return self.http.send(outgoing, stream=True)
        except httpx.TransportError as error:
            raise Unavailable(self.service) from error


def _headers(service: str) -> dict[str, str]:
    given = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    return {"Accept-Encoding": "identity", **given, **_vouching(service)}


def _vouching(service: str) -> dict[str, str]:
    """Tell identity where the client is: it counts attempts to sign in per address, too."""
    if service != "identity":
        return {}
    return client_address.proven(browser_address(), current_app.extensions["front_secret"])


def _body() -> Iterator[bytes] | None:
    if not request.content_length and "chunked" not in request.headers.get("Transfer-Encoding", ""):
        return None
    return iter(lambda: request.stream.read(64 * 1024), b"")


def _chunks(answer: httpx.Response) -> Iterator[bytes]:
    try:
        yield from answer.iter_raw()
    except httpx.HTTPError:
        return  # the service went away in the middle: the reader sees the end and asks again


class InProcess:
    """A service that is a WSGI application in this process."""

    def __init__(self, service: str, application: Any) -> None:
        self.service = service
        self.application = application

    def forward(self, path: str) -> Response:
        """Hand the request over as it is, without its cookies."""
        environ = {
            name: value
            for name, value in request.environ.items()
            if name != "HTTP_COOKIE" and not name.startswith(("werkzeug.", "flask."))
        }
        for name, value in _vouching(self.service).items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return Response.from_app(self.application, environ)  # type: ignore[return-value]  # Flask's own class


def _backend(service: str) -> Remote | InProcess:
    found = current_app.extensions["backends"].get(service)
    if found is None:
        abort(404)
    return found  # type: ignore[no-any-return]  # Flask's extensions are untyped


@blueprint.route("/api/<service>/<path:rest>", methods=METHODS)
@csrf.exempt
def api(service: str, rest: str) -> Response:
    """One service's API."""
    return _backend(service).forward(request.path)


@blueprint.route("/live/<path:rest>", methods=["GET", "HEAD"])
@csrf.exempt
def live(rest: str) -> Response:
    """The live streams of booking's live process (the proxy's job where there is one)."""
    answer = _backend("live").forward(request.path)
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def backends(transports: Mapping[str, Transport]) -> dict[str, Remote | InProcess]:
    """Where each service is."""
    return {
        name: Remote(name, found) if isinstance(found, str) else InProcess(name, found)
        for name, found in transports.items()
        if found
    }
