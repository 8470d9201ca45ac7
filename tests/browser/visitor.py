"""Somebody at a browser, who looks at every page as a careful reader would."""

import re
from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from services.identity.use_cases.first_people import DEMO_PASSWORD, DEMO_PEOPLE
from shared.masking import masked_name
from tests.support.browser import PHONE

BAD_IMPACTS = ("serious", "critical")
FOREIGN = re.compile(r"[㐀-鿿豈-﫿、。，：；！？（）「」]")
NAMES = sorted({name for name, _ in DEMO_PEOPLE.values()}, key=len, reverse=True)
WATCH = """
window.__broken = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.__broken.push("content policy: " + event.violatedDirective + " " + event.blockedURI);
});
"""
FINDINGS = """() => {
  const found = [];
  const seen = (element) => element.checkVisibility();
  const headings = Array.from(document.querySelectorAll("h1")).filter(seen);
  if (headings.length !== 1) found.push(headings.length + " h1: " + headings.map((h) => h.textContent.trim()));
  if (!document.title.trim()) found.push("no title");
  if (!document.documentElement.lang) found.push("no lang");
  for (const input of document.querySelectorAll("input, select, textarea")) {
    if (input.type === "hidden" || !seen(input)) continue;
    if (!input.labels.length && !input.getAttribute("aria-label") && !input.getAttribute("aria-labelledby")) {
      found.push("no label: " + input.outerHTML.slice(0, 120));
    }
  }
  if (/<\\/?(bdi|b|span|a)\\b/.test(document.body.innerText)) found.push("markup that is shown as text");
  for (const image of document.querySelectorAll("img:not([alt])")) found.push("no alt: " + image.src);
  return found.concat(window.__broken || []);
}"""
WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = Array.from(document.body.querySelectorAll("*"))
    .filter((e) => e.getBoundingClientRect().right > room + 1 && e.checkVisibility()).slice(0, 5)
    .map((e) => e.tagName.toLowerCase() + "." + e.className);
  return ["wider than " + room + " px: " + wide.join(", ")];
}"""
TEXTS = """() => {
  const found = [document.title];
  const skip = "bdi, script, style, noscript, [lang^=zh], [data-other-language], textarea";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest(skip) || !parent.checkVisibility() && parent.tagName !== "OPTION") continue;
    if (walker.currentNode.data.trim()) found.push(walker.currentNode.data.trim());
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"]) {
    for (const e of document.querySelectorAll("[" + name + "]")) {
      if (!e.closest("[lang^=zh]")) found.push(e.getAttribute(name));
    }
  }
  return found;
}"""


class Visitor:
    """A browser of one person: signs in, goes to pages, fills forms; every page it sees is checked."""

    def __init__(
        self,
        browser: Browser,
        base: str,
        *,
        size: dict[str, int] = PHONE,
        lang: str = "zh",
        scripts: bool = True,
        data: Sequence[str] = (),
        dark: bool = False,
    ) -> None:
        self.base, self.lang, self.data = base, lang, list(data)
        self.scripts = scripts
        self.narrow = size["width"] <= PHONE["width"]
        self.context: BrowserContext = browser.new_context(
            base_url=base,
            viewport={"width": size["width"], "height": size["height"]},
            locale="zh-CN" if lang == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        self.context.add_init_script(WATCH)
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.calm = True
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        expected = "Failed to load resource" in message.text and (
            not self.calm or re.search(r"status of (4\d\d|503)", message.text)
        )
        if message.type == "error" and not expected and self.calm:
            self.problems.append(f"console: {message.text} ({message.location.get('url')})")

    def close(self) -> None:
        """Close the browser window."""
        self.context.close()

    def sign_in(self, login: str, password: str = DEMO_PASSWORD) -> "Visitor":
        """Sign in through the form."""
        self.go("/sign-in")
        self.page.fill("#f-login", login)
        self.page.fill("#f-password", password)
        self.send("main form button")
        assert "/sign-in" not in self.page.url, self.page.locator("main").inner_text()
        return self

    def go(self, path: str) -> "Visitor":
        """Open a page and check it."""
        answer = self.page.goto(path, wait_until="domcontentloaded")
        assert answer is not None, path
        assert answer.status < 400, f"{path}: {answer.status}"
        self.check()
        return self

    def send(self, button: str | Locator) -> "Visitor":
        """Press a button that leads to a page, and check that page."""
        target = self.page.locator(button) if isinstance(button, str) else button
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            target.first.click()
        self.check()
        return self

    def press(self, name: str) -> "Visitor":
        """Press the button or follow the link with this text, and check where it leads."""
        found = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        return self.send(found)

    def choose(self, selector: str) -> None:
        """Choose a radio or tick a box, as people do: by its label."""
        self.page.locator(selector).check(force=True)

    @property
    def path(self) -> str:
        """Where the visitor is."""
        return self.page.url.removeprefix(self.base)

    def text(self) -> str:
        """What the page says, apart from its header and footer."""
        return self.page.locator("main").inner_text()

    def says(self, text: str, seconds: float = 15) -> None:
        """Wait until the page says this, by itself."""
        self.page.locator("main").get_by_text(text).first.wait_for(timeout=seconds * 1000)

    def check(self) -> None:
        """Look at the page as a careful reader would; complain about what is wrong with it."""
        found = [*self.problems]
        self.problems.clear()
        if self.scripts:
            self.page.wait_for_load_state("load")
            found += self.page.evaluate(FINDINGS)
            if self.narrow:
                found += self.page.evaluate(WIDE)
            if self.lang == "en":
                found += self.untranslated()
        assert found == [], f"{self.path}: {found}"

    def untranslated(self) -> list[str]:
        """Return the texts of an English page that are Chinese and not somebody's data."""
        if "/wall/" in self.path:
            return []  # the wall says everything in both languages, on purpose
        data = [*self.data, *NAMES, *(masked_name(name) for name in NAMES), "中文"]
        found = []
        for text in self.page.evaluate(TEXTS):
            rest = text
            for known in data:
                rest = rest.replace(known, "")
            if FOREIGN.search(rest):
                found.append(f"untranslated: {text}")
        return found

    def accessible(self) -> None:
        """Ask axe; complain about what it calls serious or critical."""
        answer: Any = Axe().run(self.page, options={"resultTypes": ["violations"]}).response
        bad = [
            f"{one['id']}: {[(node['target'], node.get('failureSummary', '')[:200]) for node in one['nodes'][:3]]}"
            for one in answer["violations"]
            if one["impact"] in BAD_IMPACTS
        ]
        assert bad == [], f"{self.path}: {bad}"

    def watch(self, selector: str, text: str = "") -> None:
        """Note, in the page, the moment when an element like this (with this text) appears."""
        self.page.evaluate(
            """([selector, text]) => {
              window.__seenAt = null;
              const look = () => {
                const found = Array.from(document.querySelectorAll(selector))
                  .find((e) => e.checkVisibility() && e.textContent.includes(text));
                if (found && !window.__seenAt) window.__seenAt = Date.now();
              };
              new MutationObserver(look).observe(document.documentElement,
                { childList: true, subtree: true, attributes: true, characterData: true });
              window.__look = look;
            }""",
            [selector, text],
        )

    def waited(self, since: float, seconds: float) -> float:
        """Return the seconds from `since` until what is watched appeared, with no page load between."""
        alive = "() => '__seenAt' in window ? (window.__look(), window.__seenAt) : -1"
        self.page.wait_for_function(alive, timeout=(seconds + 10) * 1000, polling=50)
        at = float(self.page.evaluate("() => window.__seenAt ?? -1"))
        assert at > 0, f"{self.path}: the page was loaded again"
        return at / 1000 - since
