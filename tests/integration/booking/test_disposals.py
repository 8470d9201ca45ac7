"""Deciding about a device that nobody fetches: late, by a person, written down."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.booking.models.custody import Custody
from shared.clock import iso, now
from shared.tables import audit
from tests.integration.booking.line import today
from tests.integration.booking.shelf import kept, repaired
from tests.support.services import Service

DAY = timedelta(days=1)


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def age(booking: Service, id: str, days: int) -> None:
    """Let a device have been ready for this many days."""
    at = now() - days * DAY
    with booking.database.transaction() as session:
        old = update(Custody).where(Custody.id == id)
        session.execute(old.values(ready_at=at, stored_at=at))


def test_nobody_disposes_of_a_device_before_its_time(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    age(booking, stays["id"], 59)

    refused = desk.post(f"/custody/{stays['id']}/dispose", {"fate": "recycled"})

    assert (refused.status_code, refused.json["code"]) == (409, "too_early_to_dispose")


def test_a_decision_is_a_persons_and_is_written_down(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    age(booking, stays["id"], 61)
    path = f"/custody/{stays['id']}/dispose"

    by_volunteer = booking.as_("volunteer").post(path, {"fate": "recycled"})
    decided = desk.post(path, {"fate": "donated", "note": "给了电子社"})

    assert by_volunteer.status_code == 403
    assert decided.status_code == 200, decided.json
    assert desk.person is not None
    found = desk.get(f"/custody/{stays['id']}").json
    assert (found["state"], found["fate"], found["fate_note"]) == (
        "disposed",
        "donated",
        "给了电子社",
    )
    assert found["ended_by"] == desk.person.id
    assert len(booking.announced("custody.disposed.v1")) == 1
    with booking.database.reading() as session:
        acts = session.execute(select(audit.c.actor, audit.c.action)).all()
    assert (desk.person.id, "custody.dispose") in [tuple(one) for one in acts]


def test_a_decision_can_be_put_off(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    age(booking, stays["id"], 61)
    path = f"/custody/{stays['id']}"

    before = desk.get("/custody/summary").json["decide"]
    wrong = desk.post(f"{path}/put-off", {"until": iso(now() - DAY)})
    later = desk.post(f"{path}/put-off", {"until": iso(now() + 20 * DAY)})
    refused = desk.post(f"{path}/dispose", {"fate": "parts"})

    assert (wrong.status_code, wrong.json["code"]) == (422, "keep_until_out_of_range")
    assert later.status_code == 200
    assert (before, desk.get("/custody/summary").json["decide"]) == (1, 0)
    assert refused.json["code"] == "too_early_to_dispose"


def test_the_shelf_knows_its_views(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    devices = [kept(desk, repaired(told, desk), ready=ready) for ready in (True, False, True)]
    age(booking, devices[0]["id"], 15)
    desk.post(f"/custody/{devices[2]['id']}/hand-back", {"proof": "id_card"})

    views = {
        view: [one["tag"] for one in desk.get("/custody", view=view).json["items"]]
        for view in ("held", "stored", "ready", "overdue", "decide", "ended")
    }

    assert {view: sorted(tags) for view, tags in views.items()} == {
        "held": ["K0001", "K0002"],
        "stored": ["K0002"],
        "ready": ["K0001"],
        "overdue": ["K0001"],
        "decide": [],
        "ended": ["K0003"],
    }
    assert desk.get("/custody/summary").json == {
        "held": 2,
        "stored": 1,
        "ready": 1,
        "overdue": 1,
        "decide": 0,
    }


def test_the_policy_is_changed_by_one_person_at_a_time(booking: Service) -> None:
    desk = booking.as_("coordinator")
    rules = {"rework_days": 14, "disposal_days": 30}

    usual = desk.get("/custody-policy").json
    first = desk.put("/custody-policy", rules, if_match=0)
    late = desk.put("/custody-policy", rules, if_match=0)
    second = desk.put("/custody-policy", rules | {"rework_days": 21}, if_match=1)
    wrong = desk.put("/custody-policy", rules | {"disposal_days": 3}, if_match=2)

    assert usual == {"rework_days": 28, "disposal_days": 60, "version": 0}
    assert (first.status_code, late.status_code, wrong.status_code) == (200, 412, 422)
    assert second.json == {"rework_days": 21, "disposal_days": 30, "version": 2}
