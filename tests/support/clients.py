"""A client of one service's API, inside this process: paths are relative to /api/<service>/v1."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.people import TestPerson


class ApiClient:
    """Asks as one person (None: as nobody) and returns Werkzeug's test responses."""

    def __init__(
        self, app: Flask, service: str, person: TestPerson | None = None, locale: str = "zh"
    ) -> None:
        self._client = app.test_client()
        self._base = f"/api/{service}/v1"
        self.person = person
        self.locale = locale

    def call(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        if_match: int | str | None = None,
        headers: dict[str, str] | None = None,
        **given: Any,
    ) -> TestResponse:
        """Send a request; `key` is its Idempotency-Key, `if_match` a version or a whole ETag."""
        sent = {"Accept-Language": self.locale, **(headers or {})}
        if self.person:
            sent["Authorization"] = f"Bearer {self.person.token}"
        if key:
            sent["Idempotency-Key"] = key
        if if_match is not None:
            sent["If-Match"] = f'"{if_match}"' if isinstance(if_match, int) else if_match
        return self._client.open(self._base + path, method=method, headers=sent, **given)

    def get(self, path: str, **params: Any) -> TestResponse:
        """GET; keyword arguments become the query."""
        query = {name.rstrip("_"): value for name, value in params.items()}
        return self.call("GET", path, query_string=query)

    def post(self, path: str, json: Any = None, **given: Any) -> TestResponse:
        """POST a JSON body (an empty object when none is given)."""
        return self.call("POST", path, json={} if json is None else json, **given)

    def put(self, path: str, json: Any, **given: Any) -> TestResponse:
        """PUT a JSON body."""
        return self.call("PUT", path, json=json, **given)

    def patch(self, path: str, json: Any, **given: Any) -> TestResponse:
        """PATCH with a JSON body."""
        return self.call("PATCH", path, json=json, **given)

    def delete(self, path: str, **given: Any) -> TestResponse:
        """DELETE."""
        return self.call("DELETE", path, **given)
