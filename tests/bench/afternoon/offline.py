"""The desk while the Wi-Fi is gone: acts are kept under ids of their own, calls name a number, all is sent later."""

from collections.abc import Callable
from typing import Any, Protocol

from playwright.sync_api import Page

from deploy.driver import Account, eventually
from shared import clock
from shared.clock import iso
from shared.ids import new_id
from tests.support.offline_desk import fill_form

Said = dict[str, Any]


class Kept(Protocol):
    """What a desk can do without a network. `who` is a number, or the temporary one of a walk-in."""

    acts: int

    def check_in(self, appointment_id: str) -> None:
        """Somebody who booked is here."""

    def walk_in(self, device: Said) -> str:
        """Somebody without a booking is here; return the temporary number."""

    def call(self, who: str, bench: int) -> None:
        """Call that number to a bench."""

    def start(self, who: str, bench: int) -> bool:
        """Work begins; False where the desk has no way to say so."""

    def outcome(self, who: str, said: Said) -> None:
        """Say what came of a device."""

    def absent(self, who: str, bench: int) -> None:
        """Whoever was called there before did not come."""

    def back(self, who: str) -> None:
        """They are here again."""

    def send(self) -> dict[str, str]:
        """The network is back: everything is sent; return the true numbers of temporary ones."""


class Notes:
    """A client of the API that keeps acts as the page of the desk does."""

    def __init__(self, staff: Account, session_id: str) -> None:
        self.staff, self.session_id = staff, session_id
        self.acts = 0
        self._notes: list[Said] = []
        self._temps: dict[str, str] = {}

    def check_in(self, appointment_id: str) -> None:
        """Somebody who booked is here."""
        self._keep("check_in", appointment_id=appointment_id)

    def walk_in(self, device: Said) -> str:
        """Somebody without a booking is here."""
        temp = f"T{len(self._temps) + 1}"
        self._temps[temp] = self._keep("walk_in", devices=[device])
        return temp

    def call(self, who: str, bench: int) -> None:
        """Call that number to a bench."""
        self._keep("call", **self._named(who), bench=bench)

    def start(self, who: str, bench: int) -> bool:
        """Work begins."""
        self._keep("start", **self._named(who), bench=bench)
        return True

    def outcome(self, who: str, said: Said) -> None:
        """Say what came of a device."""
        self._keep("outcome", **self._named(who), **said)

    def absent(self, who: str, bench: int) -> None:
        """Whoever was called there before did not come."""
        self._keep("absent", **self._named(who))

    def back(self, who: str) -> None:
        """They are here again."""
        self._keep("back", **self._named(who))

    def send(self) -> dict[str, str]:
        """Send every act in its order."""
        path = f"/sessions/{self.session_id}/desk-acts"
        became = {
            act["id"]: self.staff.post("booking", path, act, key=act["id"]) for act in self._notes
        }
        return {temp: str(became[id]["number"]) for temp, id in self._temps.items()}

    def _keep(self, kind: str, **given: Any) -> str:
        act = {"id": new_id(), "kind": kind, "given": given, "occurred_at": iso(clock.now())}
        self._notes.append(act)
        self.acts += 1
        return str(act["id"])

    def _named(self, who: str) -> Said:
        return {"of": self._temps[who]} if who in self._temps else {"number": who}


class PageNotes:
    """The page of the desk itself, in a browser without a network."""

    def __init__(self, page: Page, staff: Account) -> None:
        self.page, self.staff = page, staff
        self.acts = 0

    def check_in(self, appointment_id: str) -> None:
        """Scan the code that somebody's phone shows."""
        code = self.staff.get("booking", f"/places/{appointment_id}")["check_in_code"]
        self._scan(code)

    def walk_in(self, device: Said) -> str:
        """Fill the form that gives temporary numbers."""
        self._form("walk_in", category_id=str(device["category_id"]))
        return str(self._kept()[-1]["temp"])

    def call(self, who: str, bench: int) -> None:
        """Fill the form that calls by number."""
        self._form("call", number=who, bench=str(bench))

    def start(self, who: str, bench: int) -> bool:
        """Press "start" on the bench; who was called without a network stands on none."""
        card = self.page.locator(f"[data-bench='{bench}'].is-called:has-text('{who}')")
        if not card.count():
            return False
        self._done(lambda: card.locator("[data-main]").click())
        return True

    def outcome(self, who: str, said: Said) -> None:
        """Fill the form of outcomes."""
        self._form("outcome", number=who, status=said["status"])

    def absent(self, who: str, bench: int) -> None:
        """Press "absent" on the bench."""
        card = self.page.locator(f"[data-bench='{bench}'].is-called:has-text('{who}')")
        self._done(lambda: card.locator("form[action$='/absent'] button").click())

    def back(self, who: str) -> None:
        """Type the number of somebody who is here again."""
        self._scan(who)

    def send(self) -> dict[str, str]:
        """The page sends by itself; wait until it has, and read the true numbers from it."""
        eventually(
            lambda: all(one["state"] != "waiting" for one in self._kept()),
            "the desk's page sends what it kept",
        )
        return {one["temp"]: one["number"] for one in self._kept() if one["temp"] and one["number"]}

    def _scan(self, typed: str) -> None:
        def act() -> None:
            self.page.fill("#scan", typed)
            self.page.keyboard.press("Enter")

        self._done(act)
        self.page.keyboard.press("Escape")

    def _form(self, kind: str, **typed: str) -> None:
        self._done(lambda: fill_form(self.page, kind, **typed))

    def _done(self, act: Callable[[], object]) -> None:
        """Act, and wait until the page has it in its store."""
        before = len(self._kept())
        act()
        eventually(lambda: len(self._kept()) > before, "the desk's page keeps an act")
        self.acts += 1

    def _kept(self) -> list[Said]:
        return list(self.page.evaluate("xiuhaoKept.all()"))
