"""The migrations make exactly the tables that the models describe, and can be undone."""

from collections.abc import Callable

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from services.booking.models import Base
from shared.database import Database
from shared.migrations import config, upgrade
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


FIRST_RELEASE = (
    """INSERT INTO session (id, version, offering_id, kind, title, venue_id, venue_name, venue_place,
      zone, starts_at, ends_at, benches, seats, booking_opens_at, booking_closes_at, categories,
      minutes_per_device, devices_per_bench, max_devices, cancel_cutoff_minutes, staffing, state, trial)
    VALUES ('s', 1, 'o', 'repair', '{}', 'v', '{}', '{}', 'Asia/Shanghai', :a, :b, 1, 0, :a, :a, '[]',
      30, 1, 1, 60, '[]', 'published', false)""",
    """INSERT INTO slot (id, session_id, position, starts_at, ends_at, physical_capacity, open_capacity,
      taken) VALUES ('t', 's', 0, :a, :b, 1, 1, 1)""",
    """INSERT INTO appointment (id, session_id, slot_id, person_id, starts_at, ends_at, devices, state,
      by, created_at, version) VALUES ('p', 's', 't', 'x', :a, :b, 1, 'booked', 'self', :a, 1)""",
    """INSERT INTO ticket (id, appointment_id, session_id, category_id, brand, problem, state, version)
    VALUES ('k', 'p', 's', 14, '', '', 'waiting', 1)""",
)


def test_what_was_booked_before_survives_every_upgrade(
    any_database: Callable[[str], Database],
) -> None:
    database = any_database("booking")
    settings = config("services.booking")
    times = {"a": "2026-01-01T01:00:00.000000Z", "b": "2026-01-01T02:00:00.000000Z"}
    with database.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0001")
        for statement in FIRST_RELEASE:
            connection.execute(text(statement), times)

    upgrade("services.booking", database)

    with database.reading() as session:
        kept = session.execute(text("SELECT id, slot_id FROM appointment")).all()
    assert [tuple(row) for row in kept] == [("p", "t")]
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text("DELETE FROM slot"))  # references are guarded as before
