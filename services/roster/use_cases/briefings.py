"""Writing briefings, acknowledging them, and who is a newcomer no longer."""

from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster.errors import BriefingChanged, NoSuchBriefing, NoSuchVolunteer
from services.roster.models import Briefing, BriefingRead, Hours, Profile, Volunteer
from services.roster.models.profile import BY_RULE, NEWCOMER_UNTIL
from services.roster.models.volunteer import ERASED
from services.roster.use_cases.availability import enter_volunteer, write_profile
from shared import audit
from shared.database import insert_if_absent, one_row, suite_time
from shared.errors import Stale


def write_briefing(
    session: Session, code: str, seen: int, values: dict[str, Any], *, actor: str
) -> Briefing:
    """Write the next version of a briefing after the one that was ``seen`` (0: none yet).

    Everybody reads a needed one anew. Raises ``Stale`` where somebody wrote meanwhile.
    """
    if newest_version(session, code) != seen:
        raise Stale
    row = {"code": code, "version": seen + 1, **values}
    at = suite_time(session)
    try:
        with session.begin_nested():
            session.execute(insert(Briefing).values(**row, written_by=actor, written_at=at))
    except IntegrityError as problem:
        raise Stale from problem
    audit.record(session, actor, "briefing.written", code)
    return session.get_one(Briefing, (code, seen + 1))


def read_briefing(session: Session, person_id: str, code: str, version: int) -> BriefingRead:
    """Note that a volunteer read a version; only the newest counts. A second time changes nothing."""
    enter_volunteer(session, person_id)
    newest = newest_version(session, code)
    if not newest:
        raise NoSuchBriefing
    if newest != version:
        raise BriefingChanged
    key = {"person_id": person_id, "code": code, "version": version}
    values = {**key, "read_at": suite_time(session)}
    if insert_if_absent(session, BriefingRead, values, key=list(key)):
        audit.record(session, person_id, "briefing.read", f"{code}/{version}")
    return session.get_one(BriefingRead, (person_id, code, version))


def newest_version(session: Session, code: str) -> int:
    """Return the number of the newest version, 0 where there is none."""
    last = select(func.coalesce(func.max(Briefing.version), 0)).where(Briefing.code == code)
    return int(session.execute(last).scalar_one())


def set_newcomer(session: Session, person_id: str, *, newcomer: bool, actor: str) -> None:
    """Let a coordinator say that somebody is a newcomer, or is one no longer."""
    known = update(Volunteer).where(Volunteer.person_id == person_id, Volunteer.state != ERASED)
    locked = known.values(acts=Volunteer.acts + 1).execution_options(synchronize_session=False)
    one_row(session.execute(locked), NoSuchVolunteer())
    values: dict[str, Any] = {"experienced_at": None, "experienced_by": None}
    if not newcomer:
        values = {"experienced_at": suite_time(session), "experienced_by": actor}
    write_profile(session, person_id, values)
    audit.record(session, actor, "volunteer.newcomer", person_id)


def end_newcomer(session: Session, person_id: str) -> None:
    """End the newcomer's time by the rule, with the third shift really served; trials do not count.

    It ends once: a coordinator who says later that somebody is new again is not overruled.
    """
    served = select(func.count(Hours.assignment_id)).where(
        Hours.person_id == person_id, ~Hours.trial
    )
    profile = session.get(Profile, person_id, populate_existing=True)
    if profile is not None and profile.experienced_at is not None:
        return
    if session.execute(served).scalar_one() == NEWCOMER_UNTIL:
        ended = {"experienced_at": suite_time(session), "experienced_by": BY_RULE}
        write_profile(session, person_id, ended)
