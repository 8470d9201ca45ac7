"""What an instrument or a receipt shows, as people type it: 0.12, 0，12, >500, OL, ３.５; and money in yuan."""

import re
import unicodedata

from services.web.forms import Form
from services.web.i18n import _

OVER = 10_000.0  # "OL": beyond the range of the instrument
NUMBER = re.compile(r"[<>≤≥]?(\d{1,6}(?:[.,]\d{1,4})?)(?:mω|mohm|ω|ohm|ma)?")
MONEY = re.compile(r"[¥￥]?(\d{1,5})(?:[.,](\d{1,2}))?元?")


def reading(form: Form, name: str) -> float | None:
    """The reading typed, None where nothing was; beyond the range counts as the end of the range."""
    typed = _plain(form[name])
    if not typed:
        return None
    if typed in ("ol", ">ol", "o.l", "∞"):
        return OVER
    found = NUMBER.fullmatch(typed)
    if found is None:
        form.add_error(name, _("请填读数，例如 0.12；超出量程填 OL。"))
        return None
    return float(found[1].replace(",", "."))


def cents(form: Form, name: str) -> int | None:
    """An amount of yuan as fen, None where nothing was typed."""
    typed = _plain(form[name])
    if not typed:
        return None
    found = MONEY.fullmatch(typed)
    if found is None:
        form.add_error(name, _("请填金额，例如 3.5。"))
        return None
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _plain(typed: str) -> str:
    """Half-width, lower case, without blanks: a number is typed in many ways."""
    return unicodedata.normalize("NFKC", typed).replace(" ", "").lower().strip()
