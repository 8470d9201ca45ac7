"""Calling for help in a running session: idle volunteers who want to be asked, the first to say yes come.

A call stands for one session at a time. It ends when enough have joined, when waiting eases, by hand,
with the session, or after three quarters of an hour. Order of locks: person, session, call, shift.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import (
    AlreadyAsking,
    HelpAnswered,
    HelpFilled,
    HelpOver,
    NobodyIdle,
    NoHelpNow,
    NoSuchHelp,
    NotAVolunteer,
)
from services.roster.models import Assignment, HelpAsk, HelpCall, SessionCopy, Shift, Volunteer
from services.roster.models.help import ASKED as STILL_ASKED
from services.roster.models.help import (
    BY_HAND,
    CLOSED,
    DECLINED,
    EASED,
    ENDED,
    FILLED,
    FULL,
    IN_TIME,
    JOINED,
    PRESSURE,
    SESSION_OVER,
)
from services.roster.models.help import OPEN as CALL_OPEN
from services.roster.models.session import PUBLISHED
from services.roster.queries import help as queries
from services.roster.use_cases.availability import know_volunteer, write_profile
from services.roster.use_cases.offers import lock_session
from services.roster.use_cases.shifts import Way, put_on
from services.roster.use_cases.staffing import enter_session
from shared import audit
from shared.database import Database, one_row, suite_time
from shared.errors import Refusal
from shared.ids import new_id

LASTS = timedelta(minutes=45)
MOST_WANTED = 3
MOST_BY_RULE = 2


def call_for_help(session: Session, session_id: str, *, wanted: int, actor: str) -> HelpCall:
    """Ask every idle volunteer who wants to be asked; the first ``wanted`` of them come.

    ``actor`` is a coordinator, or ``pressure``. Raises ``NoHelpNow`` (nothing runs, or it ends soon),
    ``NobodyIdle``, or ``AlreadyAsking`` where the session has an open call.
    """
    copy = lock_session(session, session_id)
    at = suite_time(session)
    shift = queries.shift_to_help(session, session_id, at)
    if copy.state != PUBLISHED or shift is None:
        raise NoHelpNow
    people = queries.idle(session, shift, copy.zone, at)
    if not people:
        raise NobodyIdle
    call_id = _open(session, shift, min(wanted, MOST_WANTED), actor, at)
    for person_id in people:
        ask_id, to = new_id(), {"call_id": call_id, "person_id": person_id, "asked_at": at}
        session.execute(insert(HelpAsk).values(id=ask_id, **to))
        _told(session, ask_id)
    audit.record(session, actor, "help.called", call_id)
    return queries.call_of(session, call_id)


def hear_pressure(session: Session, session_id: str, data: dict[str, Any]) -> None:
    """Call for help when waiting is too long and a bench is free; end the call when it has eased."""
    if session.get(SessionCopy, session_id) is None:
        return
    if data["state"] == EASED:
        lock_session(session, session_id)
        end_call(session, session_id, EASED, actor=PRESSURE)
        return
    fresh = suite_time(session) - data["at"] < LASTS
    wanted = min(data["free_benches"], MOST_BY_RULE)
    if not fresh or wanted < 1:
        return
    try:
        call_for_help(session, session_id, wanted=wanted, actor=PRESSURE)
    except Refusal:
        return  # nobody idle, or somebody asks already: the desk sees it and decides


def join(session: Session, ask_id: str, person_id: str) -> Assignment:
    """Come and help: the first come, the database counts. Service begins now, not with the shift."""
    known = visible_ask(session, ask_id, person_id)
    know_volunteer(session, person_id)
    one_row(session.execute(Volunteer.enter(person_id)), NotAVolunteer())
    copy = enter_session(session, known.call.session_id)
    at = suite_time(session)
    if session.execute(HelpCall.join(known.call_id)).rowcount != 1:  # type: ignore[attr-defined]
        raise _why_not(session, ask_id, person_id)
    one_row(session.execute(HelpAsk.answer(ask_id, JOINED, at)), HelpAnswered())
    shift = session.get_one(Shift, known.call.shift_id, populate_existing=True)
    made = put_on(session, copy, shift, person_id, Way.helping(at))
    _told(session, ask_id)
    call = queries.call_of(session, known.call_id)
    if call.joined == call.wanted:
        session.execute(HelpCall.end(call.id, FULL, None, at))
        _close_asks(session, call.id, FILLED, at)
    return made


def decline(session: Session, ask_id: str, person_id: str) -> HelpAsk:
    """Not this time; nobody is asked instead: everybody who could come was asked."""
    known = visible_ask(session, ask_id, person_id)
    lock_session(session, known.call.session_id)
    answer = HelpAsk.answer(ask_id, DECLINED, suite_time(session))
    if session.execute(answer).rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        raise _why_not(session, ask_id, person_id)
    return _told(session, ask_id)


def end_by_hand(session: Session, session_id: str, *, actor: str) -> HelpCall:
    """End the open call of a session (staff)."""
    lock_session(session, session_id)
    ended = end_call(session, session_id, BY_HAND, actor=actor)
    if ended is None:
        raise HelpOver
    return ended


def end_call(session: Session, session_id: str, reason: str, *, actor: str) -> HelpCall | None:
    """End the open call of a locked session and tell who was asked; None where there is none."""
    call = queries.open_call(session, session_id)
    if call is None:
        return None
    at = suite_time(session)
    session.execute(HelpCall.end(call.id, ENDED, reason, at))
    _close_asks(session, call.id, CLOSED, at)
    audit.record(session, actor, "help.ended", call.id)
    return queries.call_of(session, call.id)


def end_due_calls(database: Database) -> int:
    """End the calls whose time, or whose session, is over; return how many."""
    with database.reading() as session:
        due = queries.due_calls(session)
    ended = 0
    for session_id in due:
        with database.transaction() as session:
            copy = lock_session(session, session_id)
            gone = copy.state != PUBLISHED or copy.ends_at <= suite_time(session)
            reason = SESSION_OVER if gone else IN_TIME
            ended += end_call(session, session_id, reason, actor="rule") is not None
    return ended


def wish(session: Session, person_id: str, *, asked: bool) -> None:
    """Say whether one wants to be asked when a running session is short of hands."""
    know_volunteer(session, person_id)
    one_row(session.execute(Volunteer.enter(person_id)), NotAVolunteer())
    write_profile(session, person_id, {"help": asked})
    audit.record(session, person_id, "help.wish", person_id)


def visible_ask(session: Session, ask_id: str, person_id: str) -> HelpAsk:
    """Return an ask as it stands; other people's are hidden (404)."""
    found = queries.ask(session, ask_id)
    if found is None or found.person_id != person_id:
        raise NoSuchHelp
    return found


def _open(session: Session, shift: Shift, wanted: int, actor: str, at: datetime) -> str:
    row = {
        "id": new_id(),
        "session_id": shift.session_id,
        "shift_id": shift.id,
        "wanted": wanted,
        "opened_by": actor,
        "opened_at": at,
        "ends_at": min(shift.ends_at, at + LASTS),
    }
    try:
        with session.begin_nested():
            session.execute(insert(HelpCall).values(row))
    except IntegrityError as problem:
        raise AlreadyAsking from problem
    return str(row["id"])


def _close_asks(session: Session, call_id: str, state: str, at: datetime) -> None:
    left = select(HelpAsk.id).where(HelpAsk.call_id == call_id, HelpAsk.state == STILL_ASKED)
    for ask_id in session.scalars(left.order_by(HelpAsk.id)).all():
        session.execute(HelpAsk.answer(ask_id, state, at))
        _told(session, ask_id)


def _told(session: Session, ask_id: str) -> HelpAsk:
    row = queries.ask(session, ask_id)
    assert row is not None  # noqa: S101 - written above
    events.help_ask(session, row)
    return row


def _why_not(session: Session, ask_id: str, person_id: str) -> Refusal:
    stands = visible_ask(session, ask_id, person_id)
    if stands.state in (JOINED, DECLINED):
        return HelpAnswered()
    filled = stands.state == FILLED or stands.call.state == FULL
    if filled or (stands.call.state == CALL_OPEN and stands.call.joined >= stands.call.wanted):
        return HelpFilled()
    return HelpOver()
