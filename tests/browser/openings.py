"""Draws to look at: one ahead, one in its minute, one just decided that people had entered."""

from datetime import timedelta
from typing import Any

from deploy import acts
from deploy.driver import Account, eventually
from shared import clock
from shared.clock import iso
from tests.browser.centre import KETTLE, Centre

LATE = timedelta(seconds=30)  # of the minute is over; it ends while the rest of the scene is set
ENTRANTS = 5


def opening(centre: Centre, student: Account) -> dict[str, str]:
    """One session opens in two hours, in another the student and others are in the draw that soon ends."""
    entrants = [student, *(centre.someone() for _ in range(ENTRANTS - 1))]
    drawn = drawn_for(centre, 6, clock.now() - LATE, crew=1)
    for who in entrants:
        enter(centre, drawn, who)
    ahead = drawn_for(centre, 5, clock.now() + timedelta(hours=2))
    return {"ahead": ahead, "drawn": drawn}


def open_now(centre: Centre, student: Account) -> str:
    """A session whose minute has just begun; the student and somebody else have entered."""
    session = drawn_for(centre, 7, clock.now() - timedelta(seconds=2))
    for who in (student, centre.someone()):
        enter(centre, session, who)
    return session


def decided(centre: Centre, session: str) -> None:
    """Wait until the draw of a session has been made."""

    def look() -> bool:
        answer = centre.staff.get("booking", f"/sessions/{session}/draw")
        return bool(answer["state"] == "drawn")

    eventually(look, "the draw")


def drawn_for(centre: Centre, days: int, opens: Any, crew: int = 2) -> str:
    """Publish a session some days ahead that opens with a draw."""
    local = (clock.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    more: dict[str, Any] = {"opening": "draw", "booking_opens_at": iso(opens)}
    return centre.repair(local.replace(hour=10), crew=crew, hours=1, **more)


def enter(centre: Centre, session: str, who: Account) -> None:
    """Enter the draw, wishing for the first two slots."""
    slots = acts.open_slots(centre.staff, session, 1)
    wishes = [slot["id"] for slot in slots[:2]]
    body = {"wishes": wishes, "devices": [dict(KETTLE)], "waiver_version": None}
    who.post("booking", f"/sessions/{session}/draw/entry", body)
