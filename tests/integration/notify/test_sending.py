"""Mail against a real server: what is refused, what is unknown, and nobody twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.notify.models import Delivery
from services.notify.use_cases import sending
from services.notify.use_cases.sending import send_due
from shared.clock import now
from tests.integration.notify.build import Notify, parsed
from tests.integration.notify.conftest import MailServer
from tests.support.people import TestPerson


def book_for(notify: Notify, *addresses: str, **session: Any) -> list[TestPerson]:
    """Book one appointment for each address, in this order; return the people."""
    of = notify.session(**session)
    people = [notify.person(address) for address in addresses]
    for person in people:
        notify.appointment("booked", of, person)
    return people


def mail_of(notify: Notify, person: TestPerson) -> Delivery:
    """Return the mail that tells a person of their booking."""
    (delivery,) = notify.deliveries(person, channel="mail", template="appointment_booked")
    return delivery


def test_mail_reaches_a_real_server_with_every_character_whole(
    notify: Notify, mail_server: MailServer
) -> None:
    title = {"zh": "𠮷田·阿依古丽 🔧 مرحبا", "en": ""}
    (student,) = book_for(notify, "student@example.org", title=title)

    notify.send(smtp_url=mail_server.url)

    ((recipient, content),) = mail_server.received
    assert recipient == "student@example.org"
    assert title["zh"] in str(parsed(content)["Subject"])
    assert mail_of(notify, student).state == "sent"


def test_a_temporary_refusal_is_tried_again_later(notify: Notify, mail_server: MailServer) -> None:
    (student,) = book_for(notify, "busy@example.org")

    notify.send(smtp_url=mail_server.url)

    delivery = mail_of(notify, student)
    assert (delivery.state, delivery.reason) == ("waiting", "refused_for_now")
    assert str(delivery.answer).startswith("450")
    assert now() + timedelta(seconds=5) < delivery.next_at < now() + timedelta(seconds=16)


def test_a_permanent_refusal_fails_and_is_announced(
    notify: Notify, mail_server: MailServer
) -> None:
    (student,) = book_for(notify, "nobody@example.org")

    notify.send(smtp_url=mail_server.url)

    delivery = mail_of(notify, student)
    (event,) = notify.service.announced("delivery.failed.v1")
    assert (delivery.state, delivery.reason) == ("failed", "refused")
    assert event.data["delivery_id"] == delivery.id
    assert "example.org" not in str(event.data)


def test_one_bad_recipient_never_stops_the_rest(notify: Notify, mail_server: MailServer) -> None:
    names = ["nobody@example.org", "a@example.org", "spam@example.org", "b@example.org"]
    people = book_for(notify, *names)

    notify.send(smtp_url=mail_server.url)

    states = [mail_of(notify, person).state for person in people]
    assert states == ["failed", "sent", "failed", "sent"]


def test_no_answer_after_the_text_means_unknown_and_never_a_second_mail(
    notify: Notify, mail_server: MailServer
) -> None:
    silent, other = book_for(notify, "silent@example.org", "other@example.org")

    notify.send(smtp_url=mail_server.url, smtp_timeout=1)
    notify.send(smtp_url=mail_server.url, smtp_timeout=1)

    delivery = mail_of(notify, silent)
    assert (delivery.state, delivery.reason) == ("unknown", "no_answer")
    assert mail_of(notify, other).state == "sent"
    assert mail_server.recipients().count("silent@example.org") == 1


def test_mail_waits_while_the_server_is_away_and_arrives_when_it_is_back(
    notify: Notify, no_mail_server: str, mail_server: MailServer
) -> None:
    people = book_for(notify, "a@example.org", "b@example.org")

    notify.send(smtp_url=no_mail_server)
    away = [(mail_of(notify, p).state, mail_of(notify, p).reason) for p in people]
    with notify.service.database.transaction() as session:
        session.execute(update(Delivery).where(Delivery.reason.is_not(None)).values(next_at=now()))
    notify.send(smtp_url=mail_server.url)

    assert away == [("waiting", "server_away")] * 2
    assert sorted(mail_server.recipients()) == ["a@example.org", "b@example.org"]


def test_mail_that_was_tried_until_it_made_no_sense_has_failed(
    notify: Notify, no_mail_server: str
) -> None:
    (student,) = book_for(notify, "a@example.org")
    notify.send(smtp_url=no_mail_server)

    with notify.service.database.transaction() as session:
        mine = update(Delivery).where(Delivery.id == mail_of(notify, student).id)
        session.execute(mine.values(next_at=now(), expires_at=now()))
    notify.send(smtp_url=no_mail_server)

    delivery = mail_of(notify, student)
    assert (delivery.state, delivery.reason) == ("failed", "server_away")
    assert len(notify.service.announced("delivery.failed.v1")) == 1


def test_a_worker_that_died_before_the_hand_over_is_replaced(
    notify: Notify, mail_server: MailServer
) -> None:
    (student,) = book_for(notify, "a@example.org")

    with notify.service.database.transaction() as session:
        sending.lease_due(session, "dead worker", 10)
    held = notify.send(smtp_url=mail_server.url)
    run_out(notify)
    notify.send(smtp_url=mail_server.url)

    assert held == 0
    assert mail_of(notify, student).state == "sent"


def test_a_worker_that_died_during_the_hand_over_leaves_an_unknown(
    notify: Notify, mail_server: MailServer
) -> None:
    (student,) = book_for(notify, "a@example.org")

    with notify.service.database.transaction() as session:
        sending.lease_due(session, "dead worker", 10)
        session.execute(update(Delivery).where(Delivery.lease.is_not(None)).values(handed_at=now()))
    run_out(notify)
    notify.send(smtp_url=mail_server.url)

    delivery = mail_of(notify, student)
    assert (delivery.state, delivery.reason) == ("unknown", "worker_stopped")
    assert mail_server.received == []


def test_two_workers_never_send_the_same_mail(notify: Notify, mail_server: MailServer) -> None:
    addresses = [f"p{n}@example.org" for n in range(12)]
    book_for(notify, *addresses)

    race(notify, mail_server)

    assert sorted(mail_server.recipients()) == sorted(addresses)


def test_without_the_lease_two_workers_do_send_the_same_mail(
    notify: Notify, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [f"p{n}@example.org" for n in range(12)]
    book_for(notify, *addresses)
    monkeypatch.setattr(sending, "lease_due", unguarded(threading.Barrier(2)))
    monkeypatch.setattr(sending, "_mark_handed", lambda *_: True)

    race(notify, mail_server)

    assert len(mail_server.received) > len(set(mail_server.recipients()))


def race(notify: Notify, mail_server: MailServer) -> None:
    """Let two workers send at the same moment until nothing is left."""
    settings = replace(notify.service.settings, smtp_url=mail_server.url)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        while send_due(notify.service.database, settings, limit=5):
            pass

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(work), pool.submit(work)]:
            future.result()


def unguarded(together: threading.Barrier) -> Callable[..., Any]:
    """Return a lease that looks first and takes later, as it must not be."""

    def look(session: Any, lease: str, limit: int) -> Any:
        rows = session.scalars(
            select(Delivery)
            .where(Delivery.state == "waiting", Delivery.channel == "mail")
            .where(Delivery.next_at <= now())
            .order_by(Delivery.id)
            .limit(limit)
        ).all()
        session.expunge_all()
        session.rollback()
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=1)
        ids = [row.id for row in rows]
        session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(lease=lease))
        return rows

    return look


def run_out(notify: Notify) -> None:
    """Let every lease end."""
    with notify.service.database.transaction() as session:
        session.execute(
            update(Delivery).where(Delivery.lease.is_not(None)).values(leased_until=now())
        )


def test_without_an_address_or_against_a_wish_mail_is_skipped_and_says_so(notify: Notify) -> None:
    session = notify.session()
    nowhere, unwilling = notify.person(None), notify.person("u@example.org")
    notify.service.client(unwilling).put("/preferences", {"mail": {"booking": False}})

    for person in (nowhere, unwilling):
        notify.appointment("booked", session, person)
    notify.send()

    assert mail_of(notify, nowhere).reason == "no_address"
    assert mail_of(notify, unwilling).reason == "not_wanted"
    assert len(notify.inbox(unwilling)) == 1


def test_a_trial_session_is_recorded_and_not_mailed(notify: Notify) -> None:
    (student,) = book_for(notify, "a@example.org", trial=True)

    notify.send()

    delivery = mail_of(notify, student)
    assert (delivery.state, delivery.reason) == ("skipped", "trial")
    assert len(notify.inbox(student)) == 1


def test_a_booking_cancelled_before_its_mail_went_out_is_not_confirmed(notify: Notify) -> None:
    session, student = notify.session(), notify.person("a@example.org")
    booked = notify.appointment("booked", session, student)

    notify.appointment("cancelled", session, student, **{**booked, "state": "cancelled"})
    notify.send()

    assert notify.stand(student, channel="mail", kind="booking") == [
        ("appointment_booked", "skipped", "overtaken"),
        ("appointment_cancelled", "sent", None),
    ]
