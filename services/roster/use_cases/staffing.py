"""Entering a session to change its staffing, and announcing the staffing afterwards."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import NoSuchSession
from services.roster.models import SessionCopy
from services.roster.queries.staffing import staffing_of
from shared.database import one_row


def enter_session(session: Session, session_id: str) -> SessionCopy:
    """Lock a session for a change of its staffing and return it as it stands now.

    Always the lock after the person's and before a shift's; raises ``NoSuchSession``.
    """
    one_row(session.execute(SessionCopy.enter(session_id)), NoSuchSession())
    return session.get_one(SessionCopy, session_id, populate_existing=True)


def announce_staffing(session: Session, copy: SessionCopy) -> None:
    """Announce the staffing of an entered session, after the change, in the same transaction."""
    session.flush()
    events.staffing(session, copy.id, copy.staffing_version, staffing_of(session, copy.id))


def lock_session(session: Session, session_id: str) -> SessionCopy:
    """Lock a session for a change that concerns nobody's staffing, and return it as it stands."""
    found = session.scalars(
        select(SessionCopy)
        .where(SessionCopy.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NoSuchSession
    return found
