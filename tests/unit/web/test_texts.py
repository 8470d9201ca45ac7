"""Every text of the pages has an English one, and every English one is used."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract

from services.web import categories, forms
from services.web.i18n import TRANSLATIONS, _, catalogue

WEB = TRANSLATIONS.parent
SOURCES = sorted([*WEB.rglob("*.py"), *WEB.rglob("*.html")])
HAN = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def texts(path: Path) -> Iterator[str]:
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    with path.open("rb") as file:
        functions = {"_": None, "_n": None, "both": None}
        for _line, found, _comments, _context in extract(method, file, functions):
            yield found if isinstance(found, str) else found[0]


def test_the_extraction_sees_the_texts_of_code_and_templates() -> None:
    found = {text for path in SOURCES for text in texts(path)}

    assert {"今天", "跳到正文", "没有找到这一页"} <= found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(WEB)))
def test_every_text_has_an_english_one(path: Path) -> None:
    missing = [text for text in texts(path) if not catalogue().get(text, ("",))[0]]

    assert missing == []


def test_texts_named_in_tables_have_an_english_one() -> None:
    named = [*forms.SERVICE_NAMES.values(), *{one.group for one in categories.CATEGORIES}]

    assert [text for text in named if text not in catalogue()] == []


def test_an_english_text_holds_the_same_placeholders() -> None:
    wrong = [
        text
        for text, english in catalogue().items()
        for one in english
        if set(PLACEHOLDER.findall(one)) - set(PLACEHOLDER.findall(text))
    ]

    assert wrong == []


def test_an_english_text_holds_no_han() -> None:
    allowed = {"修好"}

    wrong = [
        english
        for text, english in catalogue().items()
        for one in english
        if HAN.search(one) and text not in allowed
    ]

    assert wrong == []


def test_templates_hold_no_text_outside_the_translations() -> None:
    bare = {}
    for path in WEB.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        for hidden in (r"\{#.*?#\}", r"\{\{.*?\}\}", r"\{%.*?%\}"):
            source = re.sub(hidden, "", source, flags=re.DOTALL)
        found = HAN.findall(source)
        if found:
            bare[path.name] = "".join(found)

    assert bare == {}


def test_chinese_has_no_space_between_two_han_and_one_before_a_numeral() -> None:
    text = "等到 %(when)s 为止"

    assert _(text, when="今天") == "等到今天为止"
    assert _(text, when="12 月 1 日") == "等到 12 月 1 日为止"
    assert _(text, when="14:00") == "等到 14:00 为止"
