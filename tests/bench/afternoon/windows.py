"""The part of the afternoon that a real browser does: check-ins, one bench and all without Wi-Fi; the wall, a ticket."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page

from deploy.driver import Account
from services.identity.use_cases.first_people import DEMO_PASSWORD
from shared import clock
from tests.support.browser import DESK, PHONE, WALL, running

BENCH = 1  # whose calls, starts and outcomes are done in the browser
EACH = 4  # every fourth booked person is checked in there
DIGITS = {"Fixed": "1", "Repairable": "2", "Unknown": "4"}
DONE = ("check_ins", "calls", "starts", "outcomes", "decisions", "tickets_watched")
SEEN_MS = 10_000
LIVE = "[data-live-status][data-state=live]"
WAITS = "[data-live-status][data-state=wait]"


class Windows:
    """Three windows on the suite; `seconds` holds how long each took to show what was done."""

    def __init__(self, browser: Browser, url: str, where: Path) -> None:
        self.url, self.where = url, where
        self.done = dict.fromkeys(DONE, 0)
        self.seconds: dict[str, list[float]] = {"wall": [], "ticket": [], "back": []}
        self.desk, self._wall, self._phone = (
            self._window(browser, size) for size in (DESK, WALL, PHONE)
        )
        self._watched: str | None = None

    def open(self, session_id: str, staff: Account) -> None:
        """Sign in at the desk and open the wall."""
        self.session_id, self.staff = session_id, staff
        # asked anew whenever the line moves: every few seconds here, where it is minutes in life
        self.desk.route("**/what-if?*", lambda route: route.abort())
        self.clock_shows(clock.now())
        for page, path in ((self.desk, "desk"), (self._wall, "wall")):
            page.goto("/sign-in")
            page.fill("#f-login", "coordinator")
            page.fill("#f-password", DEMO_PASSWORD)
            page.locator("main form button").first.click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
            page.goto(f"/{path}/{session_id}")
            page.locator(LIVE).first.wait_for(state="attached")
        self.desk.locator("#desk-offline[data-ready]").wait_for(state="attached")

    def clock_shows(self, moment: datetime) -> None:
        """Let the desk's device show the simulated time; its timers run as ever."""
        self.desk.clock.set_fixed_time(moment)

    def takes(self, index: int) -> bool:
        """Whether this person is checked in at the browser's desk."""
        return index % EACH == 0

    def runs(self, bench: int) -> bool:
        """Whether this bench is worked from the browser."""
        return bench == BENCH

    def check_in(self, appointment_id: str) -> dict[str, Any] | None:
        """Type the code of a ticket at the desk; None where the desk says that there is no such place."""
        code = self.staff.get("booking", f"/places/{appointment_id}")["check_in_code"]
        self.desk.fill("#scan", code)
        self.desk.keyboard.press("Enter")
        self._idle()
        self.desk.keyboard.press("Escape")
        place = dict(self.staff.get("booking", f"/places/{appointment_id}"))
        if place["visit"] is None:
            return None
        self.done["check_ins"] += 1
        return place

    def call(self, bench: int) -> dict[str, Any] | None:
        """Choose the bench by its digit and call by Enter; see the call on the wall and on the ticket."""
        queue = self._queue()
        if not queue["waiting"]:
            return None
        number = queue["waiting"][0]["number"]
        self.desk.locator(f".desk-row.is-next:has-text('{number}')").wait_for()
        self.desk.locator(f"[data-bench='{bench}']:not(.is-serving, .is-called)").wait_for()
        since = time.monotonic()
        self._press(bench)
        self.desk.locator(f"[data-bench='{bench}'].is-called").wait_for()
        self._seen(self._wall, f"[data-part=number]:has-text('{number}')", "wall", since)
        if self._watched == number:
            self._seen(self._phone, ".ticket.called", "ticket", since)
            self._watched = None
        self.done["calls"] += 1
        (visit,) = (one for one in self._queue()["called"] if one["bench"] == bench)
        return dict(visit)

    def start(self, bench: int) -> None:
        """Begin with whoever was called to the bench, by Enter."""
        self.desk.locator(f"[data-bench='{bench}'].is-called").wait_for()
        self._press(bench)
        self.desk.locator(f"[data-bench='{bench}'].is-serving").wait_for()
        self._idle()
        self.done["starts"] += 1

    def close(self, said: dict[str, Any]) -> bool:
        """Record an outcome by keyboard; False for those that need more than a digit."""
        digit = DIGITS.get(said["status"])
        if digit is None:
            return False
        self.desk.locator(f"[data-bench='{BENCH}'].is-serving").wait_for()
        self._press(BENCH)
        dialog = self.desk.locator("dialog[open]")
        dialog.locator("[name=status]").first.wait_for()
        self.desk.keyboard.press(digit)
        self.desk.keyboard.press("Enter")
        dialog.wait_for(state="detached")
        self._idle()
        self.done["outcomes"] += 1
        return True

    def decide(self, act_id: str, decision: str) -> None:
        """Decide about an act that did not fit, on the page that lists them; come back to the desk."""
        self.desk.goto(f"/desk/{self.session_id}/conflicts")
        self.desk.locator(f"form[action$='/{act_id}/{decision}'] button").click()
        self.desk.locator(f"form[action$='/{act_id}/{decision}']").wait_for(state="detached")
        self.desk.goto(f"/desk/{self.session_id}")
        self.desk.locator(LIVE).first.wait_for(state="attached")
        self.done["decisions"] += 1

    def watch_ticket(self, place: dict[str, Any]) -> None:
        """Open somebody's ticket by its link, unless another one is being watched."""
        if self._watched is not None or not place.get("key"):
            return
        self._phone.goto(f"/places/{place['id']}?key={place['key']}")
        self._phone.locator(LIVE).first.wait_for(state="attached")
        self._watched = place["number"]
        self.done["tickets_watched"] += 1

    def cut(self, queue: dict[str, Any]) -> None:
        """Take the network away from the desk and the wall, when the desk shows the line as it is."""
        for one in queue["called"]:
            card = f"[data-bench='{one['bench']}'].is-called:has-text('{one['number']}')"
            self.desk.locator(card).wait_for()
        for one in queue["waiting"]:
            self.desk.locator(f".desk-row:has-text('{one['number']}')").wait_for(state="attached")
        self._idle()
        for page in (self.desk, self._wall):
            page.context.set_offline(True)
        self.desk.locator(".desk-page.is-offline").wait_for()

    def mend(self) -> None:
        """Give it back; both follow again by themselves."""
        since = time.monotonic()
        for page in (self.desk, self._wall):
            page.context.set_offline(False)
        for page in (self.desk, self._wall):
            page.locator(LIVE).first.wait_for(state="attached", timeout=60_000)
            self.seconds["back"].append(time.monotonic() - since)
        self.desk.locator(".desk-page:not(.is-offline)").wait_for()

    def picture(self) -> None:
        """Keep a picture of the desk that did not do what it should."""
        self.desk.screenshot(path=self.where)

    def figures(self) -> dict[str, float]:
        """Return how many acts were done here, and the seconds until other screens showed them."""
        wall = sorted(self.seconds["wall"])
        return {
            **self.done,
            "wall_p50_s": round(wall[len(wall) // 2], 2) if wall else 0.0,
            **{
                f"{name}_longest_s": round(max(found, default=0.0), 2)
                for name, found in self.seconds.items()
            },
        }

    def _window(self, browser: Browser, size: dict[str, int]) -> Page:
        context = browser.new_context(
            base_url=self.url,
            viewport={"width": size["width"], "height": size["height"]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(30_000)
        return context.new_page()

    def _queue(self) -> dict[str, Any]:
        return dict(self.staff.get("booking", f"/sessions/{self.session_id}/queue"))

    def _press(self, bench: int) -> None:
        self._idle()
        self.desk.keyboard.press("Escape")
        self.desk.keyboard.press(str(bench))
        self.desk.locator(f"[data-bench='{bench}'].is-chosen").wait_for()
        self.desk.keyboard.press("Enter")

    def _idle(self) -> None:
        self.desk.locator("[data-desk]:not([aria-busy])").wait_for()

    def _seen(self, page: Page, selector: str, name: str, since: float) -> None:
        try:
            page.locator(selector).first.wait_for(timeout=SEEN_MS)
        except Error:
            self.seconds[name].append(SEEN_MS / 1000)
        else:
            self.seconds[name].append(time.monotonic() - since)


@contextmanager
def opened(url: str, picture: Path) -> Iterator[Windows]:
    """Start the browser on a suite for a while."""
    with running() as browser:
        yield Windows(browser, url, picture)
