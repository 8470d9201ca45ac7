"""A filter speaks the language of whoever reads: no template keeps its answer from the first reader."""

from pathlib import Path

import pytest
from flask import Flask, g

from services.web.app import create_app
from services.web.settings import read_settings
from shared.auth import ensure_keys


@pytest.fixture
def front(tmp_path: Path) -> Flask:
    ensure_keys(tmp_path / "keys")
    settings = read_settings({"DATA_DIR": str(tmp_path), "DEMO": "1"})
    names = ("catalog", "booking", "roster", "notify", "identity")
    return create_app(settings, dict.fromkeys(names, "http://127.0.0.1:9"))


def test_a_level_named_by_its_number_is_named_in_each_readers_language(front: Flask) -> None:
    template = front.jinja_env.from_string("{{ 3|level_name }}")

    said = {}
    for language in ("zh", "en"):
        with front.test_request_context():
            g.lang = language
            said[language] = template.render()

    assert said == {"zh": "资深，能带人", "en": "senior, can teach"}
