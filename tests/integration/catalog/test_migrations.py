"""The tables that the migrations make are the tables of the models, up and down, on both databases."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect

from services.catalog.models import Base
from shared.database import Database
from shared.migrations import config, upgrade
from shared.tables import plumbing

PACKAGE = "services.catalog"


def differences(database: Database) -> list[object]:
    """Return what Alembic would change."""
    both = MetaData(naming_convention=Base.metadata.naming_convention)
    for metadata in (Base.metadata, plumbing):
        for table in metadata.sorted_tables:
            table.to_metadata(both)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, both))


def test_migrations_and_models_agree(any_database):
    assert differences(any_database("catalog")) == []


def test_migrations_go_down_to_nothing_and_up_again(any_database):
    database = any_database("catalog")
    settings = config(PACKAGE)
    with database.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")

    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    assert upgrade(PACKAGE, database)
    assert differences(database) == []
