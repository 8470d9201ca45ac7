"""Volunteers who served a week and take part in its ranking, and the list as somebody sees it."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from services.roster.models import RankingPlace
from services.roster.models.ranking import due_at
from services.roster.use_cases.ranking import publish_due
from tests.integration.roster.given import DAY, Roster
from tests.integration.roster.serving import serve
from tests.support.clients import ApiClient

MONDAY = date(2026, 11, 30)  # DAY is the Wednesday of its week
DUE = due_at(MONDAY)
MINE, LIST = "/ranking/mine", f"/ranking/weeks/{MONDAY}"


def join(*people: ApiClient) -> None:
    """Take part under a code."""
    for one in people:
        assert one.put(MINE, {"takes_part": True}).status_code == 200


def leave(who: ApiClient) -> int:
    """Take part no longer; return the status."""
    return int(who.put(MINE, {"takes_part": False}).status_code)


def named(roster: Roster, who: ApiClient, name: str) -> Any:
    """Take part under one's name, as the front says it."""
    assert who.person is not None
    return roster.client(roster.new("front")).put(
        f"/ranking/people/{who.person.id}", {"name": name}
    )


def served(roster: Roster, *hours: float, day: Any = DAY) -> list[ApiClient]:
    """Volunteers who have served so many hours on a day, one after the other; nobody takes part yet."""
    return [serve(roster, 0, one, day=day)[0] for one in hours]


def publish(roster: Roster, at: Any = DUE) -> int:
    """Let the worker look at a moment; return how many weeks it published."""
    roster.clock.set(at)
    return publish_due(roster.service.database)


def lines(who: ApiClient, path: str = LIST) -> list[tuple[int, int, bool]]:
    """The list as somebody sees it: rank, minutes, whether it is theirs."""
    answer = who.get(path)
    assert answer.status_code == 200, answer.json
    return [(one["rank"], one["minutes"], one["mine"]) for one in answer.json["items"]]


def places(roster: Roster) -> int:
    """Return how many places there are on all lists, whoever they belong to."""
    with roster.service.database.reading() as session:
        return int(session.execute(select(func.count(RankingPlace.person_id))).scalar_one())
