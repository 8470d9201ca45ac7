"""The demo's volunteers: how they learnt, what they have read, when they have time, how much they take on."""

import base64
from contextlib import suppress
from datetime import timedelta
from typing import Any

from deploy import acts, demo_rules
from deploy.centre import Centre
from deploy.demo_days import at_hour, set_time, today, weekday_of
from deploy.demo_words import both
from deploy.driver import Account, TookTooLong, eventually
from shared.clock import iso
from shared.http_client import Problem

BRIEFINGS = {
    "electrical-safety": (
        both("用电安全", "Electrical safety"),
        both(
            "1. 拆开之前先拔插头，等一分钟再碰电容。\n2. 带 220 V 的电器修好后，一定做安全测试，通过才交还。\n"
            "3. 拿不准就叫资深志愿者，不丢人。\n4. 有人触电：先断总闸，再叫人，打校医院电话。",
            "1. Pull the plug before you open anything; wait a minute before you touch capacitors.\n"
            "2. After repair, mains devices pass a safety test before they go home.\n"
            "3. When in doubt, call a senior volunteer.\n4. Electric shock: main switch first, then help.",
        ),
    ),
    "guests": (
        both("怎样对待来的人", "How we treat guests"),
        both(
            "先问怎么坏的，再动手。说清楚能修到什么程度，修不好也要说为什么。不收钱，不收礼。"
            "手机和电脑里的东西不看。",
            "Ask what happened before you start. Say what can be done, and if nothing can, why."
            " No money, no gifts. Never look into phones or computers.",
        ),
    ),
}
UNREAD = {"volunteer5": ("guests",), "volunteer8": ("electrical-safety", "guests")}
HELPING = ("volunteer4", "volunteer6", "volunteer8")
RANKED = ("volunteer", "volunteer2", "volunteer3", "volunteer6", "volunteer8")
LEVELS = {"volunteer": 3, "volunteer4": 3, "volunteer3": 2}
ENDING = {"volunteer2": ("small_appliance", 26), "volunteer6": ("electrical_safety", 19)}
WEEKS: dict[str, list[tuple[int, str, str]]] = {
    "volunteer": [(3, "13:00", "18:00"), (2, "18:00", "21:00"), (6, "09:00", "12:00")],
    "volunteer2": [(3, "14:00", "17:00"), (5, "14:00", "18:00")],
    "volunteer3": [(1, "16:00", "20:00"), (3, "13:00", "17:00"), (4, "13:00", "17:00")],
    "volunteer4": [(3, "14:00", "18:00"), (7, "09:00", "17:00")],
    "volunteer6": [(2, "14:00", "20:00"), (4, "14:00", "17:00"), (6, "09:00", "16:00")],
}
LESSONS = """课程,星期,节次,周数
高等数学 B,周一,1-2,1-16
大学英语,周二,3-4,1-16
电路原理,周三,1-2,1-16
电路实验,周三,7-8,1-15单
工程制图,周四,5-6,1-12
体育,周五,3-4,1-16
形势与政策,周五,9-10,3-6
"""


def begin(centre: Centre) -> None:
    """Let the centre write its briefings and hold a training that leads to a skill, weeks ago."""
    for code, (title, text) in BRIEFINGS.items():
        body = {"title": title, "text": text, "needed": True}
        centre.staff.put("roster", f"/briefings/{code}", body, version=0)
    for login in WEEKS | UNREAD | ENDING | LEVELS:
        _read_briefings(centre.person(login), UNREAD.get(login, ()))
    for login in RANKED:
        centre.person(login).put("roster", "/ranking/mine", {"takes_part": True})
    _skill(centre, "volunteer8", "health", 2, at_hour(today() + timedelta(days=20), 0))
    _train(centre, ("volunteer2", "volunteer8"))


def fill(centre: Centre) -> None:
    """Let the volunteers say when they have time, now that the term is known."""
    demo_rules.keep_calendar(centre.staff, today())
    for login, level in LEVELS.items():
        _skill(centre, login, "small_appliance", level, None)
    for login, (code, days) in ENDING.items():
        _skill(centre, login, code, 2, at_hour(today() + timedelta(days=days), 0))
    for login, hours in WEEKS.items():
        spans = [{"weekday": day, "starts": a, "ends": b} for day, a, b in hours]
        centre.person(login).put("roster", "/availability/mine/weekly", {"hours": spans})
    for login in ("volunteer", "volunteer3", "volunteer5"):
        _timetable(centre.person(login))
    for login in HELPING:
        centre.person(login).put("roster", "/help/mine", {"asked": True})
    away = (today() + timedelta(days=9)).isoformat()
    _except(centre.person("volunteer"), {"on": away, "kind": "off"})
    saturday = weekday_of(today() + timedelta(days=7), 5).isoformat()
    also = {"on": saturday, "kind": "also", "starts": "09:00", "ends": "12:00"}
    _except(centre.person("volunteer3"), also)
    _limit(centre.person("volunteer3"), week_shifts=3, rest_minutes=60, row_minutes=240)
    _limit(centre.person("volunteer6"), week_shifts=2, rest_minutes=0, row_minutes=None)


def _read_briefings(who: Account, unread: tuple[str, ...]) -> None:
    for code in BRIEFINGS:
        if code not in unread:
            who.post("roster", f"/briefings/{code}/read", {"version": 1})


def propose_roster(centre: Centre) -> None:
    """Let the coordinator ask for a roster of the next week, unless there is one already."""
    if centre.staff.get("roster", "/proposals")["items"]:
        return
    monday = today() + timedelta(days=7 - today().weekday())
    days = {"from_on": monday.isoformat(), "until_on": (monday + timedelta(days=6)).isoformat()}
    with suppress(TookTooLong):  # a week without shifts needs no roster
        eventually(lambda: _asked(centre, days), "a roster that is asked for")


def _asked(centre: Centre, days: dict[str, str]) -> bool:
    try:
        centre.staff.post("roster", "/proposals", {**days, "seconds": 10})
    except Problem as problem:  # the roster has not heard of the sessions yet
        if problem.code != "no_shifts_ahead":
            raise
        return False
    return True


def _skill(centre: Centre, login: str, code: str, level: int, until: Any) -> None:
    path = f"/volunteers/{centre.person(login).id}/skills/{code}"
    body = {"level": level, "expires_at": iso(until) if until else None}
    centre.staff.put("roster", path, body)


def _train(centre: Centre, logins: tuple[str, ...]) -> None:
    """Hold a soldering course; it leads to the skill for electronics, after a practical sign-off."""
    staff, offering = centre.staff, centre.offerings["soldering"]
    rules = {"offering_id": offering, "proof": "sign_off", "valid_months": 24}
    title = both("数码维修", "Electronics")
    staff.put("roster", "/skills/electronics", {"title": title, **rules})
    day = weekday_of(today(), 1)
    begins, ends = at_hour(day, 18, 30), at_hour(day, 20, 30)
    session = acts.plan_session(staff, offering, centre.venues["maker"], begins, ends, seats=6)
    made = [enrol(centre.person(login), session) for login in logins]
    set_time(ends)
    for enrolment in made:
        staff.post("booking", f"/enrolments/{enrolment}/attendance", {"state": "attended"})


def enrol(who: Account, session: str) -> str:
    """Enrol in a session once booking knows it; return the enrolment."""

    def ask() -> str | None:
        try:
            return str(who.post("booking", "/enrolments", {"session_id": session})["id"])
        except Problem as problem:
            if problem.status != demo_rules.NOT_FOUND:
                raise
            return None

    return eventually(ask, f"booking knows the training {session}")


def _timetable(who: Account) -> None:
    """Import the timetable, as soon as the roster has heard of the term."""
    body = {"content_base64": base64.b64encode(LESSONS.encode("gb18030")).decode()}

    def send() -> bool | None:
        try:
            who.post("roster", "/availability/mine/timetable", body)
        except Problem as problem:
            if problem.code != "unreadable_timetable":
                raise
            return None
        return True

    eventually(send, "the roster knows the term")


def _except(who: Account, entry: dict[str, Any]) -> None:
    who.post("roster", "/availability/mine/exceptions", entry)


def _limit(who: Account, **limits: Any) -> None:
    who.put("roster", "/availability/mine/limits", limits | {"exam_weeks": False})
