"""What a published cell becomes: an offer that keeps the place until the volunteer has answered, or its time is over."""

from datetime import timedelta

from sqlalchemy.orm import Session

from services.roster.errors import NoSuchShift
from services.roster.models import ProposedCell, Shift
from services.roster.use_cases.offers import offer_shift
from shared.database import suite_time

ANSWER_WITHIN = timedelta(
    hours=48
)  # or half of the time that is left: who is asked for a term may sleep on it


def hand_out(session: Session, cell: ProposedCell, *, minutes: int, actor: str) -> None:
    """Offer the shift of a cell to whom it names; raise the rule that stands in the way."""
    shift = session.get(Shift, cell.shift_id)
    if shift is None:
        raise NoSuchShift
    at = suite_time(session)
    until = at + min(ANSWER_WITHIN, (shift.starts_at - at) / 2)
    why = {"minutes": minutes, "free": "against" not in [code for code, _ in cell.why]}
    offer_shift(session, shift.id, cell.person_id, actor=actor, until=until, why=why)
