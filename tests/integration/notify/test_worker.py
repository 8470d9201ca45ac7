"""The worker sends by itself, and the tables are what the models say."""

import time
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from services.notify.app import create_worker
from services.notify.models import Base
from shared.bus import connect_bus
from shared.database import Database
from shared.migrations import config
from shared.tables import plumbing
from tests.integration.notify.build import Notify, mails


def test_the_worker_sends_what_is_due_by_itself(notify: Notify, mail_folder: Path) -> None:
    notify.appointment("booked", notify.session(), notify.person("a@example.org"))
    service = notify.service
    worker = create_worker(service.settings, connect_bus("inprocess://"), service.database)

    worker.start()
    try:
        wait_for(lambda: len(mails(mail_folder)) == 1)
    finally:
        worker.stop()

    assert mails(mail_folder)[0]["To"] == "a@example.org"


def test_the_tables_are_what_the_models_say(any_database: Callable[[str], Database]) -> None:
    database = any_database("notify")
    ours = set(Base.metadata.tables)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or name in ours},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_down_leaves_nothing(any_database: Callable[[str], Database]) -> None:
    database = any_database("notify")
    settings = config("services.notify")

    with database.engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
        connection.commit()

    left = set(inspect(database.engine).get_table_names())
    assert not left & (set(Base.metadata.tables) | set(plumbing.tables))


def wait_for(done: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.1)
