"""Words of devices that stay: what came along, how they stand, what became of them, codes as they are read out."""

from datetime import datetime, timedelta

from flask import Flask

from services.web.i18n import _
from shared import clock

ACCESSORIES = ("adapter", "cable", "base", "lid", "battery", "remote", "attachment", "bag", "box")
FATES = ("recycled", "donated", "parts")
FETCH_WITHIN = timedelta(days=14)


def accessory(code: str) -> str:
    """What came along with a device, in words."""
    return {
        "adapter": _("电源适配器"),
        "cable": _("电源线"),
        "base": _("底座"),
        "lid": _("盖子"),
        "battery": _("电池"),
        "remote": _("遥控器"),
        "attachment": _("配件、刀头"),
        "bag": _("袋子"),
        "box": _("包装盒"),
    }.get(code, code)


def custody_state(state: str) -> str:
    """How a device stands, in words."""
    return {
        "stored": _("寄存中，还不能取"),
        "ready": _("可以取了"),
        "collected": _("已取走"),
        "disposed": _("已处理"),
    }.get(state, state)


def fate_name(fate: str) -> str:
    """What became of a device that nobody fetched, in words."""
    return {"recycled": _("交去回收"), "donated": _("捐赠"), "parts": _("留作配件")}.get(fate, fate)


def spoken(code: str | None) -> str:
    """A code in two groups, as one reads it out."""
    return f"{code[:3]} {code[3:]}" if code else ""


def two_weeks_on(instant: datetime) -> datetime:
    """The day by which a device should be fetched."""
    return instant + FETCH_WITHIN


def days_since(instant: datetime | None) -> int:
    """Whole days since then."""
    return max((clock.now() - instant).days, 0) if instant else 0


def init_app(app: Flask) -> None:
    """Give the words to the templates."""
    for word in (accessory, custody_state, fate_name, spoken, two_weeks_on, days_since):
        app.jinja_env.filters[word.__name__] = word
