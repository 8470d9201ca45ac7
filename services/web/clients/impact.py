"""What the pages of impact ask of booking: figures of some days, by category and over time."""

from dataclasses import dataclass
from datetime import date

from services.web.clients.base import Client, Json, read, read_all


@dataclass(frozen=True)
class Rate:
    """A share of `of` with its 95 % range, all of 1; None where there is nothing to share."""

    share: float | None
    low: float
    high: float
    of: int


@dataclass(frozen=True)
class Kilograms:
    """Weight of what was fixed; `unweighed` devices have none and are not in it."""

    usual: float
    low: float
    high: float
    unweighed: int


@dataclass(frozen=True)
class Sums:
    """Devices by outcome, the rate, the weight."""

    devices: int
    fixed: int
    repairable: int
    end_of_life: int
    unclear: int
    rate: Rate
    kilograms: Kilograms


@dataclass(frozen=True)
class CategorySums(Sums):
    """Of one category."""

    category_id: int


@dataclass(frozen=True)
class StepSums(Sums):
    """Of a day, a week or a month, by its first day."""

    begins: date


@dataclass(frozen=True)
class Impact(Sums):
    """All figures of some days; `step` says what `course` is made of: day, week or month."""

    people: int
    volunteers: int
    sessions: int
    trained: int
    categories: tuple[CategorySums, ...]
    step: str
    course: tuple[StepSums, ...]


class ImpactCalls(Client):
    """Booking's calls about impact."""

    def impact(self, days: Json) -> Impact:
        """The figures of these days (from, to)."""
        answer = self.get("/impact", params=days)
        course = answer["course"]
        steps = read_all(StepSums, [one | {"begins": one["from"]} for one in course["items"]])
        given = {**answer, "step": course["step"], "course": ()}
        found = read(Impact, given)
        return Impact(**{**vars(found), "course": steps})
