"""Displays say that they live; the desk sees when one is dead or shows an old picture."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.display import Display
from services.booking.models.live import touch, version_of
from services.booking.use_cases.projection import locked as locked_session
from shared import audit
from shared.database import UtcDateTime, suite_time
from shared.errors import NotFound

MOST = 50
KEEP = timedelta(days=7)


@dataclass(frozen=True)
class Beat:
    """What a display says about itself; `shown` is the version on its screen, `leaving` its last word."""

    name: str
    sound: str
    shown: int | None = None
    leaving: bool = False


def beat(session: Session, session_id: str, display_id: str, said: Beat) -> Display:
    """Note that a display lives; the first beat gives it a number.

    A beat is one UPDATE and moves no version: pages are told only when a display comes, goes, or
    changes its sound or name.
    """
    known = session.get(Display, (session_id, display_id))
    before = (known.name, known.sound, known.left_at is None) if known else None
    if not _noted(session, session_id, display_id, said):
        _register(session, session_id, display_id, said)
    display = session.get_one(Display, (session_id, display_id), populate_existing=True)
    if before != (display.name, display.sound, display.left_at is None):
        touch(session, session_id)
    return display


def forget(session: Session, session_id: str, display_id: str, actor_id: str) -> None:
    """Take a display off the list; one that still lives comes back with its next beat."""
    mine = (Display.session_id == session_id) & (Display.id == display_id)
    if session.execute(delete(Display).where(mine)).rowcount != 1:  # type: ignore[attr-defined]  # DML result
        raise NotFound
    audit.record(session, actor_id, "display.forget", display_id)
    touch(session, session_id)


def forget_old(session: Session) -> None:
    """Forget displays that nobody has heard of for a week."""
    session.execute(delete(Display).where(Display.seen_at < suite_time(session) - KEEP))


def _noted(session: Session, session_id: str, display_id: str, said: Beat) -> bool:
    at = suite_time(session)
    behind = said.shown is not None and said.shown < version_of(session, session_id)
    values = {
        "name": said.name,
        "sound": said.sound,
        "shown": said.shown,
        "behind_since": func.coalesce(Display.behind_since, literal(at, UtcDateTime()))
        if behind
        else None,
        "seen_at": at,
        "left_at": at if said.leaving else None,
    }
    statement = (
        update(Display)
        .where(Display.session_id == session_id, Display.id == display_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # DML result


def _register(session: Session, session_id: str, display_id: str, said: Beat) -> None:
    if locked_session(session, session_id) is None:  # numbers are given one after the other
        raise NotFound
    if _noted(session, session_id, display_id, said):
        return
    here = Display.session_id == session_id
    count, last = session.execute(select(func.count(), func.max(Display.number)).where(here)).one()
    if count >= MOST:
        raise errors.TooManyDisplays
    at = suite_time(session)
    session.add(
        Display(
            session_id=session_id,
            id=display_id,
            number=(last or 0) + 1,
            name=said.name,
            sound=said.sound,
            shown=said.shown,
            started_at=at,
            seen_at=at,
            left_at=at if said.leaving else None,
        )
    )
    session.flush()
