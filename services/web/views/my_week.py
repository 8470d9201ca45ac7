"""我的一周: a volunteer's seven days, with shifts, requests, lessons and free hours in the order of the clock."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from services.web import dates
from services.web.clients import clients
from services.web.clients.availability import Availability, Day
from services.web.clients.roster import Assignment
from services.web.clients.taking import Offer
from services.web.signin import needs
from services.web.views.manage.base import attempt
from services.web.views.manage.calendar import day_in
from shared import clock

blueprint = Blueprint("week", __name__)
SHOWN = ("accepted", "attended", "absent")
SEVEN = 7
MOST_WEEKS = 60  # so far one can page from this week; the term and the one after it


@dataclass(frozen=True)
class Item:
    """One thing of a day; `kind` is shift, offer, class or free."""

    kind: str
    starts: str
    ends: str
    thing: Any = None


@dataclass(frozen=True)
class OneDay:
    """A day with what is on it."""

    day: Day
    items: tuple[Item, ...]

    @property
    def over(self) -> bool:
        """Whether the day lies behind us."""
        return self.day.on < dates.today()


@blueprint.get("/me/week")
@needs("volunteer")
def week() -> Any:
    """Seven days from a Monday; the address may name any day of the week."""
    monday = _monday(request.args.get("day"))
    time = clients().roster.my_availability(first=monday, days=SEVEN)
    mine = _mine(monday)
    offers = attempt(clients().roster.my_offers, ())[0]
    terms = attempt(clients().catalog.terms, ())[0]
    found = day_in(terms, monday)
    return render_template(
        "pages/my_week.html",
        days=_days(time, mine, offers),
        week=found.week if found else None,
        monday=monday,
        before=monday - timedelta(days=SEVEN),
        after=monday + timedelta(days=SEVEN),
        this_week=_monday(None),
        shifts=len(mine),
        minutes=sum(int((one.ends_at - one.starts_at).total_seconds() // 60) for one in mine),
        limits=time.limits,
        time_known=bool(time.weekly or time.lessons or time.exceptions),
    )


def _monday(text: str | None) -> date:
    today = dates.today()
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        day = today
    far = timedelta(weeks=MOST_WEEKS)
    day = min(max(day, today - far), today + far)
    return day - timedelta(days=day.weekday())


def _mine(monday: date) -> list[Assignment]:
    """The shifts of the week that were or will be served; those given back are not part of it."""
    starts = dates.day_start(monday)
    found = clients().roster.my_assignments_between(starts, starts + timedelta(days=SEVEN))
    return [one for one in found if one.state in SHOWN]


def _days(time: Availability, mine: list[Assignment], offers: tuple[Offer, ...]) -> list[OneDay]:
    on: dict[date, list[Item]] = defaultdict(list)
    open_offers = [one for one in offers if one.expires_at > clock.now()]
    for kind, things in (("shift", mine), ("offer", open_offers)):
        for one in things:
            starts, ends = dates.time(one.starts_at), dates.time(one.ends_at)
            on[dates.local_day(one.starts_at)].append(Item(kind, starts, ends, one))
    for day in time.days:
        on[day.on] += [Item("class", one.starts, one.ends, one) for one in day.lessons]
        on[day.on] += [Item("free", one.starts, one.ends) for one in day.free]
    return [
        OneDay(day, tuple(sorted(on[day.on], key=lambda item: (item.starts, item.ends))))
        for day in time.days
    ]
