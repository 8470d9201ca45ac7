"""What the desk knows of its displays, and of what was done without a connection."""

from dataclasses import dataclass

from services.web.clients import clients
from services.web.clients.desk import Display, SessionDisplays
from services.web.i18n import _
from services.web.views.desk.board import attempt


@dataclass(frozen=True)
class Away:
    """The desk's card about displays and conflicts; `unknown` when booking did not say."""

    displays: tuple[Display, ...]
    open_conflicts: int
    unknown: bool = False


def load(session_id: str) -> Away:
    """Ask booking; the line goes on without an answer."""
    found, unknown = attempt(lambda: clients().booking.displays(session_id), SessionDisplays())
    return Away(found.items, found.open_conflicts, unknown)


def display_name(display: Display) -> str:
    """The name somebody gave it, or 投屏 1."""
    return display.name or _("投屏 %(n)s", n=display.number)


def display_state(display: Display) -> tuple[str, str]:
    """How a display stands, in words, and the kind of tag: go | bad | warn | (calm)."""
    minutes = display.silent_seconds // 60
    if display.state == "silent":
        return (_("%(n)s 分钟没有消息", n=minutes) if minutes else _("没有消息"), "bad")
    if display.state == "closed":
        return _("已关掉"), ""
    if display.state == "behind":
        return _("画面没有更新"), "bad"
    words = {"blocked": _("声音没打开，去点一下"), "off": _("静音"), "chime": _("只有铃声")}
    if display.sound in words:
        return words[display.sound], "warn" if display.sound == "blocked" else ""
    return _("正常"), "go"
