"""What tests of the ledger start from: somebody has served, and a month is over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services.roster.models import Entry, Hours
from shared.clock import iso
from tests.integration.roster.given import DAY, REPAIR, Roster, entry
from tests.support.clients import ApiClient

MONTH, QUARTER = "2026-12", "2026-Q4"
AFTER = 24 * 40  # hours: the month is over, and so is the time to object


def moment(hours: float, day: datetime = DAY) -> str:
    """Return an instant, in hours from the start of a day's session."""
    return iso(day + timedelta(hours=hours))


def serve(
    roster: Roster,
    came: float = 0,
    left: float | None = 2,
    *,
    who: ApiClient | None = None,
    day: datetime = DAY,
) -> tuple[ApiClient, str]:
    """Let a volunteer serve on a shift of two hours; return who, and the assignment's id."""
    session_id = roster.publish(entry(day=day), day=day)
    volunteer = who or roster.volunteer(REPAIR)
    roster.clock.set(day - timedelta(hours=5))
    taken = roster.take(volunteer, roster.shifts(session_id)[0])
    roster.clock.set(day + timedelta(hours=4))
    path = f"/assignments/{taken['id']}"
    came_at = {"occurred_at": moment(came, day)}
    assert roster.coordinator.post(f"{path}/check-in", came_at).status_code == 200
    if left is not None:
        left_at = {"occurred_at": moment(left, day)}
        assert roster.coordinator.post(f"{path}/check-out", left_at).status_code == 200
    return volunteer, taken["id"]


def correction(roster: Roster, assignment_id: str, **right: Any) -> dict[str, Any]:
    """Return what a coordinator sends to correct hours, from 0 to 1 h unless told otherwise."""
    stands = roster.coordinator.get(f"/hours/{assignment_id}")
    seen = stands.json["version"] if stands.status_code == 200 else 0
    body = {"checked_in_at": moment(0), "checked_out_at": moment(1), "reason": "签退写错了"}
    return body | {"seen": seen} | right


def step(client: ApiClient, act: str, name: str = MONTH, **body: Any) -> Any:
    """Do a step of a review."""
    return client.post(f"/periods/{name}/{act}", body)


def close_month(roster: Roster, name: str = MONTH) -> dict[str, Any]:
    """Let two coordinators review a month and close it; return the review."""
    other = roster.client(roster.new("coordinator"))
    for client, act in (
        (roster.coordinator, "check"),
        (other, "cross_check"),
        (roster.coordinator, "close"),
    ):
        answer = step(client, act, name)
        assert answer.status_code == 200, answer.json
    review: dict[str, Any] = answer.json
    return review


def sums(roster: Roster) -> tuple[int, int]:
    """Return the sum of the ledger's changes, and of what counts now."""
    with roster.service.database.reading() as session:
        entries = sum(session.scalars(select(Entry.change)))
        return entries, sum(session.scalars(select(Hours.minutes)))
