"""The two languages of the pages: msgids are Chinese, English comes from translations/en/*.po."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from flask import Flask, Response, g, has_request_context, request

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = ("zh", "en")
LANG_COOKIE = "lang"
A_YEAR = 365 * 24 * 3600
HAN = re.compile("[㐀-鿿]")
SENTENCE_ENDS = (".", "?", "!", ":", "·")


class Near(str):
    """A day named by its nearness, as it begins a line: Today. Within an English sentence it is small."""


@cache
def catalogue() -> dict[str, tuple[str, ...]]:
    """Every English text by its Chinese msgid: (singular,) or (singular, plural)."""
    texts: dict[str, tuple[str, ...]] = {}
    for path in sorted((TRANSLATIONS / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    texts[_msgid(message.id)] = _strings(message.string)
    return texts


def _msgid(value: str | tuple[str, ...] | list[str]) -> str:
    return value if isinstance(value, str) else value[0]


def _strings(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def lang() -> str:
    """The language of this request: "zh" or "en"."""
    return g.get("lang", "zh") if has_request_context() else "zh"


def _(msgid: str, **values: Any) -> str:
    """The text in the reader's language, with %(name)s filled in."""
    if lang() == "en":
        text = catalogue().get(msgid, (msgid,))[0] or msgid
        values = {name: _inside(text, name, value) for name, value in values.items()}
    else:
        text = _closed_up(msgid, values)
    return text % values if values else text


def gap() -> str:
    """What stands between two sentences: a space, in Chinese nothing."""
    return " " if lang() == "en" else ""


def _closed_up(text: str, values: dict[str, Any]) -> str:
    """Take the space from between two Han: before 12 月 1 日 it stands, before 明天 it does not."""
    for name, value in values.items():
        shown, hole = str(value), f"%({name})s"
        if HAN.match(shown):
            text = re.sub(rf"(?<={HAN.pattern}) {re.escape(hole)}", hole, text)
        if HAN.match(shown[-1:]):
            text = re.sub(rf"{re.escape(hole)} (?={HAN.pattern})", hole, text)
    return text


def _inside(text: str, name: str, value: Any) -> Any:
    """A day as it stands within an English sentence: until today, but Today 14:00."""
    before = text.partition(f"%({name})s")[0].rstrip()
    leads = not before or before.endswith(SENTENCE_ENDS)
    if leads or not isinstance(value, Near):
        return value  # what people typed stays as they typed it
    return value[0].lower() + value[1:]


def _n(msgid: str, n: int, **values: Any) -> str:
    """The text for a count; Chinese has one form, English two. %(n)s is the count."""
    text = msgid
    if lang() == "en":
        forms = catalogue().get(msgid, (msgid,))
        text = (forms[0] if n == 1 else forms[-1]) or msgid
    return text % {"n": n, **values}


def choose_language() -> None:
    """?lang= wins, then the cookie, then Accept-Language; Chinese when nothing is said."""
    asked = request.args.get("lang") or request.cookies.get(LANG_COOKIE)
    g.lang = asked if asked in LANGUAGES else _negotiated()


def _negotiated() -> str:
    for wanted, _quality in request.accept_languages:
        short = wanted.lower()[:2]
        if short in LANGUAGES:
            return short
    return "zh" if not request.accept_languages else "en"


def remember_language(response: Response) -> Response:
    """Keep a language chosen by ?lang= in a cookie."""
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            LANG_COOKIE,
            g.lang,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure,
        )
    return response


def init_app(app: Flask) -> None:
    """Choose the language before each request and give the texts to the templates."""
    app.before_request(choose_language)
    app.after_request(remember_language)
    app.jinja_env.globals.update(_=_, _n=_n, gap=gap, lang=lang)
