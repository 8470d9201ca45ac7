"""The fast path of a booking on PostgreSQL: everything in one statement, or nothing.

Why: one round trip holds the slot's row lock for one turn of the server (PERFORMANCE, hints 1 and 2:
twice the bookings on a hot slot). The rules are those of `appointments.book_slot`, and the same
constraints guard both. The offering's policy stands on the session's row already, and the person's
counters are locked before the slot; the CHECK of a counter has the last word where its row was not
there to be locked. When the statement writes nothing, or meets a constraint, `None` says: take
the ordinary path, which either replays, or says which rule it was.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Boolean, Integer, String, bindparam, exists, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from services.booking.errors import SlotFull
from services.booking.models.appointment import LIVE, Appointment
from services.booking.models.slot import Slot
from services.booking.models.waitlist import WaitlistEntry
from services.booking.use_cases.appointments import KEEP_PHOTOS
from services.booking.use_cases.booking_rules import Wish
from shared.clock import iso, now
from shared.database import Database, UtcDateTime, suite_now
from shared.ids import new_id
from shared.messages import Event
from shared.tables import idempotency_key
from shared.telemetry import traceparent
from shared.wakeups import tell

DEADLOCK = "40P01"
BOOK = text("""
WITH mine AS MATERIALIZED (
  SELECT c.period, c.held
  FROM person_count AS c JOIN session AS s ON c.period IN (s.week_key, s.term_key)
    JOIN slot ON slot.session_id = s.id
  WHERE slot.id = :slot_id AND c.person_id = :person_id
  ORDER BY c.period FOR UPDATE OF c
), full_up AS MATERIALIZED (
  SELECT 1 FROM mine JOIN slot ON slot.id = :slot_id JOIN session AS s ON s.id = slot.session_id
  WHERE mine.held >= CASE mine.period WHEN s.week_key THEN s.week_limit ELSE s.term_limit END
), sold AS (
  UPDATE slot SET taken = slot.taken + :count
  FROM session AS s
  WHERE (:staff OR NOT EXISTS (SELECT 1 FROM full_up))
    AND slot.id = :slot_id AND s.id = slot.session_id AND NOT slot.retired
    AND slot.taken + slot.held + :count <= slot.open_capacity AND slot.starts_at > suite_now()
    AND s.state = 'published' AND s.kind = 'repair' AND :count <= s.max_devices
    AND (:staff OR (s.booking_opens_at <= suite_now() AND suite_now() < s.booking_closes_at
      AND s.closed_for IS NULL
      AND slot.starts_at - make_interval(mins => s.notice_minutes) > suite_now()))
    AND (s.waiver_version IS NULL OR s.waiver_version = :waiver OR (CAST(:waiver AS int) IS NULL
      AND (:staff OR EXISTS (SELECT 1 FROM waiver_accepted AS w WHERE w.person_id = :person_id
        AND w.offering_id = s.offering_id AND w.version = s.waiver_version))))
    AND (s.opening <> 'draw' OR :staff OR EXISTS (
      SELECT 1 FROM draw WHERE draw.session_id = s.id AND draw.state = 'drawn'))
    AND NOT EXISTS (SELECT 1 FROM waitlist_entry AS w WHERE w.person_id = :person_id
      AND w.session_id = s.id AND w.state IN ('waiting', 'offered'))
    AND (s.categories = '[]' OR s.categories @> CAST(:categories AS jsonb))
    AND cardinality(CAST(:photos AS text[])) = (
      SELECT count(*) FROM photo WHERE id = ANY(CAST(:photos AS text[]))
        AND owner_id IN (:actor_id, :person_id) AND purge_after > suite_now())
  RETURNING slot.id, slot.session_id, slot.starts_at, slot.ends_at, s.offering_id, s.week_key,
    s.term_key, s.week_limit, s.term_limit, s.cancel_cutoff_minutes,
    COALESCE(s.move_cutoff_minutes, s.cancel_cutoff_minutes) AS move_cutoff_minutes,
    CASE WHEN s.waiver_version = :waiver OR EXISTS (
      SELECT 1 FROM waiver_accepted AS w WHERE w.person_id = :person_id
        AND w.offering_id = s.offering_id AND w.version = s.waiver_version
    ) THEN s.waiver_version END AS waiver_version,
    NOT (s.booking_opens_at <= suite_now() AND suite_now() < s.booking_closes_at
      AND s.closed_for IS NULL AND NOT EXISTS (SELECT 1 FROM full_up)
      AND slot.starts_at - make_interval(mins => s.notice_minutes) > suite_now()) AS over_rules
), facts AS (
  SELECT sold.*, suite_now() AS at, jsonb_build_object(
    'session_id', session_id,
    'waiver_version', waiver_version,
    'starts_at', replace(to_char(starts_at, :instant), '.000000Z', 'Z'),
    'ends_at', replace(to_char(ends_at, :instant), '.000000Z', 'Z')) AS more
  FROM sold
), claimed AS (
  INSERT INTO idempotency_key (key, person_id, route, fingerprint, status, answer, kept_at)
  SELECT :key, :actor_id, :route, :fingerprint, 201, CAST(:answer AS jsonb) || more, at
  FROM facts WHERE CAST(:key AS text) IS NOT NULL
), counted AS (
  INSERT INTO person_count AS c (person_id, period, held, most)
  SELECT :person_id, k.period, 1, k.most
  FROM facts, LATERAL (VALUES (week_key, week_limit), (term_key, term_limit)) AS k (period, most)
  WHERE k.period IS NOT NULL ORDER BY k.period
  ON CONFLICT (person_id, period) DO UPDATE SET held = c.held + 1,
    most = CASE WHEN :staff AND excluded.most < c.held + 1 THEN c.held + 1 ELSE excluded.most END
), agreed AS (
  INSERT INTO waiver_accepted (person_id, offering_id, version, accepted_at)
  SELECT :person_id, offering_id, waiver_version, at FROM facts WHERE waiver_version = :waiver
  ON CONFLICT DO NOTHING
), booked AS (
  INSERT INTO appointment (id, session_id, slot_id, person_id, starts_at, ends_at, devices, state,
    by, moved_along, cancel_cutoff_minutes, move_cutoff_minutes, week_key, term_key,
    waiver_version, created_at, version)
  SELECT :id, session_id, id, :person_id, starts_at, ends_at, :count, 'booked', :by, false,
    cancel_cutoff_minutes, move_cutoff_minutes, week_key, term_key, waiver_version, :created_at, 1
  FROM facts
), tickets AS (
  INSERT INTO ticket (id, appointment_id, session_id, person_id, category_id, brand, problem,
    photo_id, state, version)
  SELECT d.id, :id, facts.session_id, :person_id, d.category_id, d.brand, d.problem, d.photo_id,
    'waiting', 1
  FROM facts, jsonb_to_recordset(CAST(:devices AS jsonb))
    AS d(id text, category_id int, brand text, problem text, photo_id text)
), kept AS (
  UPDATE photo SET purge_after = facts.ends_at + CAST(:keep AS interval)
  FROM facts WHERE photo.id = ANY(CAST(:photos AS text[]))
), told AS (
  INSERT INTO outbox (event_id, type, aggregate, version, body, recorded_at, sent)
  SELECT :event_id, 'appointment.booked.v1', :id, 1, convert_to((CAST(:event AS jsonb)
    || jsonb_build_object('data', CAST(:data AS jsonb) || (more - 'waiver_version')))::text, 'UTF8'), at, false
  FROM facts
), noted AS (
  INSERT INTO audit (actor, action, subject, recorded_at)
  SELECT :actor_id, CASE WHEN over_rules THEN 'appointment.book_over_rules'
    ELSE 'appointment.book' END, :id, at
  FROM facts
)
SELECT CAST(:answer AS jsonb) || more AS answer FROM facts
""").bindparams(
    bindparam("count", type_=Integer),
    bindparam("staff", type_=Boolean),
    bindparam("waiver", type_=Integer),
    *(
        bindparam(name, type_=String)
        for name in ("actor_id", "person_id", "slot_id", "id", "by", "event_id")
    ),
    *(bindparam(name, type_=String) for name in ("key", "route", "fingerprint")),
    bindparam("created_at", type_=UtcDateTime),
    bindparam("instant", 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"', type_=String),  # as `iso` writes it
)


def book_in_one_statement(
    database: Database, wish: Wish, key: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Book and return the answer; None where the ordinary path has to say what stands in the way.

    `key` holds `key`, `route` and `fingerprint` of an idempotent request. A connection that is lost
    midway leads to the ordinary path too, which the key makes safe; without one it is raised.
    """
    values = _values(wish, key)
    try:
        with database.single_statement() as connection:
            answer: dict[str, Any] | None = connection.execute(BOOK, values).scalar_one_or_none()
    except IntegrityError:
        return None
    except DBAPIError as error:
        if (error.connection_invalidated and key) or _undone(error):
            return None
        raise
    if answer is not None:
        tell(database)
    return answer


def refuse_sold_out(session: Session, wish: Wish, key: Mapping[str, Any] | None) -> None:
    """Say "full" without writing, in one read, where nothing else needs to be said first.

    In a rush nearly every answer is this one (PERFORMANCE, hint 6). It only ever refuses: whoever
    gets past it still meets the UPDATE. A request that was answered before, and a person who is
    booked here already, go on to the ordinary path.
    """
    mine = (Appointment.person_id == wish.person_id) & Appointment.state.in_(LIVE)
    full = select(Slot.id).where(
        Slot.id == wish.slot_id,
        Slot.open_capacity > 0,
        Slot.taken + Slot.held >= Slot.open_capacity,
        Slot.starts_at > suite_now(),
        ~exists().where(
            mine, Appointment.starts_at < Slot.ends_at, Appointment.ends_at > Slot.starts_at
        ),
        ~exists().where(mine, Appointment.session_id == Slot.session_id),
        ~exists().where(
            WaitlistEntry.person_id == wish.person_id,
            WaitlistEntry.session_id == Slot.session_id,
            WaitlistEntry.state == "offered",
        ),
    )
    if key:
        used = (idempotency_key.c.key == key["key"]) & (
            idempotency_key.c.person_id == key["person_id"]
        )
        full = full.where(~exists().where(used, idempotency_key.c.route == key["route"]))
    if session.execute(full).first() is not None:
        raise SlotFull


def _undone(error: DBAPIError) -> bool:
    """Whether PostgreSQL ended a deadlock by undoing this statement: then nothing was written."""
    return getattr(error.orig, "sqlstate", None) == DEADLOCK


def _values(wish: Wish, key: Mapping[str, Any] | None) -> dict[str, Any]:
    appointment_id, created_at = new_id(), now()
    devices = [{"id": new_id(), **vars(device)} for device in wish.devices]
    return {
        "count": len(devices),
        "slot_id": wish.slot_id,
        "staff": wish.staff,
        "waiver": wish.waiver_version,
        "categories": _text(sorted({device.category_id for device in wish.devices})),
        "photos": wish.photos,
        "actor_id": wish.actor_id,
        "person_id": wish.person_id,
        "key": key["key"] if key else None,
        "route": key["route"] if key else None,
        "fingerprint": key["fingerprint"] if key else None,
        "id": appointment_id,
        "by": wish.by,
        "created_at": created_at,
        "devices": _text(devices),
        "keep": f"{KEEP_PHOTOS.days} days",
        **_told(wish, appointment_id, created_at, devices),
    }


def _told(
    wish: Wish, appointment_id: str, created_at: datetime, devices: list[dict[str, Any]]
) -> dict[str, str]:
    """Return what the client is answered and what the event says, but for the slot's own facts."""
    common = {
        "id": appointment_id,
        "slot_id": wish.slot_id,
        "person_id": wish.person_id,
        "state": "booked",
        "number": None,
        "by": wish.by,
        "reason": None,
    }
    categories = sorted(device.category_id for device in wish.devices)
    data = {**common, "devices": len(devices), "categories": categories, "previous_starts_at": None}
    shown = [{**_typed(one), "state": "waiting", "status": None} for one in devices]
    event = Event(
        type="appointment.booked.v1",
        subject=appointment_id,
        version=1,
        data={},
        source="/booking",
        traceparent=traceparent(),
    )
    return {
        "answer": _text({**common, "devices": shown, "created_at": iso(created_at), "version": 1}),
        "event_id": event.id,
        "event": event.to_bytes().decode(),
        "data": _text(data),
    }


def _typed(device: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "category_id", "brand", "problem", "photo_id")
    return {name: device[name] for name in names}


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()
