"""The dates of a weekly series as they are looked at before saving: what the calendar says of each."""

from dataclasses import dataclass
from datetime import date

from services.web.clients import clients
from services.web.forms import Form
from services.web.views.manage import session_form
from services.web.views.manage.base import attempt
from services.web.views.manage.calendar import Day, day_in, weeks_of

TO_LEAVE_OUT = ("holiday", "exam")


@dataclass(frozen=True)
class Look:
    """The dates with what the calendar says, which are left out, and moved days worth a thought."""

    days: tuple[tuple[date, Day | None], ...] = ()
    skip: frozenset[date] = frozenset()
    moved: tuple[Day, ...] = ()
    unknown: bool = False

    @property
    def kept(self) -> int:
        """How many sessions would be made."""
        return sum(on not in self.skip for on, _ in self.days)


def look_at(form: Form) -> Look:
    """What a posted series means; at first holidays and exam weeks are proposed to be left out."""
    dates = session_form.preview(form) if form.posted else []
    if form["repeat"] != "weekly" or not dates:
        return Look()
    terms, away = attempt(clients().catalog.terms, ())
    days = tuple((on, day_in(terms, on)) for on in dates)
    if form["looked"]:
        skip = session_form.left_out(form)
    else:
        skip = {on for on, day in days if day and day.kind in TO_LEAVE_OUT}
    weekday = dates[0].isoweekday()
    every = [day for term in terms for week in weeks_of(term) for day in week]
    moved = tuple(
        day
        for day in every
        if day.kind == "moved" and day.follows == weekday and dates[0] <= day.on <= dates[-1]
    )
    return Look(days, frozenset(skip), moved, away)
