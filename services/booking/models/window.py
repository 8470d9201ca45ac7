"""When a slot can be booked, and what is said where it cannot: closed days, hours, notice."""

from datetime import datetime, timedelta
from typing import Protocol

from services.booking import errors


class Window(Protocol):
    """What binds in a session as to time: a row of ours, or one that a policy would make."""

    @property
    def zone(self) -> str:
        """The venue's zone."""

    @property
    def booking_opens_at(self) -> datetime:
        """When it opens."""

    @property
    def booking_closes_at(self) -> datetime:
        """When it closes."""

    @property
    def notice_minutes(self) -> int:
        """How long before its start a slot must be booked."""

    @property
    def closed_for(self) -> dict[str, str] | None:
        """Why nothing can be booked at all."""


def refuse_closed(
    at: datetime, starts_at: datetime, row: Window, *, staff: bool, promised: bool = False
) -> None:
    """Refuse what has begun; and to all but staff closed days, other hours, and too short a notice.

    `promised`: an offer of the waitlist was made for it, which outlasts the closing and the notice.
    """
    if starts_at <= at:
        raise errors.SlotPast
    if staff:
        return
    if row.closed_for:
        raise errors.ClosedThatDay(why_zh=row.closed_for["zh"], why_en=row.closed_for["en"])
    if promised:
        return
    if at < row.booking_opens_at:
        raise errors.NotOpenYet(opens=errors.local(row.booking_opens_at, row.zone))
    if at >= row.booking_closes_at:
        raise errors.BookingClosed(closed=errors.local(row.booking_closes_at, row.zone))
    if starts_at - timedelta(minutes=row.notice_minutes) <= at:
        zh, en = spell(row.notice_minutes)
        raise errors.TooSoon(notice_zh=zh, notice_en=en)


def spell(minutes: int) -> tuple[str, str]:
    """Say a number of minutes as people do, in both languages."""
    for size, zh, en in ((1440, "天", "day"), (60, "小时", "hour")):
        if minutes >= size and minutes % size == 0:
            many = minutes // size
            return f"{many} {zh}", f"{many} {en}{'' if many == 1 else 's'}"
    return f"{minutes} 分钟", f"{minutes} minute{'' if minutes == 1 else 's'}"
