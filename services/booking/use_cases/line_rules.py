"""What the line refuses, and how it says so: benches, states, constraints of the database."""

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.errors.feedback import ReworkOpen
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import AT_BENCH, Visit

WORDS = {
    "waiting": ("等候中", "waiting"),
    "called": ("已叫号", "called"),
    "serving": ("维修中", "being served"),
    "closed": ("已办完", "done"),
    "absent": ("过号", "absent"),
    "left": ("已离开", "gone"),
    "paused": ("等配件", "waiting for parts"),
    "started": ("维修中", "being repaired"),
    "cancelled": ("已取消", "cancelled"),
}


def refuse_bench(row: ServiceSession, bench: int) -> None:
    """Refuse a bench that the session does not have."""
    if not 1 <= bench <= row.benches:
        text = (f"1–{row.benches} 号。", f"1 to {row.benches}.")
        raise errors.NoSuchBench(benches=row.benches, fields={"bench": text})


def refuse_busy(session: Session, session_id: str, bench: int, besides: str | None = None) -> None:
    """Refuse a bench at which another visit, or another visit's device, is."""
    people = exists().where(
        Visit.session_id == session_id,
        Visit.bench == bench,
        Visit.state.in_(AT_BENCH),
        Visit.id != (besides or ""),
    )
    devices = exists().where(
        Ticket.session_id == session_id, Ticket.bench == bench, Ticket.state == "started"
    )
    if session.scalar(select(people)) or session.scalar(select(devices)):
        raise errors.BenchBusy(bench=bench)


def nobody(session: Session, session_id: str, number: str | None) -> Exception:
    """Return why nobody could be called: the line is empty, or who waits asked for a few minutes."""
    waits = (Visit.session_id == session_id) & (Visit.state == "waiting")
    first = session.scalars(
        select(Visit).where(waits).order_by(Visit.snoozed_until).limit(1)
    ).first()
    if number or first is None or first.snoozed_until is None:
        return errors.NobodyWaiting()
    zone = session.get_one(ServiceSession, session_id).zone
    return errors.OnlySnoozed(number=first.number, time=errors.local(first.snoozed_until, zone))


def wrong_state(visit: Visit) -> errors.NotInState:
    """Return the refusal that says how a visit stands."""
    zh, en = WORDS[visit.state]
    return errors.NotInState(number=visit.number, now_zh=zh, now_en=en)


def explained(error: IntegrityError, bench: int | None = None) -> Exception:
    """Return the rule that a constraint of the line stands for; the error itself where it is none."""
    said = str(error.orig)
    if "uq_visit_live_person" in said or "visit.person_id" in said:
        return errors.InLineAlready()
    if "uq_ticket_open_rework" in said or "ticket.rework_of" in said:
        return ReworkOpen()
    if "uq_visit_bench" in said or "uq_ticket_bench" in said or ".bench" in said:
        return errors.BenchBusy(bench=bench)
    return error
