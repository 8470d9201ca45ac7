"""Both databases behave alike behind the one door."""

import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, event, select, text, update

from shared import audit, clock, rate_limit, tables
from shared.database import Database, insert_if_absent, suite_now, suite_time
from shared.errors import TooMany
from shared.locks import only_one
from tests.integration.shared.conftest import MakeDatabase

COUNTER = {"bucket": "count", "key": "all"}


def fill(database: Database, tokens: float) -> None:
    """Put a number where the counting tests read and write it."""
    with database.transaction() as session:
        values = {**COUNTER, "tokens": tokens, "filled_at": clock.now()}
        insert_if_absent(session, tables.rate_bucket, values, key=["bucket", "key"])


def count_up(database: Database, times: int) -> None:
    """Read the number, add one, write it: the pattern that loses updates without a lock."""
    bucket = tables.rate_bucket
    for _ in range(times):
        with database.transaction() as session:
            now = session.execute(select(bucket.c.tokens).with_for_update()).scalar_one()
            session.execute(update(bucket).values(tokens=now + 1))


def counted(database: Database, threads: int = 6, times: int = 20) -> float:
    """Count up in several threads and return what stands there."""
    fill(database, 0.0)
    crew = [threading.Thread(target=count_up, args=(database, times)) for _ in range(threads)]
    for member in crew:
        member.start()
    for member in crew:
        member.join()
    with database.reading() as session:
        return session.execute(select(tables.rate_bucket.c.tokens)).scalar_one()


def test_no_update_is_lost_between_threads(plumbed: MakeDatabase) -> None:
    assert counted(plumbed("alpha")) == 120


def test_without_begin_immediate_sqlite_would_lose_updates(
    databases: object, plumbed: MakeDatabase, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if dialect == "postgresql":
        return  # the guard under test is SQLite's
    database = plumbed("alpha")
    weaken(database.engine)

    with pytest.raises(AssertionError):
        assert counted(database) == 120


def weaken(engine: Engine) -> None:
    """Let transactions begin without the write lock, as the driver would by itself."""
    event.remove(engine, "begin", __import__("shared.database", fromlist=["x"])._begin_sqlite)
    event.listen(
        engine, "connect", lambda connection, _: setattr(connection, "isolation_level", "")
    )
    engine.dispose()


def test_an_instant_comes_back_as_it_went_in(plumbed: MakeDatabase) -> None:
    database = plumbed("alpha")
    instant = datetime(2026, 11, 25, 14, 45, 1, 5, tzinfo=UTC)

    with database.transaction() as session:
        session.execute(
            tables.inbox.insert().values(consumer="c", event_id="e", received_at=instant)
        )
    with database.reading() as session:
        assert session.execute(select(tables.inbox.c.received_at)).scalar_one() == instant
        assert session.execute(
            select(tables.inbox.c.event_id).where(tables.inbox.c.received_at < suite_now())
        ).all() == ([] if instant > clock.now() else [("e",)])


def test_a_naive_instant_is_refused(plumbed: MakeDatabase) -> None:
    database = plumbed("alpha")
    naive = datetime(2026, 11, 25, 14, 45)  # noqa: DTZ001 - naive on purpose

    with pytest.raises(Exception, match="naive"), database.transaction() as session:
        session.execute(tables.inbox.insert().values(consumer="c", event_id="e", received_at=naive))


def test_the_database_shows_the_simulated_time(plumbed: MakeDatabase, tmp_path: Path) -> None:
    database = plumbed("alpha")
    years_ago = datetime(2019, 1, 10, 6, 0, tzinfo=UTC)
    try:
        clock.configure(clock.SIMULATED, tmp_path / "clock.json").set(years_ago)

        with database.transaction() as session:
            shown = suite_time(session)
        assert abs(shown - clock.now()) < timedelta(seconds=1)
        assert shown.year == 2019
    finally:
        clock.configure(clock.REAL)
    with database.reading() as session:
        assert suite_time(session).year >= 2026


def test_held_places_leave_the_pool_to_the_work(plumbed: MakeDatabase, tmp_path: Path) -> None:
    database, stop = plumbed("alpha"), threading.Event()
    names = [f"timer-{number}" for number in range(12)]  # a pool has eight connections

    with ExitStack() as held:
        places = [held.enter_context(only_one(database, name, tmp_path, stop)) for name in names]
        with database.transaction() as session:
            assert session.scalar(text("SELECT 1")) == 1
        assert all(place() for place in places)

    with only_one(database, names[0], tmp_path, stop) as again:
        assert again()


def test_who_holds_a_place_rests_until_there_is_word(plumbed: MakeDatabase, tmp_path: Path) -> None:
    database, stop, wake = plumbed("alpha"), threading.Event(), threading.Event()

    with only_one(database, "relay", tmp_path, stop) as place:
        place.listen("nobody_says_a_word")
        begun = monotonic()
        place.rest(0.5, wake)
        rested = monotonic() - begun
        wake.set()
        begun = monotonic()
        place.rest(60, wake)
        woken = monotonic() - begun

    assert rested >= 0.5  # else the relay would look at its outbox without a pause
    assert woken < 30


def test_only_one_holds_a_place_at_a_time(plumbed: MakeDatabase, tmp_path: Path) -> None:
    database = plumbed("alpha")
    stop = threading.Event()
    second_has_it = threading.Event()

    def wait_for_it() -> None:
        with only_one(database, "relay", tmp_path, stop) as alive:
            if alive():
                second_has_it.set()

    with only_one(database, "relay", tmp_path, stop) as alive:
        assert alive()
        second = threading.Thread(target=wait_for_it)
        second.start()
        assert not second_has_it.wait(1.5)
    assert second_has_it.wait(5)
    second.join()


def test_a_bucket_lets_through_what_it_holds_and_says_when_to_come_back(
    plumbed: MakeDatabase,
) -> None:
    database = plumbed("alpha")
    for _ in range(3):
        with database.transaction() as session:
            rate_limit.spend(session, "sign-in", "zhang", 3, 60)

    with pytest.raises(TooMany) as refusal, database.transaction() as session:
        rate_limit.spend(session, "sign-in", "zhang", 3, 60)

    assert 1 <= refusal.value.values["retry_after"] <= 20


def test_a_changed_audit_row_breaks_the_chain(plumbed: MakeDatabase) -> None:
    database = plumbed("alpha")
    with database.transaction() as session:
        for number in range(5):
            audit.record(session, "coordinator-1", "session.cancel", f"s{number}")
    assert audit.seal(database) == 5
    with database.reading() as session:
        assert audit.broken_at(session) is None

    with database.transaction() as session:
        session.execute(text("UPDATE audit SET actor = 'somebody' WHERE id = 3"))

    with database.reading() as session:
        assert audit.broken_at(session) == 3
