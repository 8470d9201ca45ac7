"""Reads of briefings: the newest version of each, and who has read it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from services.roster.models import Briefing, BriefingRead


@dataclass(frozen=True)
class BriefingView:
    """A briefing in its newest version, and when one volunteer read this and an earlier one."""

    briefing: Briefing
    read_at: datetime | None
    read_version: int | None


def newest(session: Session) -> Sequence[Briefing]:
    """Return every briefing in its newest version, by code."""
    last = select(Briefing.code, func.max(Briefing.version).label("version"))
    latest = last.group_by(Briefing.code).subquery()
    return session.scalars(
        select(Briefing)
        .join(latest, and_(latest.c.code == Briefing.code, latest.c.version == Briefing.version))
        .order_by(Briefing.code)
    ).all()


def briefings_for(session: Session, person_id: str) -> list[BriefingView]:
    """Return every briefing as one volunteer stands to it, the unread first."""
    read = session.scalars(
        select(BriefingRead)
        .where(BriefingRead.person_id == person_id)
        .order_by(BriefingRead.version)
    )
    last = {one.code: one for one in read}
    views = [_view(one, last.get(one.code)) for one in newest(session)]
    return sorted(views, key=lambda one: (one.read_at is not None, one.briefing.code))


def unread_needed(session: Session, people: Collection[str]) -> dict[str, list[Briefing]]:
    """Return the needed briefings that each person has not read in their newest version."""
    needed = [one for one in newest(session) if one.needed]
    statement = select(BriefingRead.person_id, BriefingRead.code, BriefingRead.version)
    read = {
        tuple(row) for row in session.execute(statement.where(BriefingRead.person_id.in_(people)))
    }
    return {
        person_id: [one for one in needed if (person_id, one.code, one.version) not in read]
        for person_id in people
    }


def _view(briefing: Briefing, read: BriefingRead | None) -> BriefingView:
    current = read is not None and read.version == briefing.version
    return BriefingView(
        briefing, read.read_at if read and current else None, read.version if read else None
    )
