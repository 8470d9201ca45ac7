"""Following people: who has the role volunteer, who lost it, who was erased."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.roster.models import (
    Absence,
    Assignment,
    Briefing,
    BriefingRead,
    Entry,
    ExceptionDay,
    HelpAsk,
    HelpCall,
    Hours,
    HoursPolicy,
    Lesson,
    Objection,
    Offer,
    OfferRound,
    Period,
    PeriodAct,
    Profile,
    Proposal,
    ProposalBan,
    ProposedCell,
    RankingMember,
    ServiceRecord,
    SignOff,
    Standby,
    TrainingCompleted,
    TrainingDone,
    Volunteer,
    VolunteerSkill,
    WeeklyFree,
)
from services.roster.models.assignment import BY_SELF, BY_STAFF
from services.roster.models.volunteer import ACTIVE, ERASED, ROLE
from services.roster.use_cases.assignments import release_ahead
from services.roster.use_cases.offers import withdraw_from
from services.roster.use_cases.ranking import drop_from_ranking
from shared.database import upsert_by_version
from shared.ids import new_id

# What is only about the person goes; what others need keeps a name that leads nowhere.
OWN = (
    VolunteerSkill,
    WeeklyFree,
    ExceptionDay,
    Lesson,
    BriefingRead,
    TrainingCompleted,
    TrainingDone,
    SignOff,
    Profile,
    Offer,
    HelpAsk,
    Standby,
    ProposedCell,
    ProposalBan,
    RankingMember,
)
SAID_OF_OTHERS = (
    Assignment.person_id,
    Hours.person_id,
    Entry.person_id,
    Entry.noted_by,
    Objection.person_id,
    Objection.decided_by,
    Absence.noted_by,
    Period.checked_by,
    Period.crossed_by,
    Period.closed_by,
    PeriodAct.done_by,
    HoursPolicy.made_by,
    VolunteerSkill.granted_by,
    SignOff.signed_by,
    Profile.experienced_by,
    Briefing.written_by,
    Offer.made_by,
    OfferRound.started_by,
    HelpCall.opened_by,
    Proposal.made_by,
    ServiceRecord.person_id,
    ServiceRecord.issued_by,
    ServiceRecord.ended_by,
)


def follow_person(session: Session, person_id: str, version: int, roles: Iterable[str]) -> None:
    """Take over a person's roles. Who lost the role is released from the shifts ahead, and on no list."""
    is_volunteer = ROLE in roles
    values = {"active": is_volunteer, "state": ACTIVE}
    if not upsert_by_version(session, Volunteer, person_id, version, values, key="person_id"):
        return
    if not is_volunteer:
        withdraw_from(session, person_id)
        release_ahead(session, person_id, by=BY_STAFF)
        drop_from_ranking(session, person_id)


def forget_person(session: Session, person_id: str, version: int) -> None:
    """Erase a person: shifts ahead are released, the history gets a name that leads nowhere.

    What was served stays countable under one pseudonym; the id itself remains as a tombstone with
    nothing attached, so that a late message does not bring the person back.
    """
    values = {"active": False, "state": ERASED}
    if not upsert_by_version(session, Volunteer, person_id, version, values, key="person_id"):
        return
    withdraw_from(session, person_id)
    release_ahead(session, person_id, by=BY_SELF)
    for table in OWN:
        mine = delete(table).where(table.person_id == person_id)
        session.execute(mine.execution_options(**_BLIND))
    _blank_words(session, person_id)
    pseudonym = new_id()
    for column in SAID_OF_OTHERS:
        session.execute(
            update(column.class_)
            .where(column == person_id)
            .values({column: pseudonym})
            .execution_options(**_BLIND)
        )


def _blank_words(session: Session, person_id: str) -> None:
    """Blank what was typed by or about somebody; the figures stay."""
    theirs = select(Assignment.id).where(Assignment.person_id == person_id)
    for table, values in (
        (Entry, {"reason": ""}),
        (Objection, {"words": "", "answer": ""}),
        (Absence, {"reason": ""}),
    ):
        blank = update(table).where(table.assignment_id.in_(theirs)).values(values)
        session.execute(blank.execution_options(**_BLIND))
    noted = update(PeriodAct).where(PeriodAct.done_by == person_id).values(note="")
    session.execute(noted.execution_options(**_BLIND))


_BLIND = {"synchronize_session": False}
