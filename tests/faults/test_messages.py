"""The broker goes down, messages come twice, a listener's database goes away."""

import time

import psycopg
import pytest
from psycopg import sql

from deploy.stack import Stack
from tests.faults.books import Books, eventually
from tests.faults.centre import Centre

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.xdist_group("faults")]

YOUNG_QUEUE_SECONDS = 2.0  # a quorum queue younger than that may not survive a killed broker


def test_with_the_broker_down_booking_goes_on_and_everything_arrives_later_in_order(
    stack: Stack, books: Books, centre: Centre
) -> None:
    session_id, slots = centre.session()
    books.settled()
    time.sleep(YOUNG_QUEUE_SECONDS)
    broker = stack.rabbitmq
    assert broker is not None

    broker.durable = False
    broker.stop()  # not durable: killed
    booked = centre.book(slots, 6)
    for number, appointment in enumerate(booked[:3]):
        there = {"slot_id": slots[10 + number]["id"]}
        centre.staff.post("booking", f"/appointments/{appointment}/move", there)
    centre.staff.post("booking", f"/appointments/{booked[0]}/cancel", {})
    waiting = books.count("booking", "outbox", "NOT sent")
    broker.durable = True
    broker.start()

    books.settled()
    assert waiting >= 10
    books.in_order("booking", "notify")
    states = books.rows(
        "booking", f"SELECT id, state FROM appointment WHERE session_id = '{session_id}'"
    )
    assert sorted(row.state for row in states) == ["booked"] * 5 + ["cancelled"]
    for appointment in booked:
        assert books.confirmations(appointment) == 1
    books.nobody_twice()


def test_a_message_delivered_twice_is_handled_once(books: Books, centre: Centre) -> None:
    _, slots = centre.session()
    booked = centre.book(slots, 4)
    books.settled()
    told = [_told(books, appointment) for appointment in booked]

    again = books.change("booking", "UPDATE outbox SET sent = false")  # as if it had died first

    eventually(lambda: books.count("booking", "outbox", "NOT sent") == 0)
    (last,) = centre.book(slots, 1)  # stands behind all of them in every queue
    books.settled()
    assert again >= len(booked)
    assert _told(books, last) > 0
    assert [_told(books, appointment) for appointment in booked] == told
    books.nobody_twice()


def test_a_listener_whose_database_is_away_leaves_its_messages_with_the_broker(
    stack: Stack, books: Books, centre: Centre, postgres_server: str
) -> None:
    _, slots = centre.session()
    books.settled()
    name = stack.env["NOTIFY_DATABASE_URL"].rsplit("/", 1)[-1]

    with psycopg.connect(postgres_server.replace("+psycopg", ""), autocommit=True) as server:
        let = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        server.execute(let.format(sql.Identifier(name), sql.SQL("false")))
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            booked = centre.book(slots, 5)
            eventually(lambda: books.count("booking", "outbox", "NOT sent") == 0)
            time.sleep(3)  # long enough for a consumer that nacks to reach the delivery limit
        finally:
            server.execute(let.format(sql.Identifier(name), sql.SQL("true")))

    books.settled()
    for appointment in booked:
        assert books.confirmations(appointment) == 1


def _told(books: Books, appointment: str) -> int:
    """Count what was told about an appointment, on every channel."""
    return books.count("notify", "delivery", f"engagement_id = '{appointment}'")
