"""The demo's centre and its people, acting through the public API as people would."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from deploy import acts, demo_rules
from deploy import demo_words as words
from deploy.demo_days import at_hour, last_quarter, next_theme_day, weekday_of
from deploy.driver import Account, Api, eventually
from shared import clock
from shared.clock import iso
from shared.http_client import Problem

WEEKS_AHEAD = 3
DEMO_PASSWORD = "demo"  # noqa: S105 - the demo's people are public
STUDENTS = 12
OPEN_HOURS = 3
COME = 5  # of those who booked for the session that is open
IN_LINE = "in_line_already"
LEFT_AT_LEAST = timedelta(minutes=75)


class Centre:
    """The demo's centre and its people, acting through the API."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.staff = api.sign_in("coordinator", DEMO_PASSWORD)
        self.chance = random.Random(7)  # noqa: S311 - the same demo every time
        self.offerings: dict[str, str] = {}
        self.venues: dict[str, str] = {}
        self._people: dict[str, Account] = {}
        self._served: list[str] = []

    def person(self, login: str) -> Account:
        """Return one of the demo's people, signed in."""
        if login not in self._people:
            self._people[login] = self.api.sign_in(login, DEMO_PASSWORD)
        return self._people[login]

    def found(self) -> None:
        """Found the centre: skills, venues, offerings."""
        for code, title in words.SKILLS.items():
            self.staff.put("roster", f"/skills/{code}", {"title": title})
        for login, skills in words.VOLUNTEER_SKILLS.items():
            acts.grant(self.staff, self.person(login).id, skills)
        for person in self.staff.items("identity", "/people", limit=200):
            contact = {"email": f"{person['login']}@demo.example", "locale": "zh"}
            self.staff.put("notify", f"/contacts/{person['id']}", contact)
        for name, body in words.VENUES.items():
            self.venues[name] = self.staff.post("catalog", "/venues", body)["id"]
        for name, body in words.OFFERINGS.items():
            self.offerings[name] = self.staff.post("catalog", "/offerings", body)["id"]
        for name, rules in words.POLICIES.items():
            demo_rules.write_policy(self.staff, self.offerings[name], rules)

    def find(self) -> None:
        """Find the centre that stands already."""
        by_title = {
            item["title"]["zh"]: item["id"] for item in self.staff.items("catalog", "/offerings")
        }
        by_name = {
            item["name"]["zh"]: item["id"] for item in self.staff.items("catalog", "/venues")
        }
        for name, body in words.OFFERINGS.items():
            self.offerings[name] = by_title[body["title"]["zh"]]
        for name, body in words.VENUES.items():
            self.venues[name] = by_name[body["name"]["zh"]]

    def plan_ahead(self, today: date) -> None:
        """Plan what is missing of the weeks ahead; the term first, where there is none."""
        demo_rules.keep_calendar(self.staff, today)
        ends = at_hour(today + timedelta(weeks=WEEKS_AHEAD), 0)
        planned = self.staff.items(
            "catalog", "/sessions", **{"from": iso(clock.now()), "to": iso(ends)}
        )
        taken = {(one["offering_id"], one["starts_at"][:10]) for one in planned}
        for week in range(WEEKS_AHEAD):
            monday = weekday_of(today + timedelta(weeks=week), 0)
            self._plan_week(monday, today, taken)
        self._theme_day(today)

    def open_now(self) -> None:
        """Open a session now unless one is open for a while yet."""
        at = clock.now()
        running = self.staff.items(
            "catalog", "/sessions", **{"from": iso(at), "to": iso(at), "kind": "repair"}
        )
        if any(
            clock.parse(one["ends_at"]) - at > LEFT_AT_LEAST
            for one in running
            if one["state"] == "published"
        ):
            return
        starts = last_quarter(at - timedelta(minutes=20))
        session = self._publish(
            "appliances",
            "maker",
            starts,
            starts + timedelta(hours=OPEN_HOURS),
            slot_minutes=15,
            benches=3,
            title=words.both("今日义务维修", "Repairs today"),
        )
        crew = self.crew(session, 3)
        for assignment in crew[:2]:
            came = {"occurred_at": iso(starts + timedelta(minutes=2))}
            self.staff.post("roster", f"/assignments/{assignment['id']}/check-in", came)
        self._people_come(session, [assignment["person_id"] for assignment in crew])

    def _plan_week(self, monday: date, today: date, taken: set[tuple[str, str]]) -> None:
        weekly: list[tuple[int, str, str, tuple[int, int], tuple[int, int]]] = [
            (1, "soldering", "maker", (18, 30), (20, 30)),
            (2, "appliances", "workshop", (14, 0), (16, 30)),
            (3, "digital", "workshop", (14, 0), (17, 0)),
            (4, "printing", "maker", (15, 0), (17, 0)),
        ]
        for day, offering, venue, starts, ends in weekly:
            when = monday + timedelta(days=day)
            utc_day = iso(at_hour(when, *starts))[:10]
            if when <= today or (self.offerings[offering], utc_day) in taken:
                continue
            if words.OFFERINGS[offering]["kind"] == "repair":
                session = self.plan_repair(when, venue, offering, starts, ends)
                if day == 2 or self.chance.random() < 0.5:
                    self.crew(session, 3 if day == 2 else 1)
                    self.bookings(session, 5 if day == 2 else 2, offering)
            else:
                session = self._publish(
                    offering, venue, at_hour(when, *starts), at_hour(when, *ends), seats=6
                )
                self._enrolments(session, 8 if day == 1 else 3)
                self.crew(session, 1 if day == 1 else 0)

    def _theme_day(self, today: date) -> None:
        title, day = next_theme_day(today)
        programmes = self.staff.items("catalog", "/programmes")
        if any(one["theme_day"] == day.isoformat() for one in programmes):
            return
        body = {"title": title, "summary": words.THEME_SUMMARY, "theme_day": day.isoformat()}
        programme = self.staff.post("catalog", "/programmes", body)["id"]
        more = {"programme_id": programme}
        session = self._publish(
            "appliances",
            "hall",
            at_hour(day, 9),
            at_hour(day, 12),
            slot_minutes=15,
            benches=3,
            **more,
        )
        self.crew(session, 2)
        self.bookings(session, 4)
        training = self._publish(
            "soldering", "hall", at_hour(day, 13, 30), at_hour(day, 15, 30), seats=12, **more
        )
        self._enrolments(training, 5)
        self.crew(training, 1)
        self._publish("health", "lobby", at_hour(day, 9), at_hour(day, 16), seats=40, **more)

    def plan_repair(
        self, day: date, venue: str, offering: str, starts: tuple[int, int], ends: tuple[int, int]
    ) -> str:
        """Publish a repair session of that day, open for booking."""
        opens = iso(max(clock.now(), at_hour(day - timedelta(days=7), 9)))
        return self._publish(
            offering,
            venue,
            at_hour(day, *starts),
            at_hour(day, *ends),
            slot_minutes=15,
            benches=3,
            booking_opens_at=iso(min(clock.parse(opens), clock.now())),
        )

    def _publish(
        self, offering: str, venue: str, starts: datetime, ends: datetime, **more: Any
    ) -> str:
        return acts.plan_session(
            self.staff, self.offerings[offering], self.venues[venue], starts, ends, **more
        )

    def crew(self, session: str, many: int) -> list[dict[str, Any]]:
        """Let volunteers who may and can take the session's first shift."""
        shift = acts.shifts_of(self.staff, session)[0]
        taken: list[dict[str, Any]] = []
        for login, skills in words.VOLUNTEER_SKILLS.items():
            if len(taken) >= min(many, shift["at_most"]):
                break
            if shift["skill"] in skills:
                try:
                    body = {"person_id": self.person(login).id}
                    taken.append(self.staff.post("roster", f"/shifts/{shift['id']}/accept", body))
                except Problem:
                    continue  # busy at that time: the next one is asked
        return taken

    def bookings(
        self, session: str, many: int, offering: str = "appliances"
    ) -> list[dict[str, Any]]:
        """Let some students book, each with one device."""
        slots = acts.open_slots(self.staff, session, 1)
        made = []
        for login in self.chance.sample(students(), min(many, STUDENTS)):
            device = self.device(offering)
            try:
                free = [slot for slot in slots if slot["state"] == "free"]
                self.chance.shuffle(free)
                made.append(acts.book(self.person(login), free, [device], waiver_version=1))
            except (Problem, LookupError):
                continue  # has another place at that time, or all is taken
        return sorted(made, key=lambda one: one["starts_at"])

    def _enrolments(self, session: str, many: int) -> None:
        for number in range(1, many + 1):
            login = f"student{number if number > 1 else ''}"

            def look(login: str = login) -> bool | None:
                try:
                    self.person(login).post("booking", "/enrolments", {"session_id": session})
                except Problem as problem:
                    return None if problem.status == 404 else True
                return True

            eventually(look, f"a seat for {login}")

    def device(self, offering: str = "appliances") -> dict[str, Any]:
        """Return something that people bring."""
        return words.some_device(self.chance, offering)

    def _people_come(self, session: str, crew: list[str]) -> None:
        """Fill the open session: some are served, some wait, the rest have booked for later."""
        at = clock.now()
        booked = self.bookings(session, 9)
        for number, name in enumerate(words.WALK_IN_NAMES[:3]):
            came = at - timedelta(minutes=17 - 5 * number)
            acts.walk_in(self.staff, session, name, [self.device()], came)
        here = self._check_in(session, booked, at)
        for name in words.WALK_IN_NAMES[3 : 3 + COME - here]:  # so that somebody waits
            acts.walk_in(self.staff, session, name, [self.device()], at - timedelta(minutes=2))
        volunteer = crew[0] if crew else None  # all may have taken on enough this week
        self._call_and_start(session, 1, volunteer, at - timedelta(minutes=15))
        first = self._served[-1]
        done = {"status": "Fixed", "occurred_at": iso(at - timedelta(minutes=6))}
        self.staff.post("booking", f"/tickets/{first}/close", done)
        self._call_and_start(session, 1, volunteer, at - timedelta(minutes=5))
        acts.call_next(self.staff, session, 2)

    def _check_in(self, session: str, booked: list[dict[str, Any]], at: datetime) -> int:
        """Let some who booked come, and return how many; who stands in the line of before does not."""
        here = 0
        for appointment in booked:
            if here == COME:
                break
            came = at - timedelta(minutes=12 - 2 * here)
            try:
                acts.arrive(self.staff, session, appointment["id"], came)
            except Problem as problem:
                if problem.code != IN_LINE:
                    raise
            else:
                here += 1
        return here

    def _call_and_start(
        self, session: str, bench: int, volunteer: str | None, at: datetime
    ) -> None:
        visit = acts.call_next(self.staff, session, bench)
        for ticket in (visit or {}).get("devices", [])[:1]:
            body: dict[str, Any] = {"bench": bench, "occurred_at": iso(at)}
            if volunteer:
                body["volunteer_id"] = volunteer
            self.staff.post("booking", f"/tickets/{ticket['id']}/start", body)
            self._served.append(ticket["id"])


def students() -> list[str]:
    """Return the logins of the demo's students."""
    return [f"student{number or ''}" for number in (0, *range(2, STUDENTS + 1))]
