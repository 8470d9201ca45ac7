"""People at work: a volunteer who may test devices, somebody called to a bench."""

from deploy import acts
from deploy.driver import Account, eventually
from shared.http_client import Problem
from tests.browser.centre import Centre


def tester(centre: Centre, session: str) -> Account:
    """Return a volunteer who has joined, may test devices, and has a shift here."""
    made = centre.helper()
    at_work(centre, session, made)
    return made


def at_work(centre: Centre, session: str, made: Account) -> None:
    """Let a volunteer who has joined test devices, and give them a shift."""
    acts.grant(centre.staff, made.id, ["small_appliance", "electrical_safety"])
    acts.put_on_shift(centre.staff, acts.shifts_of(centre.staff, session)[0]["id"], made.id)
    eventually(lambda: sees_line(made, session), f"booking knows that {made.login} works here")


def sees_line(who: Account, session: str) -> bool:
    """Whether booking lets somebody look at the line of a session."""
    try:
        who.get("booking", f"/sessions/{session}/queue")
    except Problem:
        return False
    return True


def at_bench(staff: Account, session: str, bench: int, number: str | None = None) -> str:
    """Call somebody, the next unless a number is given, and start; return the ticket."""
    asked = {"bench": bench, **({"number": number} if number else {})}
    visit = staff.post("booking", f"/sessions/{session}/call-next", asked)
    ticket = str(visit["devices"][0]["id"])
    staff.post("booking", f"/tickets/{ticket}/start", {"bench": bench})
    return ticket
