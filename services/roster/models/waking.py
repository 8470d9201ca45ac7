"""Deadlines that sleep at night: time in which people are asked counts from 8 to 22 o'clock at the venue."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

NIGHT_FROM, NIGHT_TO = 22, 8
SHARE = 6  # an offer lasts a sixth of the time that is left
SHORTEST, LONGEST = timedelta(minutes=20), timedelta(hours=12)
LAST_CALL = timedelta(minutes=30)  # before the start: later, nobody could make it


def offer_until(at: datetime, starts_at: datetime, zone: str) -> datetime:
    """Return until when an offer made at ``at`` holds.

    A sixth of the time to the start, at least twenty minutes and at most twelve hours of waking
    time, and never beyond half an hour before the start.
    """
    left = min(max((starts_at - at) / SHARE, SHORTEST), LONGEST)
    return min(after_waking(at, left, zone), starts_at - LAST_CALL)


def after_waking(at: datetime, left: timedelta, zone: str) -> datetime:
    """Return the moment at which so much waking time has passed since ``at``."""
    moment = at
    while left > timedelta(0):
        wakes, sleeps = _waking(moment, zone)
        begin = max(moment, wakes)
        part = min(left, sleeps - begin)
        moment, left = begin + part, left - part
        if left > timedelta(0):
            moment = sleeps
    return moment


def awake(at: datetime, zone: str) -> bool:
    """Tell whether people may be asked at ``at``."""
    return NIGHT_TO <= at.astimezone(ZoneInfo(zone)).hour < NIGHT_FROM


def _waking(moment: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return the waking hours that ``moment`` lies in, or else the next ones."""
    local = moment.astimezone(ZoneInfo(zone))
    if local.hour >= NIGHT_FROM:
        local += timedelta(days=1)
    day = local.replace(minute=0, second=0, microsecond=0)
    wakes, sleeps = day.replace(hour=NIGHT_TO), day.replace(hour=NIGHT_FROM)
    return wakes.astimezone(moment.tzinfo), sleeps.astimezone(moment.tzinfo)
