"""No page is forgotten: every one that can be opened is in the lists that browsers and pictures go through."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from services.web.app import create_app
from services.web.settings import SERVICES, read_settings
from shared.auth import ensure_keys
from tests.browser.pages import EVERY, NO_PAGE

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("front")
    ensure_keys(folder / "keys")
    settings = read_settings({"DATA_DIR": str(folder), "DEMO": "1"})
    return create_app(settings, dict.fromkeys(SERVICES, "http://127.0.0.1:9"))


def looked_at(front: Flask) -> Iterator[str]:
    addresses = front.url_map.bind("localhost")
    for page in EVERY:
        path = re.sub(r"\{\w+\}", NOBODY, page).split("?")[0]
        try:
            yield addresses.match(path, "GET")[0]
        except (NotFound, RequestRedirect):
            yield f"no such page: {page}"


def test_every_page_is_looked_at_or_is_none_for_a_reason(front: Flask) -> None:
    pages = {rule.endpoint for rule in front.url_map.iter_rules() if "GET" in (rule.methods or ())}

    assert pages == set(looked_at(front)) | set(NO_PAGE)


def test_what_is_no_page_is_not_looked_at(front: Flask) -> None:
    assert set(looked_at(front)) & set(NO_PAGE) == set()
