"""The coordinator's first page: today, the next two weeks, and what needs a decision."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template

from services.web import dates
from services.web.clients import clients
from services.web.clients.booking import Availability
from services.web.clients.catalog import Session
from services.web.signin import needs
from services.web.views.manage.base import attempt, blueprint
from services.web.views.manage.hours_review import hours_due
from shared import clock

DAYS = 14


@dataclass(frozen=True)
class Planned:
    """A session and how full it is (None while booking does not answer)."""

    session: Session
    places: Availability | None

    @property
    def unstaffed(self) -> bool:
        """Published, but nobody has accepted a shift."""
        return (
            self.session.state == "published"
            and bool(self.session.staffing)
            and self.places is not None
            and self.places.volunteers == 0
        )


@blueprint.get("/manage")
@needs("coordinator")
def home() -> Any:
    """Today, what comes, what to decide."""
    today, now = dates.today(), clock.now()
    start = dates.day_start(today)
    sessions = clients().catalog.sessions(
        from_=clock.iso(start), to=clock.iso(start + timedelta(days=DAYS))
    )
    planned = with_places(
        [one for one in sessions if one.ends_at > now or dates.local_day(one.starts_at) == today]
    )
    failed, notify_away = attempt(lambda: clients().notify.deliveries("failed").items, ())
    return render_template(
        "pages/manage/home.html",
        now_on=sorted(
            (
                one
                for one in planned
                if dates.local_day(one.session.starts_at) == today
                and one.session.state == "published"
            ),
            key=lambda one: one.session.ends_at <= now,  # what is over stands last
        ),
        coming=[
            one
            for one in planned
            if dates.local_day(one.session.starts_at) != today and one.session.state == "published"
        ],
        drafts=[one.session for one in planned if one.session.state == "draft"],
        unstaffed=[one for one in planned if one.unstaffed and one.session.ends_at > now],
        failed=failed,
        at_risk=attempt(lambda: clients().booking.at_risk().items, ())[0],
        notify_away=notify_away,
        hours_due=hours_due(),
    )


def with_places(sessions: list[Session]) -> list[Planned]:
    """Each session with its places, in one call to booking."""
    nothing: dict[str, Availability] = {}
    ids = [one.id for one in sessions if one.state != "draft"]
    places, _away = (
        attempt(lambda: clients().booking.availability(ids), nothing) if ids else (nothing, False)
    )
    return [Planned(one, places.get(one.id)) for one in sessions]
