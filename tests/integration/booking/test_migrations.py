"""The migrations make exactly the tables that the models describe, and can be undone."""

from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from services.booking.models import Base
from shared.database import Database
from shared.migrations import config
from shared.tables import plumbing


def test_migrations_and_models_agree(any_database: Callable[[str], Database]) -> None:
    database = any_database("booking")

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        difference = compare_metadata(context, [Base.metadata, plumbing])  # type: ignore[arg-type]

    constraint = "ex_appointment_person_overlap"
    assert [one for one in difference if constraint not in str(one)] == []


def test_going_back_leaves_nothing(any_database: Callable[[str], Database]) -> None:
    database = any_database("booking")
    settings = config("services.booking")

    with database.engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
        connection.commit()
        left = inspect(connection).get_table_names()

    assert left == ["alembic_version"]
