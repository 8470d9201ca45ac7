"""The roster under test, on both databases, with a clock that the test sets."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared import clock
from tests.integration.roster.given import Roster
from tests.support.services import Service


@pytest.fixture
def suite_clock(tmp_path: Path) -> Iterator[clock.Clock]:
    """The suite's clock, simulated."""
    yield clock.configure(clock.SIMULATED, tmp_path / "clock.json")
    clock.configure(clock.REAL)


@pytest.fixture
def roster(any_service: Callable[[str], Service], suite_clock: clock.Clock) -> Roster:
    """The roster on a fresh database, three days before the session."""
    return Roster(any_service("roster"), suite_clock)
