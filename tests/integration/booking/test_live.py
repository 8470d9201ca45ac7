"""Live streams: a version for each change, one poller, a cap, an end; on both databases."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from services.booking.live import create_live_app
from services.booking.models.live import touch
from shared.database import Database
from shared.ids import new_id


@pytest.fixture
def database(any_database: Callable[[str], Database]) -> Database:
    return any_database("booking")


def change(database: Database, session_id: str) -> int:
    with database.transaction() as session:
        return touch(session, session_id)


def opened(app: Any, session_id: str, last: int | None = None) -> Any:
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    return app.test_client().get(f"/live/sessions/{session_id}", headers=headers, buffered=False)


def test_a_stream_tells_the_version_and_each_change_within_a_second(database: Database) -> None:
    app, id = create_live_app(database, 4), new_id()
    change(database, id)
    stream = opened(app, id)
    parts = stream.iter_encoded()

    assert next(parts) == b"retry: 2000\n\n"
    assert next(parts).startswith(b"id: 1\nevent: version\ndata: {")
    begun = time.monotonic()
    change(database, id)
    assert next(parts).startswith(b"id: 2\n")
    assert time.monotonic() - begun < 1
    stream.close()
    app.extensions["live"].close()


def test_who_comes_back_hears_only_what_was_missed(database: Database) -> None:
    app, id = create_live_app(database, 4), new_id()
    for _ in range(3):
        change(database, id)
    missed, current = opened(app, id, last=1), opened(app, id, last=3)

    told = list(zip(range(2), missed.iter_encoded(), strict=False))[1][1]
    parts = current.iter_encoded()
    next(parts)
    threading.Timer(0.5, change, (database, id)).start()

    assert told.startswith(b"id: 3\n")
    assert next(parts).startswith(b"id: 4\n")
    for stream in (missed, current):
        stream.close()
    app.extensions["live"].close()


def test_above_the_cap_a_page_is_told_to_poll(database: Database) -> None:
    app, id = create_live_app(database, 1), new_id()
    first = opened(app, id)

    full = opened(app, id)
    first.close()
    again = opened(app, id)

    assert (full.status_code, full.json["code"]) == (503, "too_many_streams")
    assert f"/live/sessions/{id}/version" in full.headers["Link"]
    assert "Retry-After" in full.headers
    assert again.status_code == 200
    again.close()
    app.extensions["live"].close()


def test_polling_an_unchanged_version_answers_304(database: Database) -> None:
    app, id = create_live_app(database, 1), new_id()
    client, path = app.test_client(), f"/live/sessions/{id}/version"
    first = client.get(path)

    same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    change(database, id)
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.json["version"], same.status_code) == (0, 304)
    assert (changed.status_code, changed.json["version"]) == (200, 1)


def test_closing_ends_every_stream(database: Database) -> None:
    app, id = create_live_app(database, 2), new_id()
    change(database, id)
    stream = opened(app, id)
    parts = stream.iter_encoded()
    next(parts), next(parts)
    threading.Timer(0.3, app.extensions["live"].close).start()

    rest = list(parts)

    assert rest in ([], [b": still here\n\n"])
    assert opened(app, id).status_code == 503
    stream.close()


def test_one_thread_reads_for_all_streams(database: Database) -> None:
    app = create_live_app(database, 20)
    streams = [opened(app, new_id()) for _ in range(10)]

    pollers = [one for one in threading.enumerate() if one.name == "live-poller" and one.is_alive()]

    assert app.extensions["live"].streams == 10
    assert len([one for one in pollers if one is app.extensions["live"]._poller]) == 1
    for stream in streams:
        stream.close()
    assert app.extensions["live"].streams == 0
    app.extensions["live"].close()
