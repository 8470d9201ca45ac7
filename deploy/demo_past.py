"""The demo's past: the weeks behind us, lived through on a simulated clock."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from deploy import acts, demo_hours
from deploy import demo_words as words
from deploy.centre import Centre, students
from deploy.demo_care import Care
from deploy.demo_days import at_hour, set_time, weekday_of
from shared import clock

WEEKS_BEHIND = 6
STAYS_AWAY = 0.1


class Past:
    """The weeks that the people of a centre have behind them."""

    def __init__(
        self, centre: Centre, ask: Callable[[], object], close_forgotten: Callable[[], object]
    ) -> None:
        """`ask` lets booking ask the owners whose week is over; roster closes forgotten check-outs."""
        self.centre, self.ask, self.close_forgotten = centre, ask, close_forgotten

    def live_through(self, today: date) -> None:
        """Live through the weeks behind ``today``: plan, book, repair, and what follows."""
        care = self._care()
        care.set_rules()
        for week in range(WEEKS_BEHIND, 0, -1):
            wednesday = weekday_of(today - timedelta(weeks=week), 2)
            if wednesday >= today:
                continue
            set_time(at_hour(wednesday - timedelta(days=6), 9))
            session = self.centre.plan_repair(
                wednesday, "workshop", "appliances", (14, 0), (16, 30)
            )
            self.centre.crew(session, 3)
            booked = self.centre.bookings(session, self.centre.chance.randint(6, 9))
            self._hold(session, booked, at_hour(wednesday, 14), care)

    def _care(self) -> Care:
        logins = [*words.VOLUNTEER_SKILLS, *students()]
        people = {self.centre.person(login).id: self.centre.person(login) for login in logins}
        return Care(self.centre.staff, people, self.centre.chance, self.ask)

    def _hold(
        self, session: str, booked: list[dict[str, Any]], starts: datetime, care: Care
    ) -> None:
        """Let the session take place: crew and clients come, devices are repaired."""
        set_time(starts - timedelta(minutes=5))
        demo_hours.confirm(self.centre.staff, self.close_forgotten)
        crew = [
            one
            for shift in acts.shifts_of(self.centre.staff, session)
            for one in shift["assignments"]
            if one["state"] == "accepted"
        ]
        came = demo_hours.who_comes(crew, starts)
        for one in came:
            self.centre.staff.post("roster", f"/assignments/{one['id']}/check-in", {})
        if care.begin(session, [one["person_id"] for one in came]):
            self._repair_next(session, care)
        for appointment in booked:
            set_time(clock.parse(appointment["starts_at"]) - timedelta(minutes=3))
            if self.centre.chance.random() < STAYS_AWAY:
                continue
            acts.arrive(self.centre.staff, session, appointment["id"])
            self._repair_next(session, care)
        for name in self.centre.chance.sample(words.WALK_IN_NAMES, 2):
            acts.walk_in(self.centre.staff, session, name, [self.centre.device()])
            self._repair_next(session, care)
        set_time(starts + timedelta(minutes=180))
        care.end()
        demo_hours.leave(self.centre.staff, crew, starts)

    def _repair_next(self, session: str, care: Care) -> None:
        visit = acts.call_next(self.centre.staff, session, self.centre.chance.randint(1, 3))
        if visit is None:
            return
        for ticket in visit["devices"]:
            place = {"bench": visit["bench"]}
            self.centre.staff.post("booking", f"/tickets/{ticket['id']}/start", place)
            set_time(clock.now() + timedelta(minutes=self.centre.chance.randint(6, 16)))
            outcome = words.outcome_of(ticket["brand"])
            self.centre.staff.post("booking", f"/tickets/{ticket['id']}/close", outcome)
            care.follow(ticket, visit["person_id"], outcome)
