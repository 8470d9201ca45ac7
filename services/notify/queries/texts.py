"""The words of a message: a folder per occasion, filled in the reader's language when it is read."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.clock import parse

FOLDER = Path(__file__).parent.parent / "templates"
LAYOUT = "_layout"
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
TIMES = ("until", "start", "start_time", "end_time", "previous")
PLAIN = (
    "number", "bench", "by", "part", "status", "minutes", "place", "care", "tag", "code", "days",
    "minutes_before",
)  # fmt: skip
LOCAL = ("title", "venue", "reason", "role")
REASONS = {
    "no_address": ("没有留下邮箱。", "No mail address is known."),
    "not_wanted": ("本人选择不收这类邮件。", "The person does not want this kind of mail."),
    "trial": ("试运行场次，不发邮件。", "A trial session; no mail is sent."),
    "cancelled": ("已经取消，不再提醒。", "Cancelled; no reminder needed."),
    "moved": ("时间已改，按新的时间提醒。", "Moved; the reminder follows the new time."),
    "arrived": ("已经到场，不用提醒。", "Already here; no reminder needed."),
    "passed": ("叫号已经过去。", "The call has passed."),
    "overtaken": ("后来又有变动，以新消息为准。", "A newer message took its place."),
    "collected": ("已经取走，不用再通知。", "Collected already; no message needed."),
    "too_late": ("已经来不及了，没有再发。", "It was too late to be of use."),
    "erased": ("本人已注销。", "The person has left."),
    "refused": ("收件方拒收。", "The recipient's server refused it."),
    "bad_address": ("邮箱地址无法投递。", "The address cannot be delivered to."),
    "refused_for_now": ("收件方暂时拒收，稍后再试。", "Refused for now; will be tried again."),
    "server_away": (
        "邮件服务器连不上，稍后再试。",
        "The mail server is away; will be tried again.",
    ),
    "no_answer": (
        "邮件已交出，但没有等到回执，可能已经送达。",
        "Handed over, but no answer came; it may have arrived.",
    ),
    "worker_stopped": (
        "发送时程序停了，可能已经送达。",
        "The sender stopped midway; it may have arrived.",
    ),
    "broken": ("消息内容出错，没有发出。", "The message could not be made."),
}


@cache
def environment(html: bool = False) -> Environment:
    """Return the template environment: text as it is, HTML escaped."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=html,  # noqa: S701 - on for HTML; plain text is not escaped
        trim_blocks=False,
        keep_trailing_newline=False,
    )


@cache
def templates() -> frozenset[str]:
    """Return the names of all messages."""
    return frozenset(path.name for path in FOLDER.iterdir() if path.name[0].isalpha())


def moment(instant: datetime, zone: str, locale: str) -> str:
    """Return a day and time as people write them: ``11 月 25 日 周三 14:45``, ``Wed 25 Nov, 14:45``."""
    local = instant.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M}"
    if locale == "en":
        day = f"{WEEKDAYS_EN[local.weekday()]} {local.day} {MONTHS_EN[local.month - 1]}"
        return f"{day}, {clock}"
    return f"{local.month} 月 {local.day} 日 周{WEEKDAYS_ZH[local.weekday()]} {clock}"


def local(text: dict[str, str] | None, locale: str) -> str:
    """Return the text in ``locale``; where one language is empty, the other stands in."""
    if not text:
        return ""
    first, second = ("en", "zh") if locale == "en" else ("zh", "en")
    return text.get(first) or text.get(second) or ""


def subject(template: str, params: dict[str, Any], locale: str) -> str:
    """Return a message's subject, one line."""
    return " ".join(_render(f"{template}/subject.{locale}.txt", params, locale).split())


def body(template: str, params: dict[str, Any], locale: str) -> str:
    """Return a message's text: paragraphs with an empty line between them."""
    return _render(f"{template}/body.{locale}.txt", params, locale).strip()


def reason(code: str | None, locale: str) -> str | None:
    """Return why a message has not arrived, in words."""
    if code is None:
        return None
    return REASONS.get(code, (code, code))[locale == "en"]


def facts(params: dict[str, Any], locale: str) -> dict[str, Any]:
    """Turn stored params (instants, texts in both languages) into words of one language."""
    zone = params.get("zone", "Asia/Shanghai")
    words: dict[str, Any] = dict.fromkeys(TIMES, "")
    for name in PLAIN:
        words[name] = params.get(name) or ""
    for name in LOCAL:
        words[name] = local(params.get(name), locale)
    if params.get("previous_starts_at"):
        words["previous"] = moment(parse(params["previous_starts_at"]), zone, locale)
    if params.get("expires_at"):
        words["until"] = moment(parse(params["expires_at"]), zone, locale)
    if params.get("starts_at"):
        starts, ends = parse(params["starts_at"]), parse(params["ends_at"])
        words["start"] = moment(starts, zone, locale)
        words["start_time"] = f"{starts.astimezone(ZoneInfo(zone)):%H:%M}"
        words["end_time"] = _end(starts, ends, zone, locale)
    return words


def _end(starts: datetime, ends: datetime, zone: str, locale: str) -> str:
    here = ends.astimezone(ZoneInfo(zone))
    if here.date() == starts.astimezone(ZoneInfo(zone)).date():
        return f"{here:%H:%M}"
    return moment(ends, zone, locale)


def _render(name: str, params: dict[str, Any], locale: str) -> str:
    return environment().get_template(name).render(facts(params, locale))
