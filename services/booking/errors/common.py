"""What any part of booking may refuse: messages of another shape, moments as people read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.errors import Refusal


def local(moment: datetime, zone: str) -> str:
    """Write an instant as a person at the venue reads it: 11-22 14:30."""
    return f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


class MalformedMessage(Refusal):
    """An event does not have the shape its type promises."""

    code = "malformed_message"
    zh = "收到的消息格式不对：{problem}"
    en = "A message does not have its promised shape: {problem}"
