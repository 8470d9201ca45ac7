"""What a volunteer writes down at the bench: findings, actions, a note, and the parts that went in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.live import touch
from services.booking.models.repair_codes import BY_KIND, DONE, FOUND
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.models.work import FROM_CENTRE, PartUsed, TicketCode
from services.booking.use_cases.ticket_rules import both, out_of_state
from shared import audit
from shared.database import suite_time
from shared.errors import NotFound, Stale
from shared.ids import new_id

WRITABLE = ("started", "closed")


@dataclass(frozen=True)
class Work:
    """What was found and done, as codes, and a free note; None leaves that part as it is."""

    findings: Sequence[str] | None = None
    actions: Sequence[str] | None = None
    note: str | None = None


@dataclass(frozen=True)
class Part:
    """A part: its name, how many, from whom (centre | owner | reused), what it cost the centre (fen)."""

    name: str
    quantity: int
    source: str
    cost_cents: int | None = None


def record_work(
    session: Session, ticket_id: str, work: Work, *, expected: int, actor_id: str
) -> Ticket:
    """Write what was found and done over what stands; two people who edit at once are told.

    It may be written down after the device has left: hands are dirty while it is here.
    """
    ticket, visit = _writable(session, ticket_id)
    mine = (Ticket.id == ticket.id) & (Ticket.work_version == expected)
    note = ticket.note if work.note is None else work.note
    values = {"note": note, "work_version": Ticket.work_version + 1}
    done = session.execute(update(Ticket).where(mine).values(**values))
    if done.rowcount != 1:  # type: ignore[attr-defined]  # DML result
        raise Stale
    write_codes(session, ticket.id, work, actor_id)
    _noted(session, ticket, visit, actor_id, "ticket.work")
    session.refresh(ticket)
    return ticket


def write_codes(session: Session, ticket_id: str, work: Work, actor_id: str) -> None:
    """Make the codes of a ticket those of `work`; who said what first is kept."""
    for kind, codes in ((FOUND, work.findings), (DONE, work.actions)):
        if codes is None:
            continue
        wanted = set(codes)
        if wanted - set(BY_KIND[kind]):
            field = "findings" if kind == FOUND else "actions"
            text = ("请从清单里选。", "Choose from the list.")
            raise errors.UnknownCode(fields={field: text})
        mine = (TicketCode.ticket_id == ticket_id) & (TicketCode.kind == kind)
        had = set(session.scalars(select(TicketCode.code).where(mine)))
        session.execute(delete(TicketCode).where(mine, TicketCode.code.in_(had - wanted)))
        at = suite_time(session)
        for code in sorted(wanted - had):
            new = {"kind": kind, "code": code, "by": actor_id, "recorded_at": at}
            session.add(TicketCode(ticket_id=ticket_id, **new))
    session.flush()


def add_part(session: Session, ticket_id: str, part: Part, actor_id: str) -> PartUsed:
    """Note a part that went in. Its cost is a note for the centre; nobody is charged."""
    ticket, visit = _writable(session, ticket_id)
    if part.cost_cents is not None and part.source != FROM_CENTRE:
        text = ("不是中心的零件，不用填成本。", "Not the centre's part: leave this empty.")
        raise errors.CostOfTheirOwn(fields={"cost_cents": text})
    at = suite_time(session)
    row = PartUsed(id=new_id(), ticket_id=ticket.id, **vars(part), by=actor_id, recorded_at=at)
    session.add(row)
    session.flush()
    _noted(session, ticket, visit, actor_id, "ticket.add_part")
    return row


def remove_part(session: Session, ticket_id: str, part_id: str, actor_id: str) -> None:
    """Strike a part that did not go in after all."""
    ticket, visit = _writable(session, ticket_id)
    mine = (PartUsed.id == part_id) & (PartUsed.ticket_id == ticket.id)
    done = session.execute(delete(PartUsed).where(mine))
    if done.rowcount != 1:  # type: ignore[attr-defined]  # DML result
        raise NotFound
    _noted(session, ticket, visit, actor_id, "ticket.remove_part")


def _writable(session: Session, ticket_id: str) -> tuple[Ticket, Visit]:
    ticket, visit = both(session, ticket_id)
    if ticket.state not in WRITABLE:
        raise out_of_state(ticket)
    return ticket, visit


def _noted(session: Session, ticket: Ticket, visit: Visit, actor_id: str, act: str) -> None:
    audit.record(session, actor_id, act, ticket.id)
    touch(session, visit.session_id)
