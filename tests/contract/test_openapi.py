"""Every service describes its API beside it, in valid OpenAPI 3.1."""

from collections.abc import Callable

import pytest
from openapi_spec_validator import validate

from tests.architecture.source import SERVICES
from tests.support.services import Service


@pytest.mark.parametrize("name", SERVICES)
def test_the_description_is_valid_openapi(name: str, new_service: Callable[..., Service]) -> None:
    service = new_service(name)

    described = service.client().get("/openapi.json").get_json()

    validate(described)
    assert described["openapi"].startswith("3.1")
    for path in described["paths"]:
        assert path.startswith(f"/api/{name}/v1/")
