"""The migrations of every service say what its models say, on both databases, down and up again."""

from collections.abc import Callable
from importlib import import_module

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from shared.database import Database
from shared.migrations import at_head, config, upgrade
from shared.tables import plumbing
from tests.architecture.source import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrations_make_what_the_models_say(
    service: str, any_database: Callable[[str], Database]
) -> None:
    database = any_database(service)
    base = import_module(f"services.{service}.models.base").Base
    import_module(f"services.{service}.app")  # loads every model

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, [base.metadata, plumbing])  # type: ignore[arg-type]

    assert differences == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_database_goes_down_and_up_again(
    service: str, any_database: Callable[[str], Database]
) -> None:
    database = any_database(service)
    settings = config(f"services.{service}")

    with database.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")

    assert upgrade(f"services.{service}", database)
    assert at_head(f"services.{service}", database)
