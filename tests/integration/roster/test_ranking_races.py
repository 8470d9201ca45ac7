"""Publishing a ranking twice, and leaving it meanwhile: one list, and nobody on it who left; on both databases."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

from sqlalchemy import text

from services.roster.models.ranking import WEEK, due_at
from services.roster.use_cases import ranking
from services.roster.use_cases.ranking import publish_due, publish_week
from tests.integration.roster.given import Roster
from tests.integration.roster.ranked import (
    DUE,
    MONDAY,
    join,
    leave,
    lines,
    places,
    served,
)
from tests.support.clients import ApiClient

HELD = 1.0  # seconds; the database lets nobody wait for a lock longer than three


def test_publishing_twice_at_once_publishes_once(roster: Roster) -> None:
    people = served(roster, 2, 1)
    join(*people)
    roster.clock.set(DUE)
    database = roster.service.database

    with ThreadPoolExecutor(3) as pool:
        done = [pool.submit(publish_due, database) for _ in range(3)]
        assert sorted(one.result() for one in done) == [0, 0, 1]

    assert len(lines(people[0])) == 2


def leave_while_publishing(roster: Roster, who: ApiClient) -> bool:
    """Leave while a list is published and not yet committed; tell whether leaving had to wait."""
    with ThreadPoolExecutor(1) as pool:
        with roster.service.database.transaction() as session:
            assert publish_week(session, MONDAY)
            leaving = pool.submit(leave, who)
            waited = not wait([leaving], HELD).done
        assert leaving.result() == 200
    return waited


def test_who_leaves_while_a_list_is_published_is_not_on_it(roster: Roster) -> None:
    stays, goes = served(roster, 2, 1)
    join(stays, goes)
    roster.clock.set(DUE)

    assert leave_while_publishing(roster, goes)

    assert lines(stays) == [(1, 120, True)]
    assert places(roster) == 1


def test_without_the_foreign_key_who_leaves_stays_behind_on_the_list(roster: Roster) -> None:
    stays, goes = served(roster, 2, 1)
    join(stays, goes)
    without_the_foreign_key(roster)
    roster.clock.set(DUE)

    leave_while_publishing(roster, goes)

    assert places(roster) == 2


def test_a_list_published_while_somebody_leaves_waits_for_it(roster: Roster) -> None:
    stays, goes = served(roster, 2, 1)
    join(stays, goes)
    roster.clock.set(DUE)
    assert goes.person is not None

    with ThreadPoolExecutor(1) as pool:
        with roster.service.database.transaction() as session:
            ranking.leave_ranking(session, goes.person.id)
            publishing = pool.submit(publish_due, roster.service.database)
            assert not wait([publishing], HELD).done
        assert publishing.result() == 1

    assert lines(stays) == [(1, 120, True)]
    assert places(roster) == 1


def test_leaving_and_publishing_at_once_never_leaves_a_name_behind(roster: Roster) -> None:
    people = served(roster, 1, 1)
    for round in range(6):
        join(*people)
        week = MONDAY + round * WEEK
        roster.clock.set(due_at(week) + timedelta(minutes=1))
        with ThreadPoolExecutor(3) as pool:
            acts = [pool.submit(leave, one) for one in people]
            acts.append(pool.submit(publish_due, roster.service.database))
            assert [one.result() for one in acts] == [200, 200, 1]
        assert places(roster) == 0


def without_the_foreign_key(roster: Roster) -> None:
    """Make the table of places again without anything that hangs on who takes part."""
    with roster.service.database.transaction() as session:
        session.execute(text("DROP TABLE ranking_place"))
        session.execute(
            text(
                "CREATE TABLE ranking_place (first_day DATE, person_id VARCHAR(36), minutes INTEGER)"
            )
        )
