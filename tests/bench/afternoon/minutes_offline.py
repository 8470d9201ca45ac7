"""The minutes without Wi-Fi: who came, who was called, what is still to be said when the network is back."""

from datetime import datetime
from typing import Any

from tests.bench.afternoon.centre import Centre
from tests.bench.afternoon.offline import Kept
from tests.bench.afternoon.plan import BOOKED
from tests.bench.afternoon.record import Wait
from tests.bench.afternoon.windows import Windows


class Gap:
    """`seen` is the line as the desk saw it last; `begun` what it could not say (wait, bench, when)."""

    def __init__(self, notes: Kept, centre: Centre, seen: list[Wait]) -> None:
        self.notes, self.centre, self.seen = notes, centre, seen
        self.came: list[Wait] = []
        self.begun: dict[int, tuple[Wait, int, datetime]] = {}
        self._taken_in: list[Wait] = []

    def arrive(self, wait: Wait) -> None:
        """Scan a booking, or give a temporary number."""
        self.came.append(wait)
        if wait.client.kind == BOOKED:
            self.notes.check_in(self.centre.appointments[wait.client.index])
            return
        wait.number = self.notes.walk_in(wait.client.device)
        self._taken_in.append(wait)

    def call(self, bench: int) -> Wait | None:
        """Call the next of the line as it was seen last, then those with temporary numbers.

        Who was checked in since has a number that nobody knows yet.
        """
        line = self.seen or self._taken_in
        if not line:
            return None
        wait = line.pop(0)
        self.notes.call(wait.number, bench)
        return wait

    def start(self, wait: Wait, bench: int, now: datetime) -> None:
        """Say that work begins, or remember to say so."""
        if not self.notes.start(wait.number, bench):
            self.begun[wait.client.index] = (wait, bench, now)

    def close(self, wait: Wait, said: dict[str, Any]) -> None:
        """Say what came of it; what ended has begun."""
        self.notes.outcome(wait.number, said)
        self.begun.pop(wait.client.index, None)

    def found(self, wait: Wait, numbers: dict[str, str]) -> dict[str, Any]:
        """Return the place of somebody who came meanwhile, now that the suite knows them."""
        staff = self.centre.staff
        if wait.client.kind == BOOKED:
            place = staff.get("booking", f"/places/{self.centre.appointments[wait.client.index]}")
            if place["visit"] is not None:
                return dict(place)
        number = numbers.get(wait.number, wait.number)
        return self.centre.place_of(number)


def decided(centre: Centre, windows: Windows | None, gone: set[str]) -> tuple[list[str], int]:
    """Decide what did not fit: what stands holds of who has `gone`, what the desk meant of others.

    Return the conflicts (act: reason), and how many are still open.
    """
    path = f"/sessions/{centre.session_id}/desk-conflicts"
    found = []
    for one in centre.staff.get("booking", path)["items"]:
        found.append(f"{one['kind']}: {one['code']}")
        stands = one["stands"]
        decision = "theirs" if stands and stands["number"] in gone else "mine"
        if windows:
            windows.decide(one["act_id"], decision)
        else:
            answer = {"decision": decision}
            centre.staff.post("booking", f"/desk-conflicts/{one['act_id']}/decide", answer)
    return found, int(centre.staff.get("booking", path)["open"])
