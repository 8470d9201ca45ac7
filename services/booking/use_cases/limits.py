"""How many bookings a person holds of an offering per week and term: taking and giving back.

The counters are locked before sessions, slots and appointments, in the order of (person, period).
A cancelled booking gives back what it took; one that was kept, or missed, stays used.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CursorResult, case, select, update
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.appointment import Appointment
from services.booking.models.policy import PersonCount
from services.booking.models.session import ServiceSession
from shared.database import COUNT_ROWS, insert_for


def lock(session: Session, person_ids: Iterable[str]) -> None:
    """Lock the counters of these people, before anything else is locked."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return
    mine = select(PersonCount.person_id).where(PersonCount.person_id.in_(wanted))
    ordered = mine.order_by(PersonCount.person_id, PersonCount.period)
    session.execute(ordered.with_for_update()).all()


def lock_of(session: Session, where: Any) -> None:
    """Lock the counters of the people who hold the appointments that `where` describes."""
    lock(session, session.scalars(select(Appointment.person_id).where(where).distinct()).all())


def take(
    session: Session,
    row: ServiceSession,
    person_id: str,
    *,
    over: bool,
    held: Iterable[str | None] = (),
) -> None:
    """Count one more booking in the week and term of a session, or say which limit it would break.

    `over`: staff may go over the limit. `held`: periods it counts in already (a move).
    """
    for period, most in row.periods:
        if period not in held and not _counted(session, person_id, period, most, over=over):
            raise (errors.WeekLimit if period == row.week_key else errors.TermLimit)(most=most)


def give_back(session: Session, person_id: str, periods: Iterable[str | None]) -> None:
    """Count one booking less in these periods."""
    for period in sorted({one for one in periods if one}):
        mine = (PersonCount.person_id == person_id) & (PersonCount.period == period)
        session.execute(update(PersonCount).where(mine).values(held=PersonCount.held - 1))


def swap(session: Session, appointment: Appointment, row: ServiceSession, *, over: bool) -> None:
    """Let an appointment that moves to another session count where it goes."""
    before = (appointment.week_key, appointment.term_key)
    take(session, row, appointment.person_id, over=over, held=before)
    after = {row.week_key, row.term_key}
    give_back(session, appointment.person_id, [key for key in before if key not in after])
    appointment.week_key, appointment.term_key = row.week_key, row.term_key


def reached(session: Session, row: ServiceSession, person_id: str) -> Exception | None:
    """Return the limit that one more booking would break, None where there is room."""
    held = held_by(session, row, person_id)
    for period, most in row.periods:
        if most is not None and held[period] >= most:
            kind = errors.WeekLimit if period == row.week_key else errors.TermLimit
            return kind(most=most)
    return None


def held_by(session: Session, row: ServiceSession, person_id: str) -> dict[str, int]:
    """Return how many bookings count in each period of a session."""
    periods = [period for period, _ in row.periods]
    mine = select(PersonCount.period, PersonCount.held).where(
        PersonCount.person_id == person_id, PersonCount.period.in_(periods)
    )
    found: dict[str, int] = dict(session.execute(mine).tuples().all())
    return {period: found.get(period, 0) for period in periods}


def _counted(
    session: Session, person_id: str, period: str, most: int | None, *, over: bool
) -> bool:
    """One statement decides, under the row's own lock; the CHECK bounds it besides."""
    values = {"person_id": person_id, "period": period, "held": 1, "most": most}
    statement = insert_for(session, PersonCount).values(**values)
    more = PersonCount.held + 1
    room = None if most is None or over else PersonCount.held < most
    ceiling = case((more > most, more), else_=most) if over and most is not None else most
    raised = statement.on_conflict_do_update(
        index_elements=["person_id", "period"], set_={"held": more, "most": ceiling}, where=room
    )
    result: CursorResult[Any] = session.execute(raised, execution_options=COUNT_ROWS)  # type: ignore[assignment]  # DML gives a cursor
    return result.rowcount == 1
