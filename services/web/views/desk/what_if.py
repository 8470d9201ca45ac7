"""The coordinator's question on the desk: what if one more volunteer came from 14:00 to 15:00?"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request

from services.web import dates
from services.web.clients import clients
from services.web.clients.outlook import WhatIf
from services.web.clients.queue import QueueSession
from services.web.forms import Form
from services.web.signin import has_role
from services.web.views.desk.outlook import Frame, scale
from shared import clock

QUARTER = timedelta(minutes=15)
USUAL = timedelta(hours=1)
AFTER = timedelta(hours=1)  # a line may be worked off after closing
SHORTEST = timedelta(hours=1)  # of the choice of times, close to the end
FEWEST, MOST = -2, 3
BOX = (4, 6, 256, 62)


@dataclass(frozen=True)
class Drawing:
    """Both bands in a box of 260 × 68."""

    before: str
    after: str
    top: int


@dataclass(frozen=True)
class Question:
    """The form, the times that can be chosen, and the answer if there is one."""

    form: Form
    begins: tuple[tuple[str, str], ...]
    ends: tuple[tuple[str, str], ...]
    answer: WhatIf | None
    drawing: Drawing | None
    peak: bool


def asked(session: QueueSession, *, answered: bool = True) -> Question | None:
    """Return the question of this request (or the usual one) with its answer; only staff may ask."""
    if not has_role("coordinator"):
        return None
    begins, ends = _quarters(session)
    to = min(begins[0] + USUAL, ends[-1])
    usual = {"more": "1", "from": clock.iso(begins[0]), "to": clock.iso(to)}
    form = Form({name: request.args.get(name) or value for name, value in usual.items()})
    answer = None
    if answered:
        with form.sending():
            answer = clients().booking.what_if(session.id, form["more"], form["from"], form["to"])
    return Question(
        form,
        _choices(begins, form["from"]),
        _choices(ends, form["to"]),
        answer,
        _drawn(answer) if answer else None,
        bool(answer and answer.busiest_at > answer.at + timedelta(minutes=1)),
    )


def _quarters(session: QueueSession) -> tuple[list[datetime], list[datetime]]:
    """Return the quarter hours at which a volunteer may come, and go."""
    first = max(session.starts_at, clock.now())
    first -= timedelta(
        minutes=dates.local(first).minute % 15, seconds=first.second, microseconds=first.microsecond
    )
    last = max(session.ends_at + AFTER, first + SHORTEST)
    many = int((last - first) / QUARTER)
    moments = [first + QUARTER * index for index in range(many + 1)]
    return moments[:-1], moments[1:]


def _choices(moments: list[datetime], chosen: str) -> tuple[tuple[str, str], ...]:
    """Return (value, time) of a choice; what was chosen stays in it while time goes on."""
    found = {clock.iso(moment): dates.time(moment) for moment in moments}
    if chosen not in found:
        with suppress(ValueError):  # then the service says what is wrong with it
            found = {chosen: dates.time(clock.parse(chosen)), **found}
    return tuple(found.items())


def _drawn(answer: WhatIf) -> Drawing | None:
    """Draw the waits until closing before and after; nothing where neither can be told."""
    before, after = answer.before.points, answer.after.points
    points = [*before, *after]
    if len(points) < 2:
        return None
    _, top = scale([one.high for one in points])
    ends = max(one.at for one in points)
    frame = Frame(min(one.at for one in points), ends, top, BOX)
    return Drawing(frame.band(before), frame.band(after), top)
