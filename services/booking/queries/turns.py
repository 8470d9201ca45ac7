"""What somebody can still do about their own turn, and what it means."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.line_policy import LineRules
from services.booking.models.session import ServiceSession
from services.booking.models.visit import GRACE, PAUSED, Visit
from services.booking.queries.line_policy import rules_of
from services.booking.queries.switching import takers
from shared.database import suite_time

LATE_FROM = timedelta(hours=2)


def late_window(appointment: Appointment) -> tuple[datetime, datetime]:
    """Return from when until when somebody can say that they come later: while the turn is theirs."""
    return appointment.starts_at - LATE_FROM, appointment.keeps_turn_until(GRACE)


def of_place(
    session: Session, row: ServiceSession, appointment: Appointment | None, visit: Visit | None
) -> dict[str, Any]:
    """Return the acts about a turn that are open now, with their minutes and how often they are left."""
    rules, at = rules_of(session, row), suite_time(session)
    state = visit.state if visit else appointment.state if appointment else ""
    left = max(0, rules.snooze_times - visit.snoozes) if visit else 0
    late_left = _late_left(rules, appointment, visit)
    sleeps = visit is not None and visit.sleeps(at)
    return {
        "late": late_left > 0 and _may_be_late(appointment, visit, at),
        "late_by": rules.late_minutes,
        "late_left": late_left,
        "late_minutes": appointment.late_minutes if appointment and not visit else 0,
        "late_until": appointment.keeps_turn_until(GRACE) if appointment and not visit else None,
        "snooze": left > 0 and state in ("waiting", "called") and not sleeps,
        "snooze_by": rules.snooze_minutes,
        "snooze_left": left,
        "snoozed_until": visit.snoozed_until if visit and sleeps else None,
        "take_back": state == "waiting" and visit is not None and visit.snoozed_from is not None,
        "switch": visit is not None and state == "waiting" and bool(takers(session, visit)),
        "keeps_until": _kept(rules, visit),
        "closed_by_policy": bool(visit and visit.state == "left" and visit.ended_by),
        "paused": state == PAUSED,
    }


def _may_be_late(appointment: Appointment | None, visit: Visit | None, at: datetime) -> bool:
    if visit is not None:
        return visit.state == "absent"
    if appointment is None or appointment.state != "booked":
        return False
    opens, closes = late_window(appointment)
    return opens <= at <= closes


def _late_left(rules: LineRules, appointment: Appointment | None, visit: Visit | None) -> int:
    said = visit.away_minutes if visit else appointment.late_minutes if appointment else 0
    return max(0, (rules.late_minutes * rules.late_times - said) // rules.late_minutes)


def _kept(rules: LineRules, visit: Visit | None) -> datetime | None:
    if visit is None or visit.state != "absent" or visit.absent_at is None:
        return None
    return visit.absent_at + rules.keeps(visit.away_minutes)
