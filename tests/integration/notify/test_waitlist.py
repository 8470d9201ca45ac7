"""What people who wait for a full slot are told: once, in time, and nothing that is over."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from shared.clock import iso, now
from shared.ids import new_id
from tests.integration.notify.build import HOUR, Notify, at, mails


def waits(notify: Notify, session: dict[str, Any], person: Any, verb: str, **given: Any) -> None:
    """Tell notify what booking announces of a place on the waitlist."""
    data = {
        "session_id": session["id"],
        "person_id": person.id,
        "devices": 1,
        "state": "waiting",
        "place": 1,
        "slot_id": None,
        "starts_at": None,
        "ends_at": None,
        "expires_at": None,
        "by": "self",
        "first_time": verb == "joined",
    } | given
    version = data.pop("version")
    notify.service.deliver(f"waitlist.{verb}.v1", data["id"], version, data)


def offer(session: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {
        "state": "offered",
        "starts_at": session["starts_at"],
        "ends_at": iso(at(session["starts_at"]) + HOUR / 4),
        "expires_at": iso(now() + HOUR),
    } | given


def test_an_offer_says_until_when_it_holds(notify: Notify, mail_folder: Path) -> None:
    student, session, id = notify.person("s@example.org"), notify.session(), new_id()

    waits(notify, session, student, "joined", id=id, version=1)
    waits(notify, session, student, "offered", id=id, version=2, **offer(session))
    waits(notify, session, student, "offered", id=id, version=2, **offer(session))
    notify.send()

    newest, oldest = notify.inbox(student)
    assert oldest["title"].startswith("你在候补名单上")
    assert newest["title"].startswith("有空位了，为你留到")
    assert newest["link"] == f"/waitlist/{id}"
    assert len(mails(mail_folder)) == 2


def test_an_offer_that_is_over_or_was_answered_is_not_mailed(
    notify: Notify, mail_folder: Path
) -> None:
    late, quick = notify.person("late@example.org"), notify.person("quick@example.org")
    session, answered = notify.session(), new_id()
    over = iso(now() - timedelta(seconds=1))

    waits(
        notify, session, late, "offered", id=new_id(), version=2, **offer(session, expires_at=over)
    )
    waits(notify, session, quick, "offered", id=answered, version=2, **offer(session))
    waits(notify, session, quick, "left", id=answered, version=3, state="claimed", place=None)
    notify.send()

    assert mails(mail_folder) == []


def test_who_hears_of_it_elsewhere_is_not_told_twice(notify: Notify, mail_folder: Path) -> None:
    student, session = notify.person("s@example.org"), notify.session()

    waits(notify, session, student, "joined", id=new_id(), version=1, by="session")
    waits(notify, session, student, "joined", id=new_id(), version=3, first_time=False)
    notify.send()

    assert notify.inbox(student) == []


def test_the_end_of_waiting_is_told_where_it_was_not_asked_for(
    notify: Notify, mail_folder: Path
) -> None:
    student, session = notify.person("s@example.org"), notify.session()
    for state in ("expired", "ended", "left", "claimed"):
        waits(notify, session, student, "left", id=new_id(), version=2, state=state, place=None)
    notify.send()

    titles = sorted(one["title"][:6] for one in notify.inbox(student))
    assert titles == ["场次取消了，", "没有等到你的"]
