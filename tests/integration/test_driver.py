"""The hands that drive a suite from outside: what they do when it is not as they left it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.driver import Api
from services.identity.use_cases.first_people import ensure_demo_people
from shared import clock
from shared.http_client import Problem
from tests.support.services import Service

HOUR = timedelta(hours=1)


class Jumping:
    """An application before whose answers the suite's time jumps on, past every token's end."""

    def __init__(self, service: Service, jumps: int) -> None:
        self.service = service
        self.jumps = jumps

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if self.jumps and environ["PATH_INFO"].endswith("/people/me"):
            self.jumps -= 1
            clock.current().set(clock.now() + HOUR)
        return self.service.app.wsgi_app(environ, start)


@pytest.fixture
def identity(new_service: Callable[..., Service], tmp_path: Path) -> Iterator[Service]:
    """Identity with the demo's people, on a clock that may jump."""
    made = new_service("identity")
    simulated = clock.configure(clock.SIMULATED, tmp_path / "clock.json")
    simulated.set(clock.parse("2026-11-20T08:00:00Z"))
    with made.database.transaction() as session:
        ensure_demo_people(session, demo=True)
    yield made
    clock.configure(clock.REAL)


def test_a_token_that_ends_again_before_it_is_used_is_renewed_again(identity: Service) -> None:
    jumping = Jumping(identity, jumps=0)
    staff = Api(jumping).sign_in("coordinator", "demo")

    jumping.jumps = 3

    assert staff.get("identity", "/people/me")["login"] == "coordinator"
    assert jumping.jumps == 0


def test_who_is_refused_however_often_they_sign_in_is_told_so(identity: Service) -> None:
    jumping = Jumping(identity, jumps=0)
    staff = Api(jumping).sign_in("coordinator", "demo")

    jumping.jumps = 100

    with pytest.raises(Problem, match="sign_in_needed"):
        staff.get("identity", "/people/me")
