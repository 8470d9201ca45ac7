"""Where a waiting range is cut out of the plays: moved a little by every wait that it held or missed.

Adaptive conformal inference (Gibbs and Candès 2021, "Adaptive Conformal Inference Under Distribution
Shift"), one level at each end. Whatever the model gets wrong that day, the share of waits that end before
a range, and of those that end after it, is driven to `AIM`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

AIM = 0.1  # share of waits before a range, and as many after it: four in five end inside
STEP = 0.05  # how far one miss moves its end; a wait inside moves it AIM / (1 - AIM) of that back
OUTERMOST, INNERMOST = -0.25, 0.45  # as far as an end may go; below 0 is beyond all plays


@dataclass(frozen=True)
class Levels:
    """The parts of the plays that a range lies between: the share called before each end.

    A model may be so wrong that a range must reach beyond whatever was played: below 0 or above 1.
    """

    low: float = 0.2
    high: float = 0.8

    def after(self, *, early: bool, late: bool) -> "Levels":
        """Return the levels once it is known that a wait ended before a range, after it, or inside."""
        low = self.low + STEP * (AIM - early)
        high = self.high - STEP * (AIM - late)
        return Levels(
            low=min(max(low, OUTERMOST), INNERMOST),
            high=max(min(high, 1 - OUTERMOST), 1 - INNERMOST),
        )


@dataclass(frozen=True)
class Heard:
    """A range that somebody heard at `at`, cut at `levels`, and how long they have waited (minutes).

    `called`: whether the wait is over; else they wait still, or went home.
    """

    at: datetime
    low: int
    high: int
    waited: float
    called: bool
    levels: Levels

    @property
    def known_at(self) -> datetime | None:
        """When it was known whether the range held: at the call, or as soon as it was over."""
        late = self.waited > self.high
        if not late and not self.called:
            return None
        return self.at + timedelta(minutes=self.high if late else self.waited)


def adapted(heard: Sequence[Heard], until: datetime) -> Levels:
    """Return the levels of whoever is told next: the latest ones, moved by what is known since."""
    if not heard:
        return Levels()
    last = max(heard, key=lambda one: one.at)
    known = [(one.known_at, one) for one in heard if one.known_at is not None]
    since = [(at, one) for at, one in known if last.at < at <= until]
    found = last.levels
    for _, one in sorted(since, key=lambda pair: (pair[0], pair[1].at)):
        found = found.after(early=one.waited < one.low, late=one.waited > one.high)
    return found
