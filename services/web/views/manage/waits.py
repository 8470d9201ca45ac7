"""Whether the waiting ranges we tell people hold: per session, as a plot and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template, request

from services.web import dates
from services.web.clients import clients
from services.web.clients.waits import WaitScore
from services.web.signin import needs
from services.web.views.manage.base import blueprint
from shared import clock

WEEKS = (4, 12, 52)
AIM = (0.75, 0.85)
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 680, 230, 44, 14, 12, 30
SMALLEST, LARGEST = 4.0, 9.0
MANY = 150  # people in one session: the largest dot


@dataclass(frozen=True)
class Dot:
    """One session in the plot."""

    x: float
    y: float
    r: float
    score: WaitScore


@dataclass(frozen=True)
class Plot:
    """Sessions by day and share; `marks` are (x, label) of days, `lines` (y, label) of shares."""

    dots: tuple[Dot, ...]
    marks: tuple[tuple[float, str], ...]
    lines: tuple[tuple[float, str], ...]
    band: tuple[float, float]


@dataclass(frozen=True)
class Sum:
    """All the sessions together; widths in minutes."""

    told: int
    inside: int
    untold: int
    width: float
    naive_width: float

    @property
    def share(self) -> float | None:
        """Return the share that was called inside the range."""
        return self.inside / self.told if self.told else None


@blueprint.get("/manage/waits")
@needs("coordinator")
def waits() -> Any:
    """How well told ranges held in the last weeks."""
    asked = request.args.get("weeks", "12")
    weeks = int(asked) if asked in map(str, WEEKS) else WEEKS[1]
    until = dates.day_start(dates.today() + timedelta(days=1))
    since = until - timedelta(weeks=weeks)
    page = clients().booking.wait_scores(
        clock.iso(since), clock.iso(until), request.args.get("cursor")
    )
    told = [one for one in page.items if one.told]
    return render_template(
        "pages/manage/waits.html",
        page=page,
        weeks=weeks,
        choices=WEEKS,
        sum=added_up(page.items),
        plot=plotted(told) if told else None,
        aim=AIM,
    )


def added_up(scores: Sequence[WaitScore]) -> Sum:
    """Return the sums of some sessions, widths weighted by people."""
    told = sum(one.told for one in scores)
    return Sum(
        told,
        sum(one.inside for one in scores),
        sum(one.untold for one in scores),
        sum(one.width * one.told for one in scores) / told if told else 0.0,
        sum(one.naive_width * one.told for one in scores) / told if told else 0.0,
    )


def plotted(scores: Sequence[WaitScore]) -> Plot:
    """Draw sessions (at least one) over their days; the band is where the share should lie."""
    first = min(one.starts_at for one in scores)
    span = max((max(one.starts_at for one in scores) - first).total_seconds(), 1.0)

    def x(score: WaitScore) -> float:
        part = (score.starts_at - first).total_seconds() / span if len(scores) > 1 else 0.5
        return round(LEFT + 12 + part * (WIDTH - LEFT - RIGHT - 24), 1)

    dots = tuple(
        Dot(
            x(one),
            _y(one.share or 0.0),
            round(SMALLEST + (LARGEST - SMALLEST) * min(1.0, one.told / MANY), 1),
            one,
        )
        for one in sorted(scores, key=lambda one: one.starts_at)
    )
    ends = (dots[0], dots[-1]) if len(dots) > 1 else dots
    return Plot(
        dots,
        tuple((dot.x, dates.short_day(dot.score.starts_at)) for dot in ends),
        tuple((_y(share), f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
        (_y(AIM[1]), round(_y(AIM[0]) - _y(AIM[1]), 1)),
    )


def _y(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)
