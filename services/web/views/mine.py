"""A person's own places as the pages show them: bookings, seats and numbers in one list by time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from services.web.clients.booking import Appointment, Enrolment, Mine, MyVisit, PlaceSession
from services.web.clients.waiting import WaitEntry
from services.web.i18n import _
from shared import clock

LIVE_VISITS = ("waiting", "called", "serving")
LIVE_APPOINTMENTS = ("booked", "arrived")
LIVE_ENROLMENTS = ("enrolled", "waitlisted", "attended")


@dataclass(frozen=True)
class MyPlace:
    """One line of 我的."""

    session: PlaceSession | None
    starts_at: datetime | None
    ends_at: datetime | None
    word: str
    tag: str
    link: str
    live: bool
    number: str | None = None
    kind: str = "repair"


def places(mine: Mine) -> list[MyPlace]:
    """All of mine; a visit stands for its appointment."""
    visited = {one.appointment_id for one in mine.visits}
    found = [_visit(one) for one in mine.visits]
    found += [_appointment(one) for one in mine.appointments if one.id not in visited]
    found += [_wait(one) for one in mine.waits]
    return found + [_enrolment(one) for one in mine.enrolments]


def ahead(mine: Mine) -> list[MyPlace]:
    """What is still to come, soonest first."""
    return sorted((one for one in places(mine) if one.live), key=_urgent)


def _urgent(place: MyPlace) -> tuple[bool, datetime]:
    """A place that is held for a while comes first: it waits for an answer."""
    return not (place.kind == "wait" and place.tag == "now"), _start(place)


def past(mine: Mine) -> list[MyPlace]:
    """What is over, latest first."""
    return sorted((one for one in places(mine) if not one.live), key=_start, reverse=True)


def _start(place: MyPlace) -> datetime:
    return place.starts_at or clock.now()


def _not_over(session: PlaceSession | None) -> bool:
    return session is None or (session.ends_at > clock.now() and session.state != "cancelled")


def _visit(one: MyVisit) -> MyPlace:
    session = one.session
    words = {
        "waiting": (_("排队中"), "now"),
        "called": (_("请过来"), "now"),
        "serving": (_("维修中"), "go"),
        "closed": (_("已完成"), "plain"),
        "absent": (_("叫号未到"), "warn"),
        "left": (_("已离开"), "plain"),
    }
    word, tag = words.get(one.state, ("", "plain"))
    starts = session.starts_at if session else one.arrived_at
    return MyPlace(
        session,
        starts,
        session.ends_at if session else None,
        word,
        tag,
        url_for("places.show", place_id=one.id),
        one.state in LIVE_VISITS,
        one.number,
    )


def _appointment(one: Appointment) -> MyPlace:
    session = one.session
    words = {
        "booked": (_("已预约"), "go"),
        "arrived": (_("已签到"), "go"),
        "cancelled": (_("已取消"), "plain"),
        "served": (_("已完成"), "plain"),
        "no_show": (_("没有到场"), "warn"),
    }
    word, tag = words.get(one.state, ("", "plain"))
    live = one.state in LIVE_APPOINTMENTS and _not_over(session)
    if one.state == "booked" and not live:
        word, tag = _("已过"), "plain"
    return MyPlace(
        session,
        one.starts_at,
        one.ends_at,
        word,
        tag,
        url_for("places.show", place_id=one.id),
        live,
        one.number,
    )


def _wait(one: WaitEntry) -> MyPlace:
    offer = one.offer
    times = offer or one.session
    word = _("有空位，等你确认") if offer else _("候补第 %(n)s", n=one.place or 1)
    return MyPlace(
        PlaceSession(
            one.session.id,
            one.session.title,
            one.session.venue_name,
            one.session.venue_place,
            one.session.starts_at,
            one.session.ends_at,
        ),
        times.starts_at,
        times.ends_at,
        word,
        "now" if offer else "warn",
        url_for("waiting.show", entry_id=one.id),
        one.live,
        None,
        "wait",
    )


def _enrolment(one: Enrolment) -> MyPlace:
    session = one.session
    words = {
        "enrolled": (_("已报名"), "go"),
        "waitlisted": (_("候补第 %(n)s", n=one.place or 1), "warn"),
        "left": (_("已退出"), "plain"),
        "attended": (_("已签到"), "go"),
        "absent": (_("没有到场"), "warn"),
    }
    word, tag = words.get(one.state, ("", "plain"))
    live = one.state in LIVE_ENROLMENTS and _not_over(session)
    return MyPlace(
        session,
        session.starts_at if session else None,
        session.ends_at if session else None,
        word,
        tag,
        url_for("sessions.show", session_id=one.session_id),
        live,
        None,
        "training",
    )


def enrolment_in(mine: Iterable[Enrolment], session_id: str) -> Enrolment | None:
    """My live seat or waitlist place of a session."""
    return next(
        (one for one in mine if one.session_id == session_id and one.state in LIVE_ENROLMENTS), None
    )


def appointment_in(mine: Iterable[Appointment], session_id: str) -> Appointment | None:
    """My live appointment of a session."""
    return next(
        (one for one in mine if one.session_id == session_id and one.state in LIVE_APPOINTMENTS),
        None,
    )
