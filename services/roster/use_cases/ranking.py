"""The weekly ranking: taking part and leaving, publishing a week once, forgetting old weeks.

A published list is a snapshot: what is corrected later does not rewrite it. Publishing holds those who
take part (a share lock on PostgreSQL, the one writer on SQLite), so that who leaves meanwhile is gone after it.
"""

import secrets
from datetime import date

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster.models import RankingMember, RankingPlace, RankingWeek
from services.roster.models.ranking import (
    CODE_LENGTH,
    KEPT_WEEKS,
    WEEK,
    due_at,
    newest_due,
    weeks_due,
)
from services.roster.queries.ranking import counted, member, newest_week
from services.roster.use_cases.availability import enter_volunteer
from shared import audit
from shared.codes import READABLE
from shared.database import Database, insert_if_absent, suite_time

BY_RULE = "rule"
TRIES = 10


def take_part(session: Session, person_id: str, name: str | None = None) -> RankingMember:
    """Take part from now on under a name, or under a code; who does so already changes how they are shown.

    Raises ``NotAVolunteer``.
    """
    enter_volunteer(session, person_id)
    found = member(session, person_id)
    if found is None:
        found = _enter(session, person_id)
    found.name = name
    audit.record(session, person_id, "ranking.take_part", person_id)
    session.flush()
    return found


def leave_ranking(session: Session, person_id: str) -> None:
    """Take part no longer: the name is off every list at once, those published included."""
    drop_from_ranking(session, person_id)
    audit.record(session, person_id, "ranking.leave", person_id)


def drop_from_ranking(session: Session, person_id: str) -> None:
    """Remove somebody's part; their places go along."""
    mine = delete(RankingMember).where(RankingMember.person_id == person_id)
    session.execute(mine.execution_options(synchronize_session=False))


def publish_due(database: Database) -> int:
    """Publish every week that is due and was not yet, a week per transaction; return how many."""
    with database.reading() as session:
        due = weeks_due(newest_week(session), suite_time(session))
    published = 0
    for first_day in due:
        with database.transaction() as session:
            published += publish_week(session, first_day)
    return published


def publish_week(session: Session, first_day: date) -> bool:
    """Publish what those who take part served in a week; False where somebody has done so already.

    Only who took part when the list was due: being late changes nothing for those who came since.
    """
    week = {"first_day": first_day, "published_at": suite_time(session)}
    if not insert_if_absent(session, RankingWeek, week, key=["first_day"]):
        return False
    people = (
        select(RankingMember.person_id)
        .where(RankingMember.joined_at < due_at(first_day))
        .order_by(RankingMember.person_id)
        .with_for_update(read=True, key_share=True)
    )
    served = counted(session, first_day, session.scalars(people).all())
    rows = [
        {"first_day": first_day, "person_id": person_id, "minutes": minutes}
        for person_id, minutes in served.items()
        if minutes > 0
    ]
    if rows:
        session.execute(insert(RankingPlace), rows)
    audit.record(session, BY_RULE, "ranking.published", first_day.isoformat())
    return True


def forget_old_week(session: Session) -> int:
    """Remove the oldest list, if it is kept no longer; return how many."""
    oldest = session.execute(select(func.min(RankingWeek.first_day))).scalar_one()
    if oldest is None or oldest > newest_due(suite_time(session)) - KEPT_WEEKS * WEEK:
        return 0
    session.execute(delete(RankingWeek).where(RankingWeek.first_day == oldest))
    return 1


def _enter(session: Session, person_id: str) -> RankingMember:
    """Enter somebody under a code that nobody has; a new one each time, so that it does not tell who came back."""
    at = suite_time(session)
    for attempt in range(TRIES):
        code = "".join(secrets.choice(READABLE) for _ in range(CODE_LENGTH))
        made = RankingMember(person_id=person_id, code=code, joined_at=at)
        try:
            with session.begin_nested():
                session.add(made)
                session.flush()
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
        else:
            return made
    raise AssertionError  # the last attempt returns or raises
