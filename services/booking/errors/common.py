"""What any part of booking may refuse: messages of another shape, moments as people read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.errors import InBoth, Refusal

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local(moment: datetime, zone: str) -> InBoth:
    """Write an instant as a person at the venue reads it: 11 月 22 日 14:30, 14:30 on 22 Nov."""
    at = moment.astimezone(ZoneInfo(zone))
    clock = f"{at:%H:%M}"
    return InBoth(
        f"{at.month} 月 {at.day} 日 {clock}", f"{clock} on {at.day} {MONTHS[at.month - 1]}"
    )


class MalformedMessage(Refusal):
    """An event does not have the shape its type promises."""

    code = "malformed_message"
    zh = "收到的消息格式不对：{problem}"
    en = "A message does not have its promised shape: {problem}"
