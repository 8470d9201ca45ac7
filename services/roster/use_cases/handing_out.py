"""What a published cell becomes: the volunteer is put on the shift by staff and told so."""

from sqlalchemy.orm import Session

from services.roster.models import ProposedCell
from services.roster.use_cases.shifts import assign_volunteer


def hand_out(session: Session, cell: ProposedCell, *, actor: str) -> None:
    """Put somebody on the shift of a cell; raise the rule that stands in the way."""
    assign_volunteer(session, cell.shift_id, cell.person_id, actor=actor)
