"""What was found and done before on such a device: of this model, this maker, this kind. No person is in it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.outcome import FIXED
from services.booking.models.repair_codes import BY_KIND, DONE, FOUND
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.work import TicketCode
from services.booking.queries import reworks
from shared.schemas import searchable

LOOKED_AT = 500  # the newest closed tickets of the category
SHOWN = 5


def memory_of(session: Session, ticket: Ticket) -> dict[str, Any]:
    """Return, from the narrowest to the widest, how many such devices there were and what helped."""
    past = session.execute(
        select(Ticket.id, Ticket.brand, Ticket.status, Ticket.barrier)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(Ticket.category_id == ticket.category_id, Ticket.state == "closed")
        .where(Ticket.id != ticket.id, ~ServiceSession.trial)
        .order_by(Ticket.closed_at.desc(), Ticket.id)
        .limit(LOOKED_AT)
    ).all()
    named = searchable(ticket.brand)
    maker = named.split()[0] if named.split() else ""
    groups = {
        "model": [one for one in past if named != maker and searchable(one.brand) == named],
        "brand": [one for one in past if maker and searchable(one.brand).split()[:1] == [maker]],
        "category": list(past),
    }
    codes = _codes(session, [one.id for one in past])
    found, before = [], 0
    for scope, rows in groups.items():
        if rows and len(rows) != before:  # a wider circle with nothing new says nothing new
            found.append(_summed(scope, rows, codes))
            before = len(rows)
    return {"scopes": found, "earlier": _earlier(session, ticket)}


def _codes(session: Session, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    wanted = select(TicketCode.ticket_id, TicketCode.kind, TicketCode.code)
    for id, kind, code in session.execute(wanted.where(TicketCode.ticket_id.in_(ids))):
        found.setdefault(id, []).append((kind, code))
    return found


def _summed(
    scope: str, rows: Sequence[Any], codes: dict[str, list[tuple[str, str]]]
) -> dict[str, Any]:
    counted = Counter(pair for one in rows for pair in codes.get(one.id, ()))
    return {
        "scope": scope,
        "devices": len(rows),
        "fixed": sum(one.status == FIXED for one in rows),
        "findings": _most(counted, FOUND),
        "actions": _most(counted, DONE),
        "barriers": dict(Counter(one.barrier for one in rows if one.barrier).most_common(SHOWN)),
    }


def _most(counted: Counter[tuple[str, str]], kind: str) -> list[dict[str, Any]]:
    mine = [(code, many) for (k, code), many in counted.most_common() if k == kind][:SHOWN]
    words = [(BY_KIND[kind][code], many) for code, many in mine]
    return [{"code": one.code, "zh": one.zh, "en": one.en, "devices": many} for one, many in words]


def _earlier(session: Session, ticket: Ticket) -> dict[str, Any] | None:
    """Return the repair that this device is back from, with who should look again."""
    if ticket.rework_of is None:
        return None
    before = session.get_one(Ticket, ticket.rework_of)
    counted = Counter(_codes(session, [before.id]).get(before.id, ()))
    return {
        "id": before.id,
        "closed_at": before.closed_at,
        "status": before.status,
        "findings": _most(counted, FOUND),
        "actions": _most(counted, DONE),
        "volunteer_id": before.volunteer_id,
        "suggested": reworks.suggested(session, before, ticket.session_id),
    }
