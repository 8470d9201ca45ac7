"""What came of a repair and of a shift is told in the app, once."""

from typing import Any

from sqlalchemy import select

from services.notify.models import Delivery
from tests.support.services import Service

PERSON = "6b8e3a0e-51a2-4a8e-9c52-0d53f0f3f001"


def closed(version: int, status: str, person: str | None = PERSON) -> dict[str, Any]:
    """Return what booking says of a closed ticket."""
    return {"id": "t1", "visit_id": "v1", "person_id": person, "number": "A021", "status": status}


def inbox(notify: Service) -> list[str]:
    """Return the subjects in the person's inbox, oldest first."""
    person = notify.people.new("student", id=PERSON)
    items = notify.client(person).get("/inbox").json["items"]
    return [item["title"] for item in reversed(items)]


def test_a_device_that_was_mended_is_told_to_its_owner_once(any_service: Any) -> None:
    notify = any_service("notify")

    for _ in range(2):
        notify.deliver("ticket.closed.v1", "t1", 3, closed(3, "Fixed"), id="e" * 36)

    assert inbox(notify) == ["A021 号：修好了"]


def test_a_corrected_outcome_is_news(any_service: Any) -> None:
    notify = any_service("notify")

    notify.deliver("ticket.closed.v1", "t1", 3, closed(3, "Fixed"))
    notify.deliver("ticket.closed.v1", "t1", 5, closed(5, "Repairable"))

    assert inbox(notify) == ["A021 号：修好了", "A021 号：还能修，这次没修完"]


def test_a_walk_in_without_an_account_is_told_at_the_desk(any_service: Any) -> None:
    notify = any_service("notify")

    notify.deliver("ticket.closed.v1", "t1", 3, closed(3, "Fixed", person=None))

    assert notify.dead_letters() == []
    assert inbox(notify) == []


def said(safety: str, state: str = "closed", **more: Any) -> dict[str, Any]:
    """Return what booking says of a safety test."""
    given = closed(4, "Fixed") | {"state": state, "power": "mains", "safety": safety}
    return given | more


def mails(notify: Service) -> list[tuple[str, str | None]]:
    """Return state and reason of every mail."""
    with notify.database.reading() as session:
        rows = session.scalars(select(Delivery).where(Delivery.channel == "mail"))
        return [(row.state, row.reason) for row in rows.all()]


def test_a_device_that_passed_is_ready_to_be_fetched(any_service: Any) -> None:
    notify = any_service("notify")

    notify.deliver("ticket.tested.v1", "t1", 4, said("failed"))
    notify.deliver("ticket.tested.v1", "t1", 5, said("passed"))

    assert inbox(notify) == [
        "A021 号：安全测试没有通过，先留在这里",
        "A021 号：修好了，测试也通过了，来取吧",
    ]
    assert mails(notify) == [("waiting", None)]


def test_a_test_before_the_outcome_tells_nobody(any_service: Any) -> None:
    notify = any_service("notify")

    notify.deliver("ticket.tested.v1", "t1", 4, said("passed", "started"))

    assert (inbox(notify), mails(notify)) == ([], [])


def test_who_has_the_device_gets_no_mail_about_it(any_service: Any) -> None:
    notify = any_service("notify")
    notify.deliver("ticket.tested.v1", "t1", 4, said("passed"))
    notify.deliver("ticket.tested.v1", "t2", 4, said("passed", id="t2"))

    notify.deliver("ticket.handed_back.v1", "t1", 5, said("passed", handed_back="tested"))

    assert sorted(mails(notify), key=str) == [("skipped", "collected"), ("waiting", None)]


def test_recorded_hours_are_told_to_the_volunteer(any_service: Any) -> None:
    notify = any_service("notify")
    data = {"assignment_id": "a1", "session_id": "s1", "person_id": PERSON, "minutes": 150}

    notify.deliver("hours.recorded.v1", "a1", 1, data)

    assert inbox(notify) == ["服务时长已记录：2 小时 30 分"]


def test_a_correction_is_news_and_a_confirmation_is_none(any_service: Any) -> None:
    notify = any_service("notify")
    data = {"assignment_id": "a1", "session_id": "s1", "person_id": PERSON, "minutes": 150}

    notify.deliver("hours.corrected.v1", "a1", 2, data | {"minutes_before": 150})
    notify.deliver("hours.corrected.v1", "a1", 3, data | {"minutes_before": 120})

    assert inbox(notify) == ["服务时长已更正：2 小时 30 分"]


def test_an_objection_and_its_decision_are_both_told(any_service: Any) -> None:
    notify = any_service("notify")
    data = {"objection_id": "o1", "assignment_id": "a1", "session_id": "s1", "person_id": PERSON}

    notify.deliver("objection.raised.v1", "o1", 1, data | {"about": "hours", "state": "open"})
    notify.deliver("objection.decided.v1", "o1", 2, data | {"about": "hours", "state": "declined"})

    assert inbox(notify) == ["收到了你对服务时长的异议", "你的异议已处理：维持原来的记录"]


def test_events_without_news_are_heard_and_tell_nobody(any_service: Any) -> None:
    notify = any_service("notify")

    for type in ("venue.changed.v1", "programme.changed.v1", "ticket.started.v1"):
        notify.deliver(type, "x1", 1, {"id": "x1"})

    assert notify.dead_letters() == []
    assert notify.waiting() == 0


def test_a_record_of_hours_is_told_in_app_and_by_mail_whatever_becomes_of_it(
    any_service: Any,
) -> None:
    notify = any_service("notify")
    record = {"person_id": PERSON, "number": "2026-00042", "minutes": 90}

    for _ in range(2):
        notify.deliver("record.issued.v1", "r1", 1, record | {"replaces": None})
    notify.deliver("record.issued.v1", "r2", 1, record | {"replaces": "r1"})
    notify.deliver("record.revoked.v1", "r2", 2, record)

    assert inbox(notify) == [
        "你的志愿服务时长记录单开好了",
        "你的志愿服务时长记录单已换发",
        "你的志愿服务时长记录单已作废",
    ]
    assert len(mails(notify)) == 3


def test_a_new_skill_is_told_once_in_the_app(any_service: Any) -> None:
    notify = any_service("notify")
    data = {"person_id": PERSON, "skills": ["a", "b"], "granted": ["b"], "revoked": []}

    for version, granted in ((4, ["b"]), (4, ["b"]), (5, [])):
        notify.deliver("skill.granted.v1", PERSON, version, data | {"granted": granted})

    assert inbox(notify) == ["你有了新的技能"]
    assert mails(notify) == []
