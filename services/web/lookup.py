"""Sessions joined with what is left of them, for lists; booking away means browsing goes on without numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from services.web import dates
from services.web.clients import clients
from services.web.clients.booking import Availability
from services.web.clients.catalog import Programme, Session
from services.web.clients.policies import Rules
from services.web.i18n import _, _n
from shared import clock
from shared.http_client import Problem, Unavailable


def rules(session_id: str) -> Rules | None:
    """What binds in a session; None where booking could not be asked."""
    try:
        return clients().booking.rules(session_id)
    except (Unavailable, Problem):
        return None


def bound(session: Session) -> Session:
    """The session with what binds there, once the offering's policy is laid over it."""
    found = rules(session.id)
    if found is None:
        return session
    return replace(
        session,
        max_devices=found.max_devices,
        categories=found.categories,
        cancel_cutoff_minutes=found.cancel_cutoff_minutes,
        booking_opens_at=found.opens_at,
        booking_closes_at=found.closes_at,
    )


@dataclass(frozen=True)
class Offer:
    """A session and what is left of it (None: booking could not be asked)."""

    session: Session
    left: Availability | None = None

    @property
    def open(self) -> bool:
        """A place can be had now."""
        return self.left is not None and self.left.state == "open" and self.left.free > 0

    @property
    def running(self) -> bool:
        """Between its start and its end."""
        return self.session.starts_at <= clock.now() < self.session.ends_at

    @property
    def word(self) -> tuple[str, str]:
        """(text, kind of tag) that says what is left."""
        if self.session.state == "cancelled":
            return _("已取消"), "bad"
        if self.left is None:
            return "", "plain"
        return _words(self.session, self.left)


def _words(session: Session, left: Availability) -> tuple[str, str]:
    if left.state == "open":
        return _free_words(session, left)
    return {
        "not_yet": (
            _("%(when)s 开放", when=dates.short_day(session.booking_opens_at)),
            "plain",
        ),
        "waiting_for_volunteers": (_("等待志愿者"), "warn"),
        "closed": (_("已截止"), "plain"),
        "cancelled": (_("已取消"), "bad"),
        "over": (_("已结束"), "plain"),
    }.get(left.state, ("", "plain"))


def _free_words(session: Session, left: Availability) -> tuple[str, str]:
    if left.free > 0:
        return _n("还有 %(n)s 个空位", left.free), "go"
    if session.kind == "repair":
        return _("已约满"), "warn"
    if left.waitlisted:
        return _("已满 · 候补 %(n)s 人", n=left.waitlisted), "warn"
    return _("已满 · 可候补"), "warn"


def offers(sessions: Iterable[Session]) -> list[Offer]:
    """The sessions with what is left of each, in one question to booking."""
    found = list(sessions)
    try:
        left = clients().booking.availability([one.id for one in found]) if found else {}
    except (Unavailable, Problem):
        left = {}
    return [Offer(one, left.get(one.id)) for one in found]


def coming(days: int, first: date | None = None, **filters: str | None) -> list[Session]:
    """Published sessions of the coming days that have not ended."""
    start = first or dates.today()
    until = dates.day_start(dates.days_from(start, days + 1)[-1])
    found = clients().catalog.sessions(
        from_=clock.iso(dates.day_start(start)), to=clock.iso(until), **filters
    )
    return [one for one in found if one.state == "published" and one.ends_at > clock.now()]


@dataclass(frozen=True)
class Day:
    """One cell of the day strip."""

    day: date
    word: str
    sessions: int
    chosen: bool


def day_strip(
    found: list[Offer], programmes: Iterable[Programme], first: date, days: int, chosen: date | None
) -> list[Day]:
    """The days with what they hold: free places, 候补, 主题日 or nothing."""
    themes = {one.theme_day for one in programmes}
    cells = []
    for day in dates.days_from(first, days):
        here = [one for one in found if dates.local_day(one.session.starts_at) == day]
        cells.append(Day(day, _day_word(here, day in themes), len(here), day == chosen))
    return cells


def _day_word(here: list[Offer], theme: bool) -> str:
    if theme:
        return _("主题日")
    if not here:
        return _("无")
    free = sum(one.left.free for one in here if one.left and one.open)
    if free:
        return _("%(n)s 个", n=free)
    if any(one.left and one.left.state == "waiting_for_volunteers" for one in here):
        return _("待定")
    if any(one.session.kind != "repair" and one.left and one.left.state == "open" for one in here):
        return _("候补")
    return (
        _n("%(n)s 场", len(here))
        if any(one.left is None or one.left.state == "not_yet" for one in here)
        else _("已满")
    )


def by_day(found: Iterable[Offer]) -> list[tuple[date, list[Offer]]]:
    """Offers grouped by their local day."""
    grouped: dict[date, list[Offer]] = {}
    for one in found:
        grouped.setdefault(dates.local_day(one.session.starts_at), []).append(one)
    return sorted(grouped.items())


def programmes_ahead() -> list[Programme]:
    """Active programmes whose theme day is not over; empty when catalog is away."""
    try:
        found = clients().catalog.programmes()
    except (Unavailable, Problem):
        return []
    today = dates.today()
    live = [
        one
        for one in found
        if one.state == "active" and (one.theme_day is None or one.theme_day >= today)
    ]
    return sorted(live, key=lambda one: (one.theme_day or date.max, one.id))
