"""Reads of policies: what is written, what binds in a session, what one would mean for a week."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.capacity import SHORTEST, cut
from services.booking.models.offering import Offering
from services.booking.models.policy import PersonCount, Policy, Waiver, WaiverAccepted
from services.booking.models.rules import (
    NO_POLICY,
    Facts,
    binding,
    closed_for,
    day_of,
    facts_of,
)
from services.booking.models.session import ServiceSession
from services.booking.models.term import EXAM, HOLIDAY, Day, Term
from services.booking.models.window import refuse_closed
from services.booking.queries.sessions import known
from shared.database import suite_time
from shared.errors import NotFound, Refusal

ZONE = ZoneInfo("Asia/Shanghai")  # of a week in which no session says otherwise
OPEN = {"code": "open", "zh": "现在可以预约。", "en": "It can be booked now."}
NEVER = {
    "code": "never_opens",
    "zh": "永远约不了：开放时间不早于截止时间。请把开放时间调早。",
    "en": "It could never be booked: it would open after it closes. Please let it open earlier.",
}
OVER = {"code": "over", "zh": "这一场已经开始或结束。", "en": "This session has begun or is over."}


def policy_of(session: Session, offering_id: str) -> dict[str, Any]:
    """Return an offering's policy with its version and the text of its waiver."""
    if session.get(Offering, offering_id) is None:
        raise NotFound
    row = session.get(Policy, offering_id)
    values = row.values if row else dict(NO_POLICY)
    waiver = values["waiver_version"]
    text = session.get_one(Waiver, (offering_id, waiver)).text if waiver else None
    days = [
        {**one, "from": date.fromisoformat(one["from"]), "to": date.fromisoformat(one["to"])}
        for one in values["blackouts"]
    ]
    version = row.version if row else 0
    more = {"offering_id": offering_id, "version": version, "waiver": text, "blackouts": days}
    return values | more


def rules_of(session: Session, session_id: str, person_id: str | None) -> dict[str, Any]:
    """Return what binds in a session, and where the asker stands."""
    row = known(session, session_id)
    held = _held(session, row, person_id)
    return {
        "session_id": row.id,
        "opens_at": row.booking_opens_at,
        "closes_at": row.booking_closes_at,
        "notice_minutes": row.notice_minutes,
        "cancel_cutoff_minutes": row.cutoffs["cancel"],
        "move_cutoff_minutes": row.cutoffs["move"],
        "max_devices": row.max_devices,
        "categories": row.categories,
        "week": _limit(row.week_limit, row.week_key, held),
        "term": _limit(row.term_limit, row.term_key, held),
        "closed_for": row.closed_for,
        "waiver": _waiver(session, row, person_id),
    }


def preview(
    session: Session, offering_id: str, policy: Mapping[str, Any], week: date
) -> dict[str, Any]:
    """Return what a policy would mean for the sessions of a week, beside what holds today."""
    if session.get(Offering, offering_id) is None:
        raise NotFound
    monday = week - timedelta(days=week.weekday())
    terms = session.scalars(select(Term).where(Term.state == "active")).all()
    rows = _sessions(session, offering_id, monday)
    at = suite_time(session)
    days = [monday + timedelta(days=n) for n in range(7)]
    return {"days": [_day(on, policy, terms, rows, at) for on in days]}


def _sessions(session: Session, offering_id: str, monday: date) -> Sequence[ServiceSession]:
    first = datetime.combine(monday, time(), tzinfo=ZONE).astimezone(UTC) - timedelta(days=1)
    wanted = (
        select(ServiceSession)
        .where(ServiceSession.offering_id == offering_id, ServiceSession.state == "published")
        .where(ServiceSession.starts_at >= first)
        .where(ServiceSession.starts_at < first + timedelta(days=9))
        .order_by(ServiceSession.starts_at, ServiceSession.id)
    )
    return session.scalars(wanted).all()


def _day(
    on: date,
    policy: Mapping[str, Any],
    terms: Sequence[Term],
    rows: Sequence[ServiceSession],
    at: datetime,
) -> dict[str, Any]:
    day = day_of(terms, on)
    return {
        "on": on,
        "term": day.term if day else None,
        "week": day.week if day else None,
        "kind": day.kind if day else None,
        "name": day.name if day else None,
        "follows": day.follows if day else None,
        "closed_for": closed_for(policy, on, day),
        "sessions": [
            _session(row, facts, policy, terms, at)
            for row in rows
            if (facts := facts_of(row)).on == on
        ],
    }


def _session(
    row: ServiceSession,
    facts: Facts,
    policy: Mapping[str, Any],
    terms: Sequence[Term],
    at: datetime,
) -> dict[str, Any]:
    binds = SimpleNamespace(zone=row.zone, **binding(policy, facts, terms))
    slots = _slots(row, binds, policy["buffer_minutes"])
    today = [one["starts_at"] for one in slots]
    return {
        "id": row.id,
        "title": row.title,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "opens_at": binds.booking_opens_at,
        "closes_at": binds.booking_closes_at,
        "opens_by": _opens_by(policy, facts, binds.booking_opens_at),
        "max_devices": binds.max_devices,
        "slots": slots,
        "told": _told(binds, today, at),
        "told_today": _told(row, today, at),
        "notes": _notes(row, policy, binds, day_of(terms, facts.on)),
    }


def _slots(row: ServiceSession, binds: Any, buffer: int) -> list[dict[str, Any]]:
    cancel = binds.cancel_cutoff_minutes
    move = cancel if binds.move_cutoff_minutes is None else binds.move_cutoff_minutes

    def before(at: datetime, minutes: int) -> datetime:
        return at - timedelta(minutes=minutes)

    return [
        {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "book_until": min(before(starts_at, binds.notice_minutes), binds.booking_closes_at),
            "cancel_until": before(starts_at, cancel),
            "move_until": before(starts_at, move),
        }
        for starts_at, ends_at in cut(row.starts_at, row.ends_at, row.slot_minutes, buffer)
    ]


def _opens_by(policy: Mapping[str, Any], facts: Facts, opens_at: datetime) -> str:
    """Say which of the three times is the latest: the session's own, the opening, the horizon."""
    if opens_at == facts.booking_opens_at:
        return "session"
    days = policy["horizon_days"]
    if days is not None and opens_at == facts.starts_at - timedelta(days=days):
        return "horizon"
    return "opening"


def _told(binds: Any, starts: Sequence[datetime], at: datetime) -> dict[str, str]:
    """Return what a student would be told who asks now: of the last slot, which is open longest."""
    if starts[-1] <= at:
        return OVER
    if binds.booking_opens_at >= binds.booking_closes_at and not binds.closed_for:
        return NEVER
    try:
        refuse_closed(at, starts[-1], binds, staff=False)
    except Refusal as refusal:
        return {"code": refusal.code, "zh": refusal.text("zh"), "en": refusal.text("en")}
    return OPEN


def _notes(
    row: ServiceSession, policy: Mapping[str, Any], binds: Any, day: Day | None
) -> list[dict[str, str]]:
    found = []
    if day and day.kind == HOLIDAY and not binds.closed_for:
        found.append(
            ("holiday_open", "这天放假，仍然开放预约。", "A holiday, and open all the same.")
        )
    if day and day.kind == EXAM and not binds.closed_for:
        found.append(
            ("exam_open", "考试周，仍然开放预约。", "An exam week, and open all the same.")
        )
    if policy["buffer_minutes"] > max(0, (row.slot_minutes or 0) - SHORTEST):
        zh = f"时段只有 {row.slot_minutes} 分钟，间隔放不下，会自动缩短。"
        en = f"Its slots have {row.slot_minutes} minutes; the buffer is cut to what fits."
        found.append(("buffer_cut", zh, en))
    if policy["buffer_minutes"] != row.buffer_minutes:
        zh = "已经有人预约的场次，时段保持原样；没人预约的才按新的间隔。"
        en = "Once somebody has booked, slots stay as they are; else the new buffer holds."
        found.append(("buffer_later", zh, en))
    return [{"code": code, "zh": zh, "en": en} for code, zh, en in found]


def _held(session: Session, row: ServiceSession, person_id: str | None) -> dict[str, int] | None:
    if person_id is None:
        return None
    mine = select(PersonCount.period, PersonCount.held).where(
        PersonCount.person_id == person_id,
        PersonCount.period.in_([period for period, _ in row.periods]),
    )
    return dict(session.execute(mine).tuples().all())


def _limit(
    most: int | None, key: str | None, held: Mapping[str, int] | None
) -> dict[str, int | None] | None:
    if most is None or key is None:
        return None
    return {"most": most, "held": None if held is None else held.get(key, 0)}


def _waiver(session: Session, row: ServiceSession, person_id: str | None) -> dict[str, Any] | None:
    if row.waiver_version is None:
        return None
    key = (row.offering_id, row.waiver_version)
    agreed = None
    if person_id is not None:
        agreed = session.get(WaiverAccepted, (person_id, *key)) is not None
    text = session.get_one(Waiver, key).text
    return {"version": row.waiver_version, "text": text, "agreed": agreed}
