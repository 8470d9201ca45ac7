"""A browser without JavaScript for tests: it follows forms and links, and checks every page it is shown."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

HAN = re.compile(r"[\u3400-\u9fff]")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNSEEN = {"hidden", "submit", "button"}


@dataclass
class FormOnPage:
    """A form as it stands on a page: where it goes, and what is filled in."""

    method: str
    action: str
    id: str | None
    fields: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """A page that was shown: its words, links and forms, and what is wrong with it."""

    def __init__(self, url: str, response: TestResponse) -> None:
        super().__init__()
        self.url, self.status = url, response.status_code
        self.html = response.get_data(as_text=True)
        self.size = len(response.data)
        self.lang = self.title = ""
        self.forms: list[FormOnPage] = []
        self.links: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self._words: list[str] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._ids: set[str] = set()
        self._labelled: set[str] = set()
        self._controls: list[dict[str, str | None]] = []
        self._select: str | None = None
        self._link: list[str] = []
        self.feed(self.html)
        self._check_whole()

    @property
    def text(self) -> str:
        """The words of the page in one line."""
        return re.sub(r"\s+", " ", " ".join(self._words)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens."""
        given = dict(attrs)
        self._check_tag(tag, given)
        if tag not in VOID:
            self._open.append((tag, given))
        if tag == "html":
            self.lang = given.get("lang") or ""
        elif tag == "label" and given.get("for"):
            self._labelled.add(str(given["for"]))
        elif tag == "form":
            action = urljoin(self.url, given.get("action") or self.url)
            self.forms.append(
                FormOnPage((given.get("method") or "get").lower(), action, given.get("id"))
            )
        elif tag in ("input", "select", "textarea"):
            self._control(tag, given)
        elif tag == "option" and "selected" in given and self._select and self.forms:
            self.forms[-1].fields.append((self._select, given.get("value") or ""))
        elif tag == "a" and given.get("href"):
            self._link = [urljoin(self.url, str(given["href"])), ""]

    def handle_endtag(self, tag: str) -> None:
        """Note what closes."""
        if tag == "a" and self._link:
            self.links.append((self._link[0], self._link[1].strip()))
            self._link = []
        if tag == "select":
            self._select = None
        while self._open:
            name, _given = self._open.pop()
            if name == tag:
                return
        self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        """Note the words, apart from scripts."""
        opened = [name for name, _given in self._open]
        if "title" in opened and "svg" not in opened:
            self.title += data
            return
        if self._link:
            self._link[1] += data
        if opened and opened[-1] == "textarea" and self.forms and self._controls:
            name = self._controls[-1].get("name")
            self.forms[-1].fields.append((str(name), data))
        if "script" not in opened and data.strip():
            self._words.append(data)
            self._check_language(data)

    def _check_language(self, data: str) -> None:
        own = any(name == "bdi" or given.get("lang") == "zh" for name, given in self._open)
        if self.lang == "en" and not own and HAN.search(data):
            self.faults.append(f"not in English: {data.strip()}")

    def _control(self, tag: str, given: dict[str, str | None]) -> None:
        kind = given.get("type") or "text"
        self._controls.append(given)
        inside = any(name == "label" for name, _given in self._open)
        if kind not in UNSEEN and not inside and not given.get("aria-label"):
            given["needs-label"] = given.get("id") or "?"
        name = given.get("name")
        if not name or not self.forms:
            return
        if tag == "select":
            self._select = name
        elif (tag == "input" and kind not in ("radio", "checkbox", "file")) or "checked" in given:
            self.forms[-1].fields.append((name, given.get("value") or ""))

    def _check_tag(self, tag: str, given: dict[str, str | None]) -> None:
        if "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"inline style or script on <{tag}>")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.faults.append(f"inline <{tag}>")
        if tag == "img" and given.get("alt") is None:
            self.faults.append("an image without alt")
        if given.get("id"):
            if given["id"] in self._ids:
                self.faults.append(f"id {given['id']} twice")
            self._ids.add(str(given["id"]))

    def _check_whole(self) -> None:
        if "&lt;bdi" in self.html:
            self.faults.append("markup that is shown as text")
        if not self.title.strip():
            self.faults.append("no title")
        if self.lang not in ("zh-CN", "en"):
            self.faults.append(f"language {self.lang!r}")
        for control in self._controls:
            if "needs-label" in control and control["needs-label"] not in self._labelled:
                self.faults.append(f"no label for {control.get('name')}")
        if self._open:
            self.faults.append(f"left open: {self._open[-1][0]}")
        if self.lang == "en" and HAN.search(self.title):
            self.faults.append(f"title not in English: {self.title}")


class Reader:
    """Somebody with a phone: opens pages, fills in forms; each page is checked as it comes."""

    def __init__(self, app: Flask, lang: str = "zh") -> None:
        self.client = app.test_client()
        self.lang = lang
        self.page: Page

    def open(self, url: str, status: int = 200) -> Page:
        """Open a page and follow redirects."""
        return self._show("GET", url, status)

    def click(self, words: str, status: int = 200) -> Page:
        """Follow the first link with these words."""
        found = next((url for url, text in self.page.links if words in text), None)
        assert found, f"no link {words!r} among {[text for _url, text in self.page.links]}"
        return self.open(found, status)

    def send(self, form: str | int = 0, status: int = 200, **typed: Any) -> Page:
        """Fill in a form (by its id, or the n-th) and send it."""
        found = self._form(form)
        kept = [(name, value) for name, value in found.fields if name not in typed]
        for name, value in typed.items():
            kept += [(name, one) for one in (value if isinstance(value, list) else [value])]
        if found.method == "get":
            parts = urlsplit(found.action)
            query = urlencode([*parse_qsl(parts.query), *kept])
            return self._show("GET", f"{parts.path}?{query}", status)
        values: dict[str, list[Any]] = {}
        for name, value in kept:
            values.setdefault(name, []).append(value)
        return self._show("POST", found.action, status, data=values)

    def _form(self, form: str | int) -> FormOnPage:
        if isinstance(form, int):
            return self.page.forms[form]
        return next(one for one in self.page.forms if one.id == form)

    def _show(self, method: str, url: str, status: int, **given: Any) -> Page:
        headers = {"Accept-Language": self.lang}
        for _hop in range(6):
            parts = urlsplit(url)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            response = self.client.open(path, method=method, headers=headers, **given)
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            method, given = "GET", {}
            url = urljoin(f"http://localhost{path}", response.headers["Location"])
        self.page = Page(path, response)
        assert response.status_code == status, (
            f"{method} {path}: {response.status_code} {self.page.text}"
        )
        assert self.page.faults == [], f"{path}: {self.page.faults}"
        return self.page

    def sign_in(self, login: str, password: str = "demo") -> Page:
        """Sign in."""
        self.open("/sign-in")
        return self.send(login=login, password=password)
