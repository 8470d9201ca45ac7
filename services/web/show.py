"""Small helpers of the templates: texts in the reader's language, names, numbers, notices, the inbox badge."""

import time
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from flask import Flask, flash, g, request
from markupsafe import Markup

from services.web.clients import clients
from services.web.clients.base import Text
from services.web.i18n import _, lang
from shared.http_client import Problem, Unavailable

BADGE_SECONDS = 8
_badges: dict[str, tuple[float, int]] = {}


def text(value: Any) -> str:
    """A text in the reader's language, else in the other; dictionaries of the API work too."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    zh, en = (
        (value.zh, value.en)
        if isinstance(value, Text)
        else (value.get("zh", ""), value.get("en", ""))
    )
    return (en or zh) if lang() == "en" else (zh or en)


def notice(message: str, kind: str = "go") -> None:
    """Say something on the next page: kind is go, warn or bad."""
    flash(message, kind)


def unread() -> int:
    """How many messages wait in the inbox; 0 when it cannot be asked."""
    if g.get("person") is None:
        return 0
    asked_at, count = _badges.get(g.person.id, (0.0, 0))
    if time.monotonic() - asked_at < BADGE_SECONDS:
        return count
    try:
        count = clients().notify.inbox(limit=1).unread
    except (Unavailable, Problem):
        count = 0
    _badges[g.person.id] = (time.monotonic(), count)
    if len(_badges) > 5000:
        _badges.clear()
    return count


def forget_badge() -> None:
    """Ask again for the unread messages."""
    _badges.pop(g.person.id, None)


def here_with(**changes: Any) -> str:
    """The address of this page with some of its query changed; None removes."""
    query = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def other_language() -> tuple[str, str, str]:
    """(code, its own name, address) of the language that this page is not shown in."""
    code = "zh" if lang() == "en" else "en"
    return code, {"zh": "中文", "en": "English"}[code], here_with(lang=code)


def kind_name(kind: str) -> str:
    """How a kind of offering is called."""
    return {"repair": _("义务维修"), "training": _("技术培训"), "service": _("健康服务")}.get(
        kind, kind
    )


def inside(link: str) -> str:
    """The part of a link that stays on this site (messages carry whole addresses)."""
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "") or "/"


def outcome_tag(status: str) -> Markup:
    """The outcome of a repair, as a tag."""
    words = {
        "Fixed": (_("修好了"), "go"),
        "Repairable": (_("能修，未修完"), "warn"),
        "End of life": (_("修不了"), "plain"),
        "Unknown": (_("结果不明"), "plain"),
    }
    word, kind = words.get(status, (status, "plain"))
    return Markup('<span class="tag {}">{}</span>').format(kind, word)


def init_app(app: Flask) -> None:
    """Give the helpers to the templates."""
    app.jinja_env.filters.update(text=text, kind_name=kind_name, inside=inside)
    app.jinja_env.globals.update(
        unread=unread,
        here_with=here_with,
        outcome_tag=outcome_tag,
        other_language=other_language,
        fresh_key=lambda: str(uuid4()),
    )
