"""What tests of proposals start from: a week of sessions, people with time, a search that was run."""

from datetime import timedelta
from typing import Any

from services.roster.use_cases.searching import search_next
from tests.integration.roster.given import DAY, REPAIR, Roster, entry
from tests.support.clients import ApiClient

DAYS = {"from_on": "2026-12-01", "until_on": "2026-12-07"}


def week(roster: Roster, days: int = 3, *, at_most: int = 2) -> list[str]:
    """Publish a session on each of some days; return their ids."""
    found = []
    for n in range(days):
        day = DAY + timedelta(days=n)
        found.append(roster.publish(entry((0, 2), day=day, at_most=at_most), day=day))
    return found


def free(who: ApiClient, **limits: Any) -> ApiClient:
    """Let a volunteer be free every day, and nobody's newcomer."""
    hours = [{"weekday": weekday, "starts": "08:00", "ends": "22:00"} for weekday in range(1, 8)]
    answer = who.put("/availability/mine/weekly", {"hours": hours})
    assert answer.status_code == 200, answer.json
    if limits:
        answer = who.put("/availability/mine/limits", limits)
        assert answer.status_code == 200, answer.json
    return who


def people(roster: Roster, many: int = 3, skill: str | None = REPAIR) -> list[ApiClient]:
    """Return volunteers who have the skill and are free, and whom a coordinator calls experienced."""
    found = []
    for _ in range(many):
        who = free(roster.volunteer(*([skill] if skill else [])))
        assert who.person is not None
        path = f"/volunteers/{who.person.id}/newcomer"
        assert roster.coordinator.put(path, {"newcomer": False}).status_code == 200
        found.append(who)
    return found


def propose(roster: Roster, seconds: int = 1, **how: Any) -> str:
    """Ask for a proposal; return its id."""
    answer = roster.coordinator.post("/proposals", {**DAYS, "seconds": seconds, **how})
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def solved(roster: Roster, **how: Any) -> str:
    """Ask for a proposal and let the worker look for it; return its id."""
    made = propose(roster, **how)
    assert search_next(roster.service.database, lambda: False)
    return made


def plan(roster: Roster, made: str) -> dict[str, Any]:
    """Return the plan of a proposal."""
    answer = roster.coordinator.get(f"/proposals/{made}/plan")
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def cells(roster: Roster, made: str) -> set[tuple[str, str]]:
    """Return who is planned where."""
    return {
        (cell["shift_id"], cell["person_id"])
        for shift in plan(roster, made)["shifts"]
        for cell in shift["cells"]
    }
