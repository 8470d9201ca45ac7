"""Skills that were granted before they were announced are told when the roster is brought up to date."""

from collections.abc import Callable

from alembic import command
from sqlalchemy import text

from shared.database import Database
from shared.messages import from_bytes
from shared.migrations import config, upgrade


def test_what_was_granted_before_is_told(any_database: Callable[[str], Database]) -> None:
    database = any_database("roster")
    settings = config("services.roster")
    with database.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0001")
        connection.execute(text("INSERT INTO volunteer (person_id, version) VALUES ('p', 1)"))
        granted = "INSERT INTO volunteer_skill VALUES ('p', 'electrical_safety', 'c', :at)"
        connection.execute(text(granted), {"at": "2026-11-25T00:00:00.000000Z"})

    upgrade("services.roster", database)

    with database.reading() as session:
        rows = session.execute(text("SELECT body, version FROM outbox WHERE NOT sent")).all()
        acts = session.execute(text("SELECT acts FROM volunteer")).scalar_one()
    event = from_bytes(bytes(rows[0].body))
    assert (len(rows), event.type, event.subject, event.version) == (
        1, "skill.granted.v1", "p", acts,
    )  # fmt: skip
    assert event.data["skills"] == ["electrical_safety"]


def test_a_training_attended_before_counts_as_completed(
    any_database: Callable[[str], Database],
) -> None:
    database = any_database("roster")
    settings = config("services.roster")
    with database.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0012")
        session = """INSERT INTO session (id, version, offering_id, kind, title, venue_name, venue_place,
          zone, starts_at, ends_at, state)
          VALUES ('s', 1, 'o', 'training', '{}', '{}', '{}', 'Asia/Shanghai', :at, :at, 'published')"""
        at = {"at": "2026-11-25T00:00:00.000000Z"}
        connection.execute(text(session), at)
        done = "INSERT INTO training_done VALUES (:id, 'p', 's', 3, :attended, :at)"
        for id, attended in (("came", True), ("absent", False)):
            connection.execute(text(done), {"id": id, "attended": attended, **at})

    upgrade("services.roster", database)

    with database.reading() as read:
        kept = read.execute(
            text("SELECT id, offering_id, version, completed FROM training_completed")
        ).all()
    assert [(one[0], one[1], one[2], bool(one[3])) for one in kept] == [("came", "o", 0, True)]
