"""Fixtures of catalog's tests."""

from collections.abc import Callable

import pytest

from tests.integration.catalog.planning import Planning
from tests.support.services import Service


@pytest.fixture
def planning(any_service: Callable[[str], Service]) -> Planning:
    """A coordinator with an offering and a venue; runs on both databases."""
    return Planning(any_service("catalog"))
