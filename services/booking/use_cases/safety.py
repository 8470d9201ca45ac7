"""The electrical safety test: who may make it, what it says, and the limits it is held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.live import touch
from services.booking.models.safety import (
    CLASSES,
    FAILED,
    PASSED,
    SKILL,
    Readings,
    SafetyLimit,
    SafetyTest,
    missing,
    verdict,
)
from services.booking.models.ticket import BATTERY, MAINS, OPEN, Ticket
from services.booking.queries import safety as queries
from services.booking.queries import visits
from services.booking.queries.sessions import known
from services.booking.use_cases.arrivals import bounded
from services.booking.use_cases.custody import follow
from services.booking.use_cases.ticket_rules import both, change, out_of_state, tell
from shared import audit
from shared.database import suite_time
from shared.errors import Stale
from shared.ids import new_id

NEEDED = ("这项要测。", "This one has to be measured.")


@dataclass(frozen=True)
class TestRecord:
    """What a tester writes down: the readings, with which instrument, and who measured."""

    __test__ = False

    readings: Readings
    instrument: str
    instrument_serial: str
    tester_id: str
    note: str = ""
    occurred_at: datetime | None = None


def record_test(
    session: Session, ticket_id: str, record: TestRecord, *, actor_id: str, staff: bool
) -> SafetyTest:
    """Record a safety test; whether it passed is computed from the readings, never told.

    A device that is being repaired or has its outcome can be tested, any number of times; each test
    is kept, the last one counts. The tester holds the skill and is here; staff may write down what
    another tester has measured.
    """
    ticket, visit = both(session, ticket_id)
    if ticket.handed_back or ticket.state not in ("started", "closed"):
        raise out_of_state(ticket)
    others = staff and visits.helps(session, visit.session_id, record.tester_id)
    if not (record.tester_id == actor_id or others):
        raise errors.MayNotTest
    if not queries.has_skill(session, record.tester_id, SKILL):
        raise errors.MayNotTest
    limit = queries.limits(session)[record.readings.protection_class]
    failed = _judged(record.readings, limit)
    at = suite_time(session)
    moment = bounded(known(session, visit.session_id), record.occurred_at, at)
    test = _written(session, ticket, record, limit, failed, at=at, tested_at=moment)
    values = {"safety": PASSED if test.passed else FAILED, "supply": ticket.power or MAINS}
    ticket = change(session, ticket, ("started", "closed"), values)
    audit.record(session, actor_id, f"ticket.test_{values['safety']}", ticket.id)
    tell(session, "tested", ticket, visit)
    follow(session, ticket, actor_id)
    return test


def say_power(
    session: Session, ticket_id: str, supply: str, *, actor_id: str, staff: bool
) -> Ticket:
    """Correct whether a device runs on the mains (mains | battery), whatever its category usually does.

    Taking a safety test away is for those who may judge it: testers and staff.
    """
    ticket, visit = both(session, ticket_id)
    away = supply == BATTERY and ticket.power != BATTERY
    if away and not (staff or queries.has_skill(session, actor_id, SKILL)):
        raise errors.MayNotJudge
    ticket = change(session, ticket, (*OPEN, "closed"), {"supply": supply})
    follow(session, ticket, actor_id)
    audit.record(session, actor_id, f"ticket.power_{supply}", ticket.id)
    touch(session, visit.session_id)
    return ticket


def set_limits(
    session: Session,
    expected: int,
    rows: Mapping[str, Mapping[str, float | None]],
    source: str,
    actor_id: str,
) -> dict[str, SafetyLimit]:
    """Add a version of the limits, made against version `expected`; tests from now on are held to it."""
    if queries.newest(session) != expected:
        raise Stale
    _refuse_limits(rows)
    at = suite_time(session)
    for name in CLASSES:
        values: dict[str, Any] = dict(rows[name])
        session.add(
            SafetyLimit(
                version=expected + 1,
                protection_class=name,
                source=source,
                created_by=actor_id,
                created_at=at,
                **values,
            )
        )
    try:
        session.flush()
    except IntegrityError as error:
        raise Stale from error  # somebody else was quicker with the same version
    audit.record(session, actor_id, "safety.set_limits", str(expected + 1))
    return queries.limits(session)


def _judged(readings: Readings, limit: SafetyLimit) -> list[str]:
    failed = verdict(readings, limit)
    lacking = missing(readings)
    if lacking and not failed:
        raise errors.ReadingsMissing(fields=dict.fromkeys(lacking, NEEDED))
    return failed


def _written(
    session: Session,
    ticket: Ticket,
    record: TestRecord,
    limit: SafetyLimit,
    failed: Sequence[str],
    *,
    at: datetime,
    tested_at: datetime,
) -> SafetyTest:
    before = session.scalar(
        select(func.max(SafetyTest.number)).where(SafetyTest.ticket_id == ticket.id)
    )
    test = SafetyTest(
        id=new_id(),
        ticket_id=ticket.id,
        number=(before or 0) + 1,
        **vars(record.readings),
        limits_version=limit.version,
        earth_limit=limit.earth_ohm,
        insulation_limit=limit.insulation_mohm,
        leakage_limit=limit.leakage_ma,
        passed=not failed,
        failed=list(failed),
        instrument=record.instrument,
        instrument_serial=record.instrument_serial,
        note=record.note,
        tester_id=record.tester_id,
        tested_at=tested_at,
        recorded_at=at,
    )
    session.add(test)
    session.flush()
    return test


def _refuse_limits(rows: Mapping[str, Mapping[str, float | None]]) -> None:
    wanted: dict[str, tuple[str, ...]] = {
        "I": ("earth_ohm", "insulation_mohm", "leakage_ma"),
        "II": ("insulation_mohm", "leakage_ma"),
        "III": ("insulation_mohm",),
    }
    empty = {
        f"{name}.{field}": NEEDED
        for name, fields in wanted.items()
        for field in fields
        if rows.get(name, {}).get(field) is None
    }
    if empty:
        raise errors.LimitsUnusable(fields=empty)
