"""Fixtures of identity's tests."""

from collections.abc import Callable

import pytest

from tests.support.services import Service


@pytest.fixture
def identity(any_service: Callable[[str], Service]) -> Service:
    """Identity on a fresh database; runs on both kinds."""
    return any_service("identity")
