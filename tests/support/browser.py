"""A real browser for tests: Debian's Chromium, driven by Playwright."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.local_servers import chromium, debian

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
WALL = {"width": 1920, "height": 1080}


def says() -> str:
    """One line for the header of a run: what is used and from where."""
    found = chromium.find_chromium()
    if found:
        return f"Browser: {found.program}"
    return f"Browser: {debian.how_to_get(chromium.PACKAGES)}"


@contextmanager
def running() -> Iterator[Browser]:
    """Start the browser for a while."""
    found = chromium.provide_chromium()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in found.env.items():  # Playwright's driver needs the libraries too
            patch.setenv(name, value)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(found.program), args=QUIET)
            yield browser
            browser.close()
