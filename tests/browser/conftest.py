"""Both deployments, each started once, and visitors with a browser window of their own."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from deploy.driver import Api
from tests.browser import suites
from tests.browser.centre import Centre
from tests.browser.visitor import Visitor
from tests.support.rabbitmq import Broker
from tests.support.run import Run

pytestmark = pytest.mark.browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here; with xdist, a deployment stays with one worker."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(name, marks=pytest.mark.xdist_group(f"browser-{name}"))
        for name in ("embedded", "distributed")
    ],
)
def suite(
    request: pytest.FixtureRequest, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[suites.Place]:
    """A running suite with the demo's people; first embedded, then distributed."""
    folder = tmp_path_factory.mktemp(str(request.param)) / "data"
    if request.param == "embedded":
        folder.mkdir()
        with suites.embedded(folder) as place:
            yield place
        return
    postgres: str = request.getfixturevalue("postgres_server")
    broker: Broker = request.getfixturevalue("rabbitmq_server")
    with (
        broker.virtual_host() as bus,
        suites.distributed(folder, f"x_{run.name}_browser", postgres, bus) as place,
    ):
        yield place


@pytest.fixture(scope="session")
def centre(suite: suites.Place) -> Iterator[Centre]:
    """The demo's centre (skills, venues, offerings) and its people, through the API."""
    api = Api(suite.url)
    made = Centre(api)
    made.found()
    yield made
    for client in api.clients.values():
        client.close()


@pytest.fixture
def visitor(browser: Browser, suite: suites.Place, centre: Centre) -> Iterator[Callable[..., Any]]:
    """`visitor("student", size=DESK, lang="en")` → somebody signed in; None: a stranger."""
    opened: list[Visitor] = []

    def arrive(login: str | None = None, *, base: str = suite.url, **how: Any) -> Visitor:
        made = Visitor(browser, base, **how)
        opened.append(made)
        return made.sign_in(login) if login else made

    yield arrive
    for one in opened:
        one.close()


@pytest.fixture
def patience() -> Callable[..., Any]:
    """`patience(look, "what")` → what `look` finds within some seconds; fails when it never does."""

    def wait(look: Callable[[], Any], what: str, seconds: float = 20) -> Any:
        ends = time.monotonic() + seconds
        while not (found := look()):
            assert time.monotonic() < ends, f"not within {seconds} s: {what}"
            time.sleep(0.1)
        return found

    return wait
