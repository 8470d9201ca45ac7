"""An offering's policy and the term calendar: kept, changed, and laid over the sessions ahead."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from services.booking.models.appointment import LIVE, Appointment
from services.booking.models.live import touch
from services.booking.models.offering import Offering
from services.booking.models.policy import VALUES, Policy
from services.booking.models.rules import NO_POLICY, announced_of, binding, facts_of
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.term import Term
from services.booking.models.waitlist import LIVE as WAITING
from services.booking.models.waitlist import WaitlistEntry
from services.booking.use_cases import slots, waivers
from services.booking.use_cases.waitlist_offers import promote
from shared import audit
from shared.database import insert_if_absent, suite_now, suite_time, upsert_by_version
from shared.errors import NotFound, Stale


def policy_of(session: Session, offering_id: str) -> tuple[int, dict[str, Any]]:
    """Return the version and the rules of an offering's policy; 0 and none where it has none."""
    row = session.get(Policy, offering_id, populate_existing=True)
    return (row.version, row.values) if row else (0, dict(NO_POLICY))


def change_policy(
    session: Session, actor_id: str, offering_id: str, expected: int, given: Mapping[str, Any]
) -> int:
    """Write a policy against the version one has seen, lay it over what is ahead; return the version.

    `given` holds the rules and `waiver`, a text or None.
    """
    if session.get(Offering, offering_id) is None:
        raise NotFound
    values = {name: given[name] for name in VALUES if name != "waiver_version"}
    values["waiver_version"] = waivers.version_of(session, offering_id, given["waiver"])
    values |= {"version": expected + 1, "changed_at": suite_time(session)}
    if expected == 0:
        row = {"offering_id": offering_id, **values}
        written = insert_if_absent(session, Policy, row, key=["offering_id"])
    else:
        mine = (Policy.offering_id == offering_id) & (Policy.version == expected)
        result = session.execute(update(Policy).where(mine).values(**values))
        written = result.rowcount == 1  # type: ignore[attr-defined]  # DML gives a cursor
    if not written:
        raise Stale
    lay_over(session, ServiceSession.offering_id == offering_id)
    audit.record(session, actor_id, "policy.change", offering_id)
    return expected + 1


def take_term(session: Session, id: str, version: int, values: dict[str, Any]) -> None:
    """Keep what catalog says of a term; the rules of every session ahead follow."""
    if upsert_by_version(session, Term, id, version, values):
        lay_over(session, ServiceSession.state == "published")


def lay_over(session: Session, which: ColumnElement[bool]) -> None:
    """Work out the rules of these sessions anew, those that are not over; each is locked, by id."""
    ahead = select(ServiceSession).where(which, ServiceSession.ends_at > suite_now())
    locked = ahead.order_by(ServiceSession.id).with_for_update(key_share=True)
    fresh = {"populate_existing": True}
    for row in session.scalars(locked, execution_options=fresh).all():
        changed = apply(session, row)
        if "buffer_minutes" in changed and row.is_repair:
            slots.lay_out(session, row)
        if changed:
            promote(session, row)
            touch(session, row.id)


def announce(row: ServiceSession) -> None:
    """Remember what catalog said, before a policy is laid over it."""
    row.announced = announced_of(row)


def apply(session: Session, row: ServiceSession) -> set[str]:
    """Write what binds on a (locked) session's row; return the names of what is different now."""
    if row.announced is None:
        announce(row)
    policy = policy_of(session, row.offering_id)[1]
    terms = session.scalars(select(Term).where(Term.state == "active")).all()
    wanted = binding(policy, facts_of(row), terms)
    wanted["buffer_minutes"] = _buffer(session, row, policy["buffer_minutes"])
    changed = {name for name, value in wanted.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, wanted[name])
    session.flush()
    return changed


def _buffer(session: Session, row: ServiceSession, wanted: int) -> int:
    """Return the buffer of a session: once somebody has a place, slots stay as they were shown.

    The slots are locked before anybody is looked for, so that nobody books in between.
    """
    if wanted == row.buffer_minutes:
        return wanted
    mine = select(Slot.id).where(Slot.session_id == row.id).order_by(Slot.id)
    session.execute(mine.with_for_update(key_share=True)).all()
    booked = exists().where(Appointment.session_id == row.id, Appointment.state.in_(LIVE))
    waits = exists().where(WaitlistEntry.session_id == row.id, WaitlistEntry.state.in_(WAITING))
    spoken_for = session.execute(select(booked | waits)).scalar_one()
    return row.buffer_minutes if spoken_for else wanted
