"""Records of service hours: issue many at once from the ledger, replace, revoke, forget after their term."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors.records import (
    BadStretch,
    IssuedAlready,
    NoSuchRecord,
    NotValidAnyMore,
)
from services.roster.models.period import local_day
from services.roster.models.record import (
    KEPT_YEARS,
    REPLACED,
    REVOKED,
    RecordYear,
    ServiceRecord,
)
from services.roster.queries.records import Served, served, valid_records
from shared import audit
from shared.database import insert_for, one_row, suite_time
from shared.ids import new_id

ISSUED, UNCHANGED, NOTHING, ONESELF = ("issued", "unchanged", "nothing", "oneself")
CODE_BYTES = 20
LONGEST = timedelta(days=366 * 2)
FORGET_BATCH = 100


@dataclass(frozen=True)
class Asked:
    """Who issues, for which days (both included), with which words around the lines."""

    actor: str
    first: date
    last: date
    details: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of one person: issued or replaced (with a record), unchanged, nothing, oneself."""

    person_id: str
    outcome: str
    record: ServiceRecord | None = None


def check_stretch(session: Session, first: date, last: date) -> None:
    """Refuse days out of order, ahead, or more than two years."""
    wrong = None
    if last < first:
        wrong = ("结束日期要在开始日期之后。", "The last day has to follow the first.")
    elif last > local_day(suite_time(session)):
        wrong = ("还没有过完的日子不能开记录单。", "Days that are not over cannot be recorded.")
    elif last - first > LONGEST:
        wrong = ("一份记录单最长两年。", "A record covers two years at most.")
    if wrong:
        raise BadStretch(fields={"last": wrong})


def issue_records(
    session: Session, asked: Asked, people: Sequence[dict[str, Any]]
) -> list[Outcome]:
    """Issue a record for each of these people from what the ledger says of the days, both included.

    A valid record of the same days is replaced, if the ledger says something else by now. Who has
    served nothing gets none, and nobody issues their own.
    """
    first, last = asked.first, asked.last
    check_stretch(session, first, last)
    ids = [one["person_id"] for one in people]
    found = {one.person_id: one for one in served(session, first, last, ids)}
    standing = valid_records(session, first, last, ids)
    outcomes = []
    for one in sorted(people, key=lambda each: str(each["person_id"])):
        person_id = one["person_id"]
        old, what = standing.get(person_id), found.get(person_id)
        if person_id == asked.actor:
            outcomes.append(Outcome(person_id, ONESELF))
            continue
        if what is None:
            outcomes.append(Outcome(person_id, NOTHING))
            continue
        if old is not None and what.is_as_in(old):
            outcomes.append(Outcome(person_id, UNCHANGED, old))
            continue
        name = {"name": one["name"], "volunteer_number": one.get("number") or ""}
        record = _issue(session, asked, what, name, old)
        outcomes.append(Outcome(person_id, REPLACED if old else ISSUED, record))
    return outcomes


def revoke_record(session: Session, actor: str, record_id: str, reason: str) -> ServiceRecord:
    """Say that a record does not hold, and why; whoever scans its code is told so."""
    row = visible_record(session, record_id)
    ended = ServiceRecord.end(
        record_id, state=REVOKED, ended_by=actor, ended_at=suite_time(session), reason=reason
    )
    one_row(session.execute(ended), NotValidAnyMore())
    audit.record(session, actor, "record.revoke", record_id)
    session.refresh(row)
    events.record_revoked(session, row)
    return row


def visible_record(
    session: Session, record_id: str, *, person_id: str | None = None
) -> ServiceRecord:
    """Return a record; ``person_id`` hides everybody else's (404)."""
    found = session.get(ServiceRecord, record_id)
    if found is None or person_id not in (None, found.person_id):
        raise NoSuchRecord
    return found


def forget_old_records(session: Session) -> int:
    """Blank what was printed of records whose term is over; number, sums and state stay."""
    at = suite_time(session)
    today = local_day(at)
    until = today.replace(year=today.year - KEPT_YEARS, day=min(today.day, 28))
    old = select(ServiceRecord).where(
        ServiceRecord.last_day < until, ServiceRecord.forgotten_at.is_(None)
    )
    rows = session.scalars(old.limit(FORGET_BATCH)).all()
    for row in rows:
        row.printed = {**row.printed, "name": "", "volunteer_number": ""}
        row.lines, row.forgotten_at = [], at
    session.flush()
    return len(rows)


def _issue(
    session: Session,
    asked: Asked,
    what: Served,
    name: dict[str, str],
    old: ServiceRecord | None,
) -> ServiceRecord:
    at = suite_time(session)
    year = local_day(at).year
    record = ServiceRecord(
        id=new_id(),
        year=year,
        serial=_next_serial(session, year),
        code=secrets.token_urlsafe(CODE_BYTES),
        person_id=what.person_id,
        first_day=asked.first,
        last_day=asked.last,
        minutes=what.minutes,
        counted_minutes=what.counted,
        lines=list(what.lines),
        printed={**asked.details, **name, "policies": list(what.policies)},
        issued_by=asked.actor,
        issued_at=at,
    )
    if old is not None:
        ended = ServiceRecord.end(
            old.id, state=REPLACED, ended_by=asked.actor, ended_at=at, replaced_by=record.id
        )
        one_row(session.execute(ended), IssuedAlready())
    try:
        with session.begin_nested():
            session.add(record)
            session.flush()
    except IntegrityError as error:  # somebody issued for the same person and days just now
        raise IssuedAlready from error
    audit.record(session, asked.actor, "record.issue", record.id)
    events.record_issued(session, record, replaces=old.id if old else None)
    return record


def _next_serial(session: Session, year: int) -> int:
    first = insert_for(session, RecordYear.__table__).values(year=year, last=1)
    counted = first.on_conflict_do_update(
        index_elements=["year"], set_={"last": RecordYear.last + 1}
    ).returning(RecordYear.last)
    return int(session.execute(counted).scalar_one())
