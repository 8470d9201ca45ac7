"""How instants are shown: in the venue's zone, as 11 月 25 日 周三, 14:00–16:30."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from services.web.i18n import Near, _, lang
from shared import clock

ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local(instant: datetime) -> datetime:
    """The instant in the venue's zone."""
    return instant.astimezone(ZONE)


def local_day(value: datetime | date) -> date:
    """The local day of an instant; a day stays as it is."""
    return local(value).date() if isinstance(value, datetime) else value


def today() -> date:
    """Today at the venue, by suite time."""
    return local_day(clock.now())


def weekday(value: datetime | date) -> str:
    """周三, or Wed."""
    index = local_day(value).weekday()
    return WEEKDAYS_EN[index] if lang() == "en" else f"周{WEEKDAYS_ZH[index]}"


def weekday_name(number: int) -> str:
    """周三, or Wed, of an ISO weekday."""
    return WEEKDAYS_EN[number - 1] if lang() == "en" else f"周{WEEKDAYS_ZH[number - 1]}"


def day(value: datetime | date) -> str:
    """11 月 25 日 周三, or Wed 25 Nov; another year is named."""
    at = local_day(value)
    other_year = at.year != today().year
    if lang() == "en":
        text = f"{weekday(at)} {at.day} {MONTHS_EN[at.month - 1]}"
        return f"{text} {at.year}" if other_year else text
    text = f"{at.month} 月 {at.day} 日 {weekday(at)}"
    return f"{at.year} 年 {text}" if other_year else text


def short_day(value: datetime | date) -> str:
    """明天, else 11 月 25 日, without the weekday: for tags."""
    at = local_day(value)
    near = near_day(at)
    if near != day(at):
        return near
    return f"{at.day} {MONTHS_EN[at.month - 1]}" if lang() == "en" else f"{at.month} 月 {at.day} 日"


def near_day(value: datetime | date) -> str:
    """今天, 明天, 后天, else the day."""
    names = {0: _("今天"), 1: _("明天"), -1: _("昨天")}
    if lang() == "zh":
        names[2] = "后天"
    distance = (local_day(value) - today()).days
    near = names.get(distance)
    return Near(near) if near else day(value)


def full_day(value: datetime | date) -> str:
    """The day, led by 今天 or 明天 where that is true: 今天 · 11 月 25 日 周三."""
    near, plain = near_day(value), day(value)
    return plain if near == plain else f"{near} · {plain}"


def time(instant: datetime) -> str:
    """14:00."""
    return local(instant).strftime("%H:%M")


def time_range(start: datetime, end: datetime) -> str:
    """14:00–16:30."""
    return f"{time(start)}–{time(end)}"


def day_time(instant: datetime) -> str:
    """11 月 25 日 周三 14:00."""
    return f"{day(instant)} {time(instant)}"


def near_time(instant: datetime) -> str:
    """今天 14:00, else 11 月 25 日 周三 14:00."""
    near = near_day(instant)
    return type(near)(f"{near} {time(instant)}")


def ago(instant: datetime) -> str:
    """刚刚, 5 分钟前, 3 小时前, else the day and time."""
    minutes = int((clock.now() - instant).total_seconds() // 60)
    if minutes < 1:
        return _("刚刚")
    if minutes < 60:
        return _("%(n)s 分钟前", n=minutes)
    if minutes < 12 * 60:
        return _("%(n)s 小时前", n=minutes // 60)
    return near_time(instant)


def duration(minutes: int) -> str:
    """45 分钟, 2 小时, 2 小时 30 分钟."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)s 分钟", n=rest)
    if not rest:
        return _("%(n)s 小时", n=hours)
    return _("%(h)s 小时 %(m)s 分钟", h=hours, m=rest)


def day_start(value: date) -> datetime:
    """Midnight at the venue, as an instant."""
    return datetime(value.year, value.month, value.day, tzinfo=ZONE)


def days_from(first: date, count: int) -> list[date]:
    """`count` days in a row."""
    return [first + timedelta(days=n) for n in range(count)]


def init_app(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters.update(
        local=local,
        local_day=local_day,
        weekday=weekday,
        weekday_name=weekday_name,
        day=day,
        near_day=near_day,
        full_day=full_day,
        time=time,
        day_time=day_time,
        near_time=near_time,
        ago=ago,
        duration=duration,
    )
    app.jinja_env.globals.update(time_range=time_range, today=today, now=clock.now)
