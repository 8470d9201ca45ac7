"""Printed text: the font's gaps are marked and noted, lines break as a reader expects."""

import re
from pathlib import Path

from services.web import categories
from services.web.i18n import TRANSLATIONS, catalogue
from services.web.views.impact.paper import BOLD, MISSING, REGULAR, Paper

SHEET = Path("services/web/views/impact/sheet.py").read_text(encoding="utf-8")


def paper() -> Paper:
    return Paper("题目", "zh-CN", "修好")


def test_a_character_the_font_lacks_is_marked_and_noted() -> None:
    page = paper()

    shown = page.printable("田🔧修")

    assert shown == f"田{MISSING}修"
    assert page.missing == {"🔧"}


def test_the_fonts_hold_every_word_of_the_printed_page() -> None:
    page = paper()
    words = re.findall(r'_n?\(\s*[\'"]([^\'"]+)', SHEET)
    names = [one.zh + one.en for one in categories.CATEGORIES]

    for font in (REGULAR, BOLD):
        for text in (*words, *(" ".join(catalogue().get(one, ())) for one in words)):
            page.printable(text, font)
    for text in names:
        page.printable(text)

    assert len(words) > 12
    assert page.missing == set()


def test_a_line_breaks_between_han_and_between_words_never_before_a_comma() -> None:
    page = paper()

    lines = page.broken("修好率只算结果明确的物品，横条是范围。Open Repair Alliance", 60, 9)

    assert (
        "".join(lines).replace(" ", "")
        == "修好率只算结果明确的物品，横条是范围。OpenRepairAlliance"
    )
    assert not [line for line in lines if line[0] in "，。"]
    assert {"Open", "Repair", "Alliance"} <= set(re.findall(r"[A-Za-z]+", " ".join(lines)))


def test_the_fonts_come_with_their_licence() -> None:
    folder = TRANSLATIONS.parent / "fonts"

    assert "SIL Open Font License" in (folder / "OFL.txt").read_text("utf-8")
