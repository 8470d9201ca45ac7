"""Fixtures for all tests: servers that are started once per run, fresh databases, people, services.

In short, for somebody who writes a test:

    def test_…(any_service):            # runs on SQLite and on PostgreSQL
        booking = any_service("booking")
        answer = booking.as_("student").post("/appointments", {…}, key="k1")
        booking.deliver("session.published.v1", session_id, 1, {…})
        assert [event.type for event in booking.announced()] == […]

    def test_…(any_database):           # a migrated shared.database.Database, on both
        database = any_database("booking")
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from shared.database import Database
from tests.support import browser as browsers
from tests.support import postgres, rabbitmq
from tests.support.databases import DIALECTS, Databases, drop_all_of
from tests.support.people import People
from tests.support.quiet import Floor
from tests.support.run import Run
from tests.support.services import Service, wire

RUN = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the run, or join the one this worker belongs to."""
    told = getattr(config, "workerinput", None)
    config.stash[RUN] = (
        Run(Path(told["folder"]), told["name"], told["owner"]) if told else Run.new()
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker which run it belongs to."""
    run = node.config.stash[RUN]
    node.workerinput.update(folder=str(run.folder), name=run.name, owner=run.owner)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers of the run and remove what it left behind."""
    run = config.stash.get(RUN, None)
    if run is None or hasattr(config, "workerinput"):
        return
    if os.environ.get(postgres.GIVEN) and list(run.folder.glob("*.migrated")):
        drop_all_of(run, postgres.server(run))
    run.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests that kill processes begin, those that measure their return before the others.

    Later the suites and browsers that other tests share run beside them, even while those tests wait.
    """
    killing = [item for item in items if item.get_closest_marker("faults")]
    measuring = {item.path for item in killing if item.get_closest_marker("alone")}
    items.sort(key=lambda item: (item.path not in measuring, item not in killing))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Let a test that measures seconds work alone, whatever other workers have to do."""
    floor = Floor(item.config.stash[RUN].folder)
    with floor.held(alone=item.get_closest_marker("alone") is not None):
        return (yield)


def pytest_report_header() -> list[str]:
    """Say what the run will use and from where."""
    return [postgres.says(), rabbitmq.says(), browsers.says()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Count a skipped test as a failure in CI: nothing is left out silently."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure in CI: {report.longrepr}"
    return report


@pytest.fixture
def measured(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[[str, float], None]:
    """`measured("the wall shows the call", seconds)`: said at the end of the run."""
    where = request.node.callspec.id if hasattr(request.node, "callspec") else "stack"

    def keep(what: str, seconds: float) -> None:
        record_property("measured", f"{where}: {what}: {seconds:.2f} s")

    return keep


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was measured."""
    lines = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "measured" and getattr(report, "when", "") == "call"
    ]
    if lines:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The test run: a folder and a name that all its workers share."""
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def postgres_server(run: Run) -> str:
    """The SQLAlchemy address of an administrator of a real PostgreSQL."""
    return postgres.server(run)


@pytest.fixture(scope="session")
def rabbitmq_server(run: Run) -> rabbitmq.Broker:
    """A real RabbitMQ."""
    return rabbitmq.server(run)


@pytest.fixture
def rabbitmq_url(rabbitmq_server: rabbitmq.Broker) -> Iterator[str]:
    """The AMQP address of a virtual host that belongs to this test alone."""
    with rabbitmq_server.virtual_host() as url:
        yield url


@pytest.fixture
def databases(run: Run, tmp_path: Path) -> Iterator[Databases]:
    """Makes databases for this test and drops them afterwards."""
    made = Databases(run, tmp_path, lambda: postgres.server(run))
    yield made
    made.drop()


@pytest.fixture
def database_url(databases: Databases) -> Callable[..., str]:
    """`database_url("booking", "sqlite")` → a fresh, migrated database; a None service: empty."""
    return databases.url


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`: the test runs on both."""
    return str(request.param)


@pytest.fixture
def any_database(dialect: str, databases: Databases) -> Callable[[str], Database]:
    """`any_database("booking")` → a fresh, migrated database; the test runs on both kinds."""
    return lambda service: databases.open(service, dialect)


@pytest.fixture(scope="session")
def people(run: Run) -> People:
    """Makes people with tokens that every service of the run accepts."""
    with run.alone("keys"):
        return People(run.folder / "keys")


@pytest.fixture
def new_service(databases: Databases, tmp_path: Path, people: People) -> Callable[..., Service]:
    """`new_service("booking", "sqlite")` → the service, wired, on a fresh database."""

    def make(name: str, dialect: str = "sqlite") -> Service:
        url = databases.url(name, dialect)
        return wire(name, databases.open(name, url=url), url, tmp_path, people)

    return make


@pytest.fixture
def any_service(dialect: str, new_service: Callable[..., Service]) -> Callable[[str], Service]:
    """`any_service("booking")` → the service on a fresh database; the test runs on both kinds."""
    return lambda name: new_service(name, dialect)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with browsers.running() as running:
        yield running


@pytest.fixture
def mail_folder(tmp_path: Path) -> Iterator[Path]:
    """The folder into which services drop mail in this test."""
    folder = tmp_path / "mail"
    folder.mkdir(exist_ok=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
