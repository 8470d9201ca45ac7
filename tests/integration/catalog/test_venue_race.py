"""Many people publish at one venue at once: one wins, on both databases; and the guard's negative control."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from shared.database import Database
from tests.integration.catalog.planning import Planning

CLIENTS = 8


def publish_all_at_once(planning: Planning) -> list[int]:
    """Publish overlapping drafts from as many threads; return the sorted answers."""
    drafts = [planning.draft()["id"] for _ in range(CLIENTS)]
    staff = [planning.catalog.as_("coordinator") for _ in drafts]
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = pool.map(
            lambda client, id: client.post(f"/sessions/{id}/publish").status_code, staff, drafts
        )
        return sorted(answers)


def turn_the_guard_off(database: Database) -> None:
    """Take the rule out of the database."""
    with database.transaction() as session:
        if database.dialect == "postgresql":
            session.execute(text("ALTER TABLE session DROP CONSTRAINT ex_session_venue_overlap"))
            return
        for act in ("insert", "update"):
            session.execute(text(f"DROP TRIGGER ex_session_venue_overlap_{act}"))


def test_of_many_overlapping_sessions_published_at_once_exactly_one_is(planning: Planning):
    assert publish_all_at_once(planning) == [200] + [409] * (CLIENTS - 1)
    assert len(planning.catalog.announced("session.published.v1")) == 1


def test_without_the_rule_in_the_database_the_venue_is_given_away_twice(planning: Planning):
    turn_the_guard_off(planning.catalog.database)

    assert publish_all_at_once(planning) == [200] * CLIENTS
