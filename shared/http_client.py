"""How web calls a service: HTTP, or the service's own application inside this process."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared import telemetry

TIMEOUT = httpx.Timeout(8.0, connect=2.0)
FILE_TIMEOUT = httpx.Timeout(180.0, connect=2.0)  # a large file is made before its first byte
SAFE = {"GET", "HEAD"}
WsgiApp = Callable[..., Iterable[bytes]]


@dataclass
class Problem(Exception):
    """A service said no: its status, its machine code, its sentence, its sentences by field."""

    status: int
    code: str
    detail: str
    errors: dict[str, list[str]] = field(default_factory=dict)
    retry_after: int | None = None

    def __str__(self) -> str:
        """Return the sentence."""
        return f"{self.status} {self.code}: {self.detail}"


@dataclass
class Unavailable(Exception):
    """A service did not answer."""

    service: str

    def __str__(self) -> str:
        """Name the service."""
        return f"{self.service} does not answer"


class ServiceClient:
    """One service. ``target`` is its base URL, or its WSGI application in this process."""

    def __init__(self, service: str, target: str | WsgiApp) -> None:
        self.service = service
        if isinstance(target, str):
            self._http = httpx.Client(base_url=target, timeout=TIMEOUT, trust_env=False)
        else:
            transport = httpx.WSGITransport(app=target, raise_app_exceptions=False)
            self._http = httpx.Client(base_url=f"http://{service}", transport=transport)

    def get(self, path: str, **options: Any) -> Any:
        """Read; the answer's JSON."""
        return self.call("GET", path, **options)

    def post(self, path: str, **options: Any) -> Any:
        """Create or act; the answer's JSON."""
        return self.call("POST", path, **options)

    def put(self, path: str, **options: Any) -> Any:
        """Replace; the answer's JSON."""
        return self.call("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Any:
        """Change a part; the answer's JSON."""
        return self.call("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Any:
        """Remove; the answer's JSON."""
        return self.call("DELETE", path, **options)

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Call ``/api/<service>/v1<path>`` and return its JSON (None for an empty answer)."""
        response = self.raw(method, path, **options)
        return response.json() if response.content else None

    def raw(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        token: str | None = None,
        key: str | None = None,
        locale: str | None = None,
        version: int | None = None,
        headers: dict[str, str] | None = None,
        stream: bool = False,
        **body: Any,
    ) -> httpx.Response:
        """Call the service and return its answer as it is; an error raises ``Problem``.

        ``key`` is the idempotency key, ``version`` what If-Match is made of, ``body`` what httpx
        takes as ``json``, ``data`` or ``files``. A safe or keyed call is tried once more when the
        connection broke. ``stream`` is for files: the answer is read piece by piece, and closed by
        who asked.
        """
        request = self._http.build_request(
            method,
            f"/api/{self.service}/v1{path}",
            params={name: value for name, value in (params or {}).items() if value is not None},
            headers={**_headers(token, key, locale, version), **(headers or {})},
            timeout=FILE_TIMEOUT if stream else httpx.USE_CLIENT_DEFAULT,
            **body,
        )
        response = self._send(request, again=method in SAFE or key is not None, stream=stream)
        if response.status_code >= httpx.codes.BAD_REQUEST:
            response.read()
            raise _problem(self.service, response)
        return response

    def _send(self, request: httpx.Request, *, again: bool, stream: bool) -> httpx.Response:
        try:
            return self._http.send(request, stream=stream)
        except httpx.TransportError as problem:
            if not again:
                raise Unavailable(self.service) from problem
        try:
            return self._http.send(request, stream=stream)
        except httpx.TransportError as problem:
            raise Unavailable(self.service) from problem

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _headers(
    token: str | None, key: str | None, locale: str | None, version: int | None
) -> dict[str, str]:
    headers = {"traceparent": telemetry.traceparent()}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    if locale:
        headers["Accept-Language"] = locale
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    return headers


def _problem(service: str, response: httpx.Response) -> Exception:
    if "json" not in response.headers.get("content-type", ""):
        return Unavailable(service)
    body = response.json()
    if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        return Unavailable(service)
    errors: dict[str, list[str]] = {}
    for item in body.get("errors", []):
        errors.setdefault(item["pointer"].removeprefix("#/").replace("/", "."), []).append(
            item["detail"]
        )
    wait = response.headers.get("retry-after", "")
    return Problem(
        response.status_code,
        body.get("code", "unknown"),
        body.get("detail", ""),
        errors,
        int(wait) if wait.isdigit() else None,
    )
