"""The drawing of waits on the desk: those that were, as marks; those that will be, as a band with a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.web import dates
from services.web.clients import clients
from services.web.clients.outlook import Outlook, Point
from services.web.clients.queue import QueueSession
from services.web.views.desk.board import attempt

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560, 150, 46, 12, 10, 30
STEPS = (5, 10, 15, 20, 30, 60, 120)
LINES = 3  # of the minutes, besides zero
EARLY = timedelta(minutes=30)
LABELS = 44  # the width of a time beside which there is no room for another


@dataclass(frozen=True)
class Mark:
    """Somebody who was called: how long they waited."""

    x: float
    y: float
    booked: bool
    minutes: int
    at: datetime


@dataclass(frozen=True)
class Row:
    """A moment in words: (low, high) minutes for who comes then."""

    at: datetime
    low: int
    high: int


@dataclass(frozen=True)
class Chart:
    """Paths and places in a box of 560 × 150; `rows` says the same in words, `worst` the longest."""

    marks: tuple[Mark, ...]
    band: str
    line: str
    lines: tuple[tuple[float, int], ...]
    times: tuple[tuple[float, str, str], ...]
    now: float
    ends: tuple[float, float] | None
    done: str
    rows: tuple[Row, ...]
    worst: Row | None
    known: bool


class Frame:
    """Where an instant and a number of minutes lie in a drawing."""

    def __init__(
        self, begins: datetime, ends: datetime, most: float, box: tuple[int, int, int, int]
    ) -> None:
        self.left, self.top, self.right, self.bottom = box
        self.begins = begins
        self._span = max((ends - begins).total_seconds(), 60.0)
        self._most = max(most, 1.0)

    def x(self, at: datetime) -> float:
        """Return the place of an instant, held inside the drawing."""
        part = (at - self.begins).total_seconds() / self._span
        return round(self.left + min(max(part, 0.0), 1.0) * (self.right - self.left), 1)

    def y(self, minutes: float) -> float:
        """Return the place of a wait, held inside the drawing."""
        part = min(max(minutes / self._most, 0.0), 1.0)
        return round(self.bottom - part * (self.bottom - self.top), 1)

    def band(self, points: Sequence[Point]) -> str:
        """Return the path around the ranges of some points; nothing for fewer than two."""
        if len(points) < 2:
            return ""
        above = [f"{self.x(one.at)} {self.y(one.high)}" for one in points]
        below = [f"{self.x(one.at)} {self.y(one.low)}" for one in reversed(points)]
        return f"M{'L'.join([*above, *below])}Z"

    def line(self, points: Sequence[Point]) -> str:
        """Return the path through the middles."""
        places = [f"{self.x(one.at)} {self.y(one.middle)}" for one in points]
        return f"M{'L'.join(places)}" if len(places) > 1 else ""


def drawn_outlook(session: QueueSession) -> Chart | None:
    """Ask how a session's line goes on and draw it; None while booking cannot say."""
    outlook, _away = attempt(lambda: clients().booking.outlook(session.id), None)
    return drawn(outlook, session) if outlook else None


def drawn(outlook: Outlook, session: QueueSession) -> Chart:
    """Draw a session's waits from its beginning to its end, or as long as the line takes."""
    points, past = outlook.points, outlook.past
    begins = max(
        min([session.starts_at, outlook.at, *(one.at for one in past)]), session.starts_at - EARLY
    )
    ends = max([session.ends_at, outlook.at, *([outlook.ends.high] if outlook.ends else [])])
    step, most = scale([*(one.high for one in points), *(one.waited for one in past)])
    frame = Frame(begins, ends, most, (LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM))
    now = frame.x(outlook.at)
    rows = tuple(Row(one.at, int(one.low), -int(-one.high // 1)) for one in points)
    return Chart(
        marks=tuple(
            Mark(frame.x(one.at), frame.y(one.waited), one.booked, round(one.waited), one.at)
            for one in past
        ),
        band=frame.band(points),
        line=frame.line(points),
        lines=tuple((frame.y(many), many) for many in range(0, most + 1, step)),
        times=_times(frame, begins, outlook.at, ends),
        now=now,
        ends=(frame.x(outlook.ends.low), frame.x(outlook.ends.high)) if outlook.ends else None,
        done=dates.time_range(outlook.ends.low, outlook.ends.high) if outlook.ends else "",
        rows=rows,
        worst=max(rows, key=lambda row: row.high, default=None),
        known=bool(points),
    )


def scale(minutes: Sequence[float]) -> tuple[int, int]:
    """Return (step, top) of an axis that holds all these minutes in a few lines."""
    most = max([*minutes, 10.0])
    step = next((step for step in STEPS if step * LINES >= most), STEPS[-1])
    return step, step * max(1, -int(-most // step))


def _times(
    frame: Frame, begins: datetime, now: datetime, ends: datetime
) -> tuple[tuple[float, str, str], ...]:
    """Return (x, time, anchor) of the beginning, now and the end, where there is room for them."""
    found = [(frame.left * 1.0, dates.time(begins), "start")]
    last = (frame.right * 1.0, dates.time(ends), "end")
    here = frame.x(now)
    if here - found[0][0] > LABELS * 1.4 and last[0] - here > LABELS * 1.4:
        found.append((here, dates.time(now), "middle"))
    return (*found, last)
