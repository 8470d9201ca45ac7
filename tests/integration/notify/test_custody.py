"""Devices that stay: told with the code, reminded until fetched, decided when sent; asked once how it does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.booking.queries.custody import code_subject
from services.notify.models import CustodyCopy
from shared.auth import wall_key
from shared.clock import iso
from shared.codes import readable_code
from shared.ids import new_id
from shared.tables import inbox, outbox
from tests.integration.notify.build import Notify, mails
from tests.support.people import TestPerson

READY = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SetClock = Callable[[datetime], None]


def custody(verb: str, of: dict[str, Any], person: TestPerson | None, **given: Any) -> Any:
    return {
        "id": new_id(),
        "ticket_id": new_id(),
        "visit_id": new_id(),
        "session_id": of["id"],
        "person_id": person.id if person else None,
        "category_id": 15,
        "number": "A021",
        "tag": "K0012",
        "state": verb,
        "status": "Fixed",
        "stored_at": iso(READY),
        "ready_at": iso(READY),
        "ended_at": None,
    } | given


@pytest.fixture
def ready(notify: Notify, at_time: SetClock) -> tuple[TestPerson, dict[str, Any]]:
    """Somebody whose lamp can be fetched; they have been told."""
    at_time(READY)
    owner = notify.person("student@example.org")
    lamp = custody("ready", notify.session(starts_at=READY - DAY), owner)
    notify.tell("custody.ready.v1", lamp["id"], lamp)
    notify.send()
    return owner, lamp


def spoken(notify: Notify, lamp: dict[str, Any]) -> str:
    code = readable_code(wall_key(notify.service.settings.token_keys), code_subject(lamp["id"]))
    return f"{code[:3]} {code[3:]}"


def test_the_owner_is_told_the_code_that_booking_checks(
    notify: Notify, ready: tuple[TestPerson, dict[str, Any]], mail_folder: Path
) -> None:
    owner, lamp = ready

    [mail] = mails(mail_folder)
    body = mail.get_body(("plain",))
    assert body is not None
    assert spoken(notify, lamp) in body.get_content()
    assert spoken(notify, lamp) in notify.inbox(owner)[0]["body"]
    assert spoken(notify, lamp) not in str(mail["Subject"])


def test_the_code_stands_in_no_row_and_in_no_list_of_staff(
    notify: Notify, ready: tuple[TestPerson, dict[str, Any]]
) -> None:
    _, lamp = ready
    code = spoken(notify, lamp).replace(" ", "")

    staff = notify.service.as_("coordinator").get("/deliveries")

    rows = str([(d.params, d.answer) for d in notify.deliveries()])
    with notify.service.database.reading() as session:
        rows += str([session.execute(select(table)).all() for table in (inbox, outbox)])
    assert code not in rows
    assert spoken(notify, lamp) not in rows + staff.text


def test_reminders_follow_after_three_seven_and_fourteen_days(
    notify: Notify, ready: Any, at_time: SetClock, mail_folder: Path
) -> None:
    counts = []
    for days in (2, 3, 6, 7, 13, 14, 30):
        at_time(READY + days * DAY + timedelta(minutes=1))
        notify.send()
        counts.append(len(mails(mail_folder)) - 1)

    assert counts == [0, 1, 1, 2, 2, 3, 3]
    assert "最后一次提醒" in notify.inbox(ready[0])[0]["body"]


@pytest.mark.parametrize("verb", ["collected", "disposed"])
def test_who_has_it_again_is_not_reminded(
    notify: Notify, ready: Any, at_time: SetClock, verb: str
) -> None:
    owner, lamp = ready
    at_time(READY + 4 * DAY)
    notify.send()

    over = lamp | {"state": verb, "ended_at": iso(READY + 4 * DAY)}
    notify.tell(f"custody.{verb}.v1", lamp["id"], over)
    at_time(READY + 20 * DAY)
    notify.send()

    stand = notify.stand(owner, template="custody_reminder", channel="mail")
    assert stand == [
        ("custody_reminder", "sent", None),
        ("custody_reminder", "skipped", "collected"),
        ("custody_reminder", "skipped", "collected"),
    ]
    assert notify.stand(owner, template=f"custody_{verb}", channel="app")


def test_an_undone_hand_back_tells_nobody_twice_and_reminders_go_on(
    notify: Notify, ready: Any, at_time: SetClock, mail_folder: Path
) -> None:
    owner, lamp = ready
    at_time(READY + DAY)
    over = lamp | {"state": "collected", "ended_at": iso(READY + DAY)}
    notify.tell("custody.collected.v1", lamp["id"], over)

    notify.tell("custody.ready.v1", lamp["id"], lamp)
    at_time(READY + 3 * DAY + timedelta(minutes=1))
    notify.send()

    assert len(notify.stand(owner, template="custody_ready")) == 2  # app and mail, once each
    assert len(mails(mail_folder)) == 2


def test_news_of_a_device_that_is_gone_already_is_not_mailed(
    notify: Notify, at_time: SetClock, mail_folder: Path
) -> None:
    at_time(READY)
    owner = notify.person("student@example.org")
    lamp = custody("ready", notify.session(starts_at=READY - DAY), owner)
    notify.tell("custody.ready.v1", lamp["id"], lamp)
    notify.tell("custody.collected.v1", lamp["id"], lamp | {"state": "collected", "ended_at": iso(READY)})  # fmt: skip

    notify.send()

    assert mails(mail_folder) == []
    assert ("custody_ready", "skipped", "collected") in notify.stand(owner)


def test_somebody_without_an_account_is_nobody_to_tell(notify: Notify, at_time: SetClock) -> None:
    at_time(READY)
    lamp = custody("ready", notify.session(starts_at=READY - DAY), None)

    notify.tell("custody.ready.v1", lamp["id"], lamp)

    assert notify.deliveries() == []
    assert notify.service.dead_letters() == []


def test_staff_see_who_has_been_reminded(notify: Notify, ready: Any, at_time: SetClock) -> None:
    _, lamp = ready
    at_time(READY + 4 * DAY)
    notify.send()
    staff = notify.service.as_("coordinator")

    items = staff.get("/custody-news", custody_ids=f"{lamp['id']},{new_id()}").json["items"]

    mail = [(one["days"], one["state"]) for one in items if one["channel"] == "mail"]
    assert mail == [(0, "sent"), (3, "sent"), (7, "waiting"), (14, "waiting")]
    assert notify.service.as_("student").get("/custody-news", custody_ids="x").status_code == 403


def test_the_question_after_a_week_comes_once(
    notify: Notify, at_time: SetClock, mail_folder: Path
) -> None:
    at_time(READY)
    owner, session = notify.person("student@example.org"), notify.session(starts_at=READY - DAY)
    names = ("ticket_id", "visit_id", "session_id", "person_id", "category_id", "number")
    asked = {name: custody("ready", session, owner)[name] for name in names}

    for _ in range(2):
        notify.tell("feedback.asked.v1", f"feedback:{asked['ticket_id']}", asked)
        notify.send()

    assert [str(mail["Subject"]) for mail in mails(mail_folder)] == [
        "A021 号：修好的东西还好用吗？"
    ]
    assert notify.inbox(owner)[0]["link"] == f"/feedback/{asked['ticket_id']}"


def test_an_erased_owner_is_forgotten_and_not_reminded(
    notify: Notify, ready: Any, at_time: SetClock, mail_folder: Path
) -> None:
    owner, lamp = ready

    notify.tell("person.erased.v1", owner.id, {"person_id": owner.id})
    at_time(READY + 20 * DAY)
    notify.send()

    with notify.service.database.reading() as session:
        assert session.get_one(CustodyCopy, lamp["id"]).person_id is None
    assert len(mails(mail_folder)) == 1
    assert owner.id not in str([vars(one) for one in notify.deliveries()])
