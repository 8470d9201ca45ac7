"""From one service's commit to another's: what every pair of database and bus must keep."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from shared import inbox, outbox, tables, wakeups
from shared.database import Database
from shared.errors import Conflict
from shared.inbox import NotYet
from shared.locks import only_one
from shared.messages import Event
from tests.integration.shared.conftest import Line

MADE = "thing.made.v1"
LOST = "nobody.listens.v1"


def eventually(true: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait until something holds; it must, in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def say(database: Database, subject: str, version: int = 1, type: str = MADE) -> str:
    """Announce an event in a transaction of its own."""
    with database.transaction() as session:
        return outbox.announce(session, type, subject, version, {"n": version})


def unsent(database: Database) -> int:
    """Count what waits in the outbox."""
    with database.reading() as session:
        return outbox.unsent(session)


class Ear:
    """A handler that remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []

    def __call__(self, session: Session, event: Event) -> None:
        """Remember."""
        self.heard.append((event.subject, event.version))


def test_what_was_committed_arrives_once_and_in_order(line: Line) -> None:
    ear = Ear()
    line.listen({MADE: ear})
    line.send()

    for version in range(1, 31):
        for subject in ("a", "b"):
            say(line.sender, subject, version)

    eventually(lambda: len(ear.heard) >= 60)
    for subject in ("a", "b"):
        assert [v for s, v in ear.heard if s == subject] == list(range(1, 31))
    eventually(lambda: unsent(line.sender) == 0)


def test_what_was_rolled_back_is_never_sent(line: Line) -> None:
    ear = Ear()
    line.listen({MADE: ear})
    line.send()

    def say_and_fail() -> None:
        with line.sender.transaction() as session:
            outbox.announce(session, MADE, "ghost", 1, {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        say_and_fail()
    say(line.sender, "real")

    eventually(lambda: ("real", 1) in ear.heard)
    assert ("ghost", 1) not in ear.heard


def test_a_listener_that_starts_late_misses_nothing(line: Line) -> None:
    ear = Ear()
    line.bus.declare("beta", [MADE])
    line.send()
    say(line.sender, "early")
    time.sleep(0.5)

    line.listen({MADE: ear})

    eventually(lambda: ear.heard == [("early", 1)])


def test_an_event_sent_twice_is_handled_once(line: Line) -> None:
    ear = Ear()
    line.listen({MADE: ear})
    line.send()
    event_id = say(line.sender, "twice")
    eventually(lambda: unsent(line.sender) == 0 and bool(ear.heard))

    with line.sender.transaction() as session:  # as if the relay had died before it noted "sent"
        statement = tables.outbox.update().where(tables.outbox.c.event_id == event_id)
        session.execute(statement.values(sent=False))
    eventually(lambda: unsent(line.sender) == 0)
    say(line.sender, "after")

    eventually(lambda: ("after", 1) in ear.heard)
    assert ear.heard == [("twice", 1), ("after", 1)]


def test_an_event_nobody_takes_holds_back_its_own_thing_only(line: Line) -> None:
    ear = Ear()
    line.listen({MADE: ear})
    line.send()

    say(line.sender, "stuck", 1, LOST)
    say(line.sender, "stuck", 2)
    say(line.sender, "free", 1)

    eventually(lambda: ("free", 1) in ear.heard)
    time.sleep(0.5)
    assert unsent(line.sender) == 2, "the returned event and the one behind it wait"


def test_a_handler_that_must_wait_is_asked_again(line: Line) -> None:
    tries: list[int] = []

    def patient(session: Session, event: Event) -> None:
        tries.append(event.version)
        if len(tries) < 3:
            raise NotYet("what it belongs to has not arrived")

    consumer = line.listen({MADE: patient})
    line.send()
    say(line.sender, "later")

    def tried_three_times() -> bool:
        consumer.retry_due()
        return len(tries) == 3

    eventually(tried_three_times)
    with line.listener.reading() as session:
        waiting = session.execute(select(func.count()).select_from(tables.retry)).scalar_one()
    assert waiting == 0


def test_a_handler_that_fails_leaves_nothing_behind(line: Line) -> None:
    def half(session: Session, event: Event) -> None:
        values = {"bucket": "half", "key": "done", "tokens": 1.0, "filled_at": event.time}
        session.execute(insert(tables.rate_bucket).values(values))
        raise NotYet("the second half fails")

    line.listen({MADE: half})
    line.send()
    say(line.sender, "half")

    def postponed() -> bool:
        with line.listener.reading() as session:
            return session.execute(select(tables.retry)).first() is not None

    eventually(postponed)
    with line.listener.reading() as session:
        assert session.execute(select(tables.rate_bucket)).first() is None
        assert session.execute(select(tables.inbox)).first() is None


def test_a_broken_rule_becomes_a_dead_letter_that_can_be_replayed(line: Line) -> None:
    ear = Ear()
    strict = [True]

    def rule(session: Session, event: Event) -> None:
        if strict[0]:
            raise Conflict
        ear(session, event)

    consumer = line.listen({MADE: rule})
    line.send()
    say(line.sender, "odd")

    def letters() -> list[dict[str, object]]:
        with line.listener.reading() as session:
            return inbox.show(session, "beta")

    eventually(lambda: len(letters()) == 1)
    assert "rule broken" in str(letters()[0]["reason"])

    strict[0] = False
    assert inbox.replay(consumer, line.listener, str(letters()[0]["id"]))
    assert ear.heard == [("odd", 1)]
    assert letters() == []


def test_bytes_that_are_no_event_are_laid_aside_and_can_be_dropped(line: Line) -> None:
    consumer = line.listen({MADE: Ear()})

    consumer.receive(b"{not json")

    with line.listener.transaction() as session:
        (letter,) = inbox.show(session, "beta")
        assert "unreadable" in letter["reason"]
        assert inbox.drop(session, letter["id"])
    with line.listener.reading() as session:
        assert inbox.show(session, "beta") == []


def test_word_of_a_commit_elsewhere_wakes_a_relay_long_before_it_would_look(
    plumbed: Callable[[str], Database], tmp_path: Path
) -> None:
    sender = plumbed("alpha")
    if sender.dialect != "postgresql":
        return  # one process only: it wakes its own relay
    stop = threading.Event()
    with only_one(sender, "relay", tmp_path, stop) as place:
        place.listen(wakeups.CHANNEL)
        elsewhere = threading.Timer(0.2, lambda: say(sender, "a"))
        begun = time.monotonic()
        elsewhere.start()
        place.rest(20, threading.Event())  # an event that this process never sets
        elsewhere.join()

    assert time.monotonic() - begun < 5
