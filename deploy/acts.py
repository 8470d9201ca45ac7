"""What people of a centre do, step by step, through the public API."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from deploy.driver import Account, eventually
from shared.clock import iso
from shared.http_client import Problem

Device = dict[str, Any]
Outcome = dict[str, Any]


BOOK_ELSEWHERE = ("slot_full", "not_enough_room", "overlapping_booking", "slot_past")


def plan_session(
    staff: Account, offering: str, venue: str, starts: datetime, ends: datetime, **more: Any
) -> str:
    """Plan one session and publish it; return its id."""
    plan = {
        "offering_id": offering,
        "venue_id": venue,
        "starts_at": iso(starts),
        "ends_at": iso(ends),
        **more,
    }
    made = staff.post("catalog", "/sessions", plan)
    staff.post("catalog", f"/sessions/{made['id']}/publish", {"scope": "this"})
    return str(made["id"])


def grant(staff: Account, person_id: str, skills: list[str]) -> None:
    """Let a volunteer have these skills, as soon as the roster knows them."""

    def look() -> bool | None:
        try:
            staff.put("roster", f"/volunteers/{person_id}/skills", {"skills": skills})
        except Problem as problem:
            if problem.status != 404:
                raise
            return None
        return True

    eventually(look, f"volunteer {person_id} in the roster")


def shifts_of(staff: Account, session_id: str) -> list[dict[str, Any]]:
    """Return the session's shifts, as soon as the roster has heard of it."""

    def look() -> list[dict[str, Any]] | None:
        try:
            found = staff.get("roster", f"/sessions/{session_id}/shifts")["items"]
        except Problem as problem:
            if problem.status != 404:
                raise
            return None
        return list(found) or None

    return eventually(look, f"the shifts of session {session_id}")


def put_on_shift(staff: Account, shift_id: str, person_id: str) -> dict[str, Any]:
    """Put a volunteer on a shift, as soon as the roster has heard of their role."""

    def look() -> dict[str, Any] | None:
        try:
            return dict(
                staff.post("roster", f"/shifts/{shift_id}/accept", {"person_id": person_id})
            )
        except Problem as problem:
            if problem.code != "role_missing":
                raise
            return None

    return eventually(look, f"the role of volunteer {person_id} in the roster")


def open_slots(who: Account, session_id: str, capacity: int) -> list[dict[str, Any]]:
    """Return the session's slots, as soon as they are open for ``capacity`` devices in all."""

    def look() -> list[dict[str, Any]] | None:
        try:
            slots = who.get("booking", f"/sessions/{session_id}/slots")["slots"]
        except Problem as problem:
            if problem.status != 404:
                raise
            return None
        enough = sum(slot["open_capacity"] for slot in slots) >= capacity
        return slots if enough and slots else None

    return eventually(look, f"{capacity} places in session {session_id}")


def book(
    who: Account, slots: Sequence[dict[str, Any]], devices: list[Device], **more: Any
) -> dict[str, Any]:
    """Book the first slot with room for the devices; count what was refused on the way."""
    for slot in slots:
        if slot["free"] < len(devices):
            continue
        try:
            body = {"slot_id": slot["id"], "devices": devices, **more}
            made: dict[str, Any] = who.post("booking", "/appointments", body)
        except Problem as problem:
            if problem.code not in BOOK_ELSEWHERE:
                raise
            who.api.tally.add("refusals")
            slot["free"] = 0
            continue
        slot["free"] -= len(devices)
        who.api.tally.add("bookings")
        return made
    raise LookupError("no slot of this session has room")


def arrive(
    staff: Account, session_id: str, appointment_id: str, at: datetime | None = None
) -> dict[str, Any]:
    """Check somebody in who has booked, now or as noted ``at`` the desk."""
    body = {"appointment_id": appointment_id, **({"occurred_at": iso(at)} if at else {})}
    return dict(staff.post("booking", f"/sessions/{session_id}/check-ins", body))


def walk_in(
    staff: Account,
    session_id: str,
    name: str,
    devices: list[Device],
    at: datetime | None = None,
) -> dict[str, Any]:
    """Take somebody in who has not booked, now or as noted ``at`` the desk."""
    body = {"name": name, "devices": devices, **({"occurred_at": iso(at)} if at else {})}
    made = staff.post("booking", f"/sessions/{session_id}/walk-ins", body)
    staff.api.tally.add("walk-ins")
    return dict(made)


def call_next(staff: Account, session_id: str, bench: int) -> dict[str, Any] | None:
    """Call the next in line to ``bench``; None when nobody waits."""
    try:
        body = {"bench": bench}
        return dict(staff.post("booking", f"/sessions/{session_id}/call-next", body))
    except Problem as problem:
        if problem.code != "nobody_waiting":
            raise
        return None


def serve_everybody(
    staff: Account,
    session_id: str,
    benches: int,
    outcome_of: Callable[[str], Outcome],
) -> int:
    """Call, start and close at one bench after the other; return how many devices were closed."""
    served, bench = 0, 0
    while visit := call_next(staff, session_id, bench % benches + 1):
        served += serve(staff, visit, bench % benches + 1, outcome_of)
        bench += 1
    return served


def serve_at(
    staff: Account, session_id: str, bench: int, outcome_of: Callable[[str], Outcome]
) -> int:
    """Call to one bench until nobody waits; return how many devices were closed there."""
    served = 0
    while visit := call_next(staff, session_id, bench):
        served += serve(staff, visit, bench, outcome_of)
    return served


def serve(
    staff: Account, visit: dict[str, Any], bench: int, outcome_of: Callable[[str], Outcome]
) -> int:
    """Start and close every device of somebody who was called; return how many."""
    for ticket in visit["devices"]:
        staff.post("booking", f"/tickets/{ticket['id']}/start", {"bench": bench})
        staff.post("booking", f"/tickets/{ticket['id']}/close", outcome_of(ticket["id"]))
    return len(visit["devices"])
