"""The weekly ranking at roster: the weeks, a list, and the reader's own part in it."""

from dataclasses import dataclass
from datetime import date, datetime

from services.web.clients.base import Client, read


@dataclass(frozen=True)
class Week:
    """A week that was published, and how many stand on its list."""

    first_day: date
    last_day: date
    published_at: datetime
    people: int


@dataclass(frozen=True)
class Weeks:
    """The weeks that are kept, newest first, and when the next list comes."""

    items: tuple[Week, ...]
    next_at: datetime


@dataclass(frozen=True)
class Placed:
    """One line of a list; without a name: under the code."""

    rank: int
    name: str | None
    code: str
    minutes: int
    mine: bool


@dataclass(frozen=True)
class MyPlace:
    """The reader's own line, and what the ledger says of the week now."""

    rank: int
    minutes: int
    minutes_now: int


@dataclass(frozen=True)
class Ranking:
    """A week's list as it was published, without who has left since."""

    first_day: date
    last_day: date
    published_at: datetime
    people: int
    items: tuple[Placed, ...]
    corrected: int
    mine: MyPlace | None = None

    def tied(self, one: Placed) -> bool:
        """Whether somebody shares this rank."""
        return sum(other.rank == one.rank for other in self.items) > 1

    def percent(self, one: Placed) -> float:
        """The length of a line's bar: the most minutes are 100."""
        return round(100 * one.minutes / max(self.items[0].minutes, 1), 1)


@dataclass(frozen=True)
class MyPart:
    """Whether and how the reader takes part."""

    takes_part: bool
    next_at: datetime
    name: str | None = None
    code: str | None = None
    since: datetime | None = None


class RankingCalls(Client):
    """Roster's part about the weekly ranking."""

    def ranking_weeks(self) -> Weeks:
        """The weeks that were published."""
        return read(Weeks, self.get("/ranking/weeks"))

    def ranking(self, first_day: str) -> Ranking:
        """The list of the week that begins with this Monday."""
        return read(Ranking, self.get(f"/ranking/weeks/{first_day}"))

    def my_ranking(self) -> MyPart:
        """The reader's own part."""
        return read(MyPart, self.get("/ranking/mine"))

    def rank_me(self, *, takes_part: bool) -> None:
        """Take part under a code, or leave."""
        self.put("/ranking/mine", {"takes_part": takes_part})

    def rank_by_name(self, person_id: str, name: str) -> None:
        """Let the reader take part under the name of their account, which the front vouches for."""
        self.put(f"/ranking/people/{person_id}", {"name": name}, front=True)
