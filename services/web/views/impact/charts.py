"""Charts as plain geometry: the page draws them as SVG, the report on paper, both from the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.web import dates
from services.web.clients.impact import Rate, StepSums
from services.web.i18n import _, lang

MOST_LABELS = 7
STEPS = (1, 2, 5)
GAP = 0.24  # of a bar's room


@dataclass(frozen=True)
class Bar:
    """One step of time: what was fixed stands below, the rest above; heights from the base line up."""

    x: float
    width: float
    fixed: float
    rest: float
    label: str
    sums: StepSums


@dataclass(frozen=True)
class Bars:
    """Bars in a box of `width` × `height`; `lines` are (height, count), `marks` (x, words)."""

    width: float
    height: float
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]
    marks: tuple[tuple[float, str], ...]


def bars(course: Sequence[StepSums], step: str, width: float, height: float) -> Bars:
    """Lay out a course (at least one step) in a box."""
    top = _ceiling(max(one.devices for one in course))
    scale = height / top[-1]
    room = min(width / len(course), 72.0)
    made = tuple(
        Bar(
            round(at * room + room * GAP / 2, 2),
            round(room * (1 - GAP), 2),
            round(one.fixed * scale, 2),
            round((one.devices - one.fixed) * scale, 2),
            step_words(one.begins, step),
            one,
        )
        for at, one in enumerate(course)
    )
    every = -(-len(made) // MOST_LABELS)
    marks = tuple(
        (round(bar.x + bar.width / 2, 2), short_words(bar.sums.begins, step, first=not at))
        for at, bar in enumerate(made[::every])
    )
    return Bars(width, height, made, tuple((round(n * scale, 2), n) for n in top), marks)


def step_words(begins: date, step: str) -> str:
    """A step in words: 2026 年 3 月, 3 月 2 日起的一周, 3 月 2 日."""
    if step == "month":
        month = f"{begins.year} 年 {begins.month} 月"
        return f"{dates.MONTHS_EN[begins.month - 1]} {begins.year}" if lang() == "en" else month
    day = dates.day(begins)
    return _("%(day)s 起的一周", day=day) if step == "week" else day


def short_words(begins: date, step: str, *, first: bool = False) -> str:
    """A step where room is scarce: 3 月, 3/2; the first month and January name their year."""
    if step != "month":
        return f"{begins.month}/{begins.day}" if lang() == "zh" else f"{begins.day}/{begins.month}"
    named = first or begins.month == 1
    if lang() == "zh":
        return f"{begins.year}.{begins.month}" if named else f"{begins.month} 月"
    month = dates.MONTHS_EN[begins.month - 1]
    return f"{month} {begins.year}" if named else month


def percent(rate: Rate) -> str:
    """72 %, or a dash where nothing is known."""
    return "—" if rate.share is None else f"{rate.share:.0%}"


def percent_range(rate: Rate) -> str:
    """52–86 %."""
    return f"{rate.low * 100:.0f}–{rate.high * 100:.0f}%"


def weight(kilograms: float) -> str:
    """Kilograms as they can be said: 8.7 below ten, 124 above, 12,000 from a thousand on."""
    if kilograms == 0:
        return "0"
    if kilograms >= 1000:
        return f"{round(kilograms, -2):,.0f}"
    return f"{kilograms:.1f}" if kilograms < 10 else f"{kilograms:.0f}"


def _ceiling(most: int) -> list[int]:
    """Round counts from nought to one that holds `most`, at most five steps."""
    size = 1
    while True:
        for step in STEPS:
            if most <= step * size * 4:
                count = max(1, -(-most // (step * size)))
                return [step * size * n for n in range(count + 1)]
        size *= 10
