"""`python -m tests.browser.shots OUT_DIR [--base URL]`: a picture of every page of a running demo.

Phone (390×844), desk (1280×800) and wall (1920×1080), in both languages, light and dark. A page that
cannot be shown is named at the end, and the exit status is 1.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error

from deploy.driver import Account, Api
from services.identity.use_cases.first_people import DEMO_PASSWORD
from shared import clock
from shared.clock import iso
from tests.browser.test_pages import COORDINATOR, DESK_PAGES, PUBLIC, STUDENT, VOLUNTEER
from tests.browser.visitor import Visitor
from tests.support.browser import DESK, PHONE, WALL, running

LOOKS = (("zh", False), ("en", False), ("zh", True))


class Round:
    """One visit to every page somebody may see, at one size, in one look."""

    def __init__(self, out: Path, base: str, scene: dict[str, str]) -> None:
        self.out, self.base, self.scene = out, base, scene
        self.missing: list[str] = []
        self.taken = 0

    def go(
        self,
        browser: Browser,
        who: str | None,
        size: tuple[str, dict[str, int]],
        look: tuple[str, bool],
        pages: tuple[str, ...],
    ) -> None:
        """Take the pictures of these pages."""
        lang, dark = look
        folder = self.out / f"{size[0]}-{lang}{'-dark' if dark else ''}"
        folder.mkdir(parents=True, exist_ok=True)
        visitor = Visitor(browser, self.base, size=size[1], lang=lang, dark=dark)
        try:
            self._enter(visitor, who)
            for page in pages:
                self._take(visitor, page, folder / f"{who or 'stranger'}{_name(page)}.png")
        finally:
            visitor.close()

    def _enter(self, visitor: Visitor, who: str | None) -> None:
        if who is None:
            return
        visitor.page.goto("/sign-in")
        visitor.page.fill("#f-login", who)
        visitor.page.fill("#f-password", DEMO_PASSWORD)
        with visitor.page.expect_navigation():
            visitor.page.locator("main form button").first.click()

    def _take(self, visitor: Visitor, page: str, file: Path) -> None:
        try:
            path = page.format(**self.scene)
        except KeyError as unknown:
            self.missing.append(f"{page}: the demo has no {unknown}")
            return
        try:
            answer = visitor.page.goto(path, wait_until="load")
            visitor.page.wait_for_timeout(250)
            visitor.page.screenshot(
                path=file, full_page="/wall/" not in path, animations="disabled"
            )
            self.taken += 1
        except Error as problem:
            self.missing.append(f"{path}: {problem.message.splitlines()[0]}")
            return
        if answer is None or answer.status >= 400:
            self.missing.append(f"{path}: {answer.status if answer else 'no answer'}")


def _name(page: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", page.replace("{", "").replace("}", "")).rstrip("-") or "-home"


def find_scene(api: Api) -> dict[str, str]:
    """Find, in a running demo, what the addresses of its pages need."""
    staff = api.sign_in("coordinator", DEMO_PASSWORD)
    found = dict(_sessions(staff))
    offerings = staff.items("catalog", "/offerings")
    found["offering"] = next(one["id"] for one in offerings if one["kind"] == "repair")
    for programme in staff.items("catalog", "/programmes"):
        found["programme"] = programme["id"]
    found |= _places(api.sign_in("student", DEMO_PASSWORD))
    found |= _line(staff, found["repair"])
    found["person"] = staff.get("identity", "/people", q="student")["items"][0]["id"]
    return found


def _sessions(staff: Account) -> Iterator[tuple[str, str]]:
    now = clock.now()
    until = iso(now + timedelta(days=14))
    coming = list(staff.items("catalog", "/sessions", **{"from": iso(now), "to": until}))
    shown = [one for one in coming if one["state"] == "published"]
    for kind in ("repair", "training"):
        yield kind, next(one["id"] for one in shown if one["kind"] == kind)


def _places(student: Account) -> dict[str, str]:
    mine = student.get("booking", "/mine")
    now = iso(clock.now())
    coming = [
        one for one in mine["appointments"] if one["state"] == "booked" and one["starts_at"] > now
    ]
    coming.sort(key=lambda one: str(one["starts_at"]))
    return {"place": coming[-1]["id"]} if coming else {}


def _line(staff: Account, session: str) -> dict[str, str]:
    queue: dict[str, Any] = staff.get("booking", f"/sessions/{session}/queue")
    found: dict[str, str] = {}
    for one in queue["waiting"][:1]:
        found["waiting"] = found["queued"] = one["id"]
    for one in queue["staying"]:
        found |= {"failed": one["id"], "gone": one["id"]}  # as far as the demo has got
    for one in queue["benches"]:
        if one["ticket"]:
            found["ticket"] = one["ticket"]["id"]
    return found


def take(out: Path, base: str) -> tuple[int, list[str]]:
    """Take every picture; return how many, and what could not be shown."""
    api = Api(base)
    try:
        tour = Round(out, base, find_scene(api))
    finally:
        for client in api.clients.values():
            client.close()
    phone, desk, wall = ("phone", PHONE), ("desk", DESK), ("wall", WALL)
    manage = (*COORDINATOR, "/manage/people/{person}")
    with running() as browser:
        for look in LOOKS:
            tour.go(browser, None, phone, look, (*PUBLIC, "/programmes/{programme}"))
            tour.go(
                browser, "student", phone, look, tuple(p for p in STUDENT if "waiting" not in p)
            )
            tour.go(browser, "volunteer", phone, look, VOLUNTEER[:3])
            tour.go(browser, "coordinator", phone, look, (*manage, "/places/{waiting}"))
            tour.go(browser, "coordinator", desk, look, (*manage, *DESK_PAGES))
            tour.go(browser, "student", desk, look, ("/", "/sessions", "/sessions/{repair}", "/me"))
            tour.go(browser, "coordinator", wall, look, ("/wall/{repair}", "/desk/{repair}"))
    return tour.taken, tour.missing


def main() -> int:
    """Read the command line."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("out", type=Path, metavar="OUT_DIR")
    reader.add_argument("--base", default="http://127.0.0.1:8000", metavar="URL")
    given = reader.parse_args()
    taken, missing = take(given.out, given.base.rstrip("/"))
    sys.stdout.write(f"{taken} pictures in {given.out}\n")
    sys.stderr.writelines(f"missing: {one}\n" for one in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
