"""`python -m tests.browser.shots OUT_DIR [--base URL]`: a picture of every page of a running demo.

Phone (390×844), desk (1280×800) and wall (1920×1080), in both languages, light and dark. It lets a scene of its
own happen in the demo first, so that every page has something to show: give it one to throw away. A page that cannot
be shown is named at the end, and the exit status is 1.
"""

import argparse
import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error

from deploy.driver import Api
from services.identity.use_cases.first_people import DEMO_PASSWORD
from tests.browser.centre import Centre
from tests.browser.pages import BOARDS, COORDINATOR, DESK_PAGES, PUBLIC, STUDENT, VOLUNTEER
from tests.browser.scene import PASSWORD, build, type_a_device
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
        visitor.page.fill("#f-login", self.scene.get(who, who))
        visitor.page.fill("#f-password", PASSWORD if who in self.scene else DEMO_PASSWORD)
        with visitor.page.expect_navigation():
            visitor.page.locator("main form button").first.click()
        if who == "student":
            visitor.page.goto(f"/sessions/{self.scene['coming']}/book")
            type_a_device(visitor)

    def _take(self, visitor: Visitor, page: str, file: Path) -> None:
        path = page.format(**self.scene)
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


def take(out: Path, base: str) -> tuple[int, list[str]]:
    """Take every picture; return how many, and what could not be shown."""
    api = Api(base)
    try:
        centre = Centre(api)
        centre.find()
        tour = Round(out, base, build(centre))
    finally:
        api.close()
    phone, desk, wall = ("phone", PHONE), ("desk", DESK), ("wall", WALL)
    with running() as browser:
        for look in LOOKS:
            tour.go(browser, None, phone, look, PUBLIC)
            tour.go(browser, "student", phone, look, STUDENT)
            tour.go(browser, "volunteer", phone, look, VOLUNTEER)
            tour.go(browser, "coordinator", phone, look, COORDINATOR)
            tour.go(browser, "coordinator", desk, look, (*COORDINATOR, *DESK_PAGES))
            tour.go(browser, "student", desk, look, ("/", "/sessions", "/sessions/{repair}", "/me"))
            tour.go(browser, "coordinator", wall, look, (*BOARDS, "/desk/{repair}"))
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
