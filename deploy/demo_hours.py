"""The demo's hours: somebody forgets to check out, somebody stays away, one objects; months are checked and closed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from deploy import demo_words as words
from deploy.centre import Centre
from deploy.demo_days import today
from deploy.driver import Account
from shared import clock
from shared.clock import iso
from shared.http_client import Problem

Crew = list[dict[str, Any]]
POLICY = {"rounding": "nearest", "step_minutes": 30, "day_cap_minutes": 480, "objection_days": 14}
STEPS = (("coordinator", "check"), ("admin", "cross_check"), ("coordinator", "close"))
OBJECTION = "我是 17:20 才走的：最后一台电饭煲等安全测试，收完工具才离开。"


def begin(centre: Centre) -> None:
    """Round to half hours, eight hours a day at most: a policy that many universities have."""
    body = POLICY | {"valid_from": today().isoformat(), "seen": 1}
    centre.staff.post("roster", "/hours-policies", body)


def who_comes(crew: Crew, starts: datetime) -> Crew:
    """Return who of a crew comes: every third week the last one stays away."""
    return crew[:-1] if _week(starts) == 2 and len(crew) > 2 else crew


def leave(staff: Account, crew: Crew, starts: datetime) -> None:
    """Let a crew leave: every third week somebody forgets to check out; who stayed away is noted."""
    came = who_comes(crew, starts)
    for number, one in enumerate(came):
        if _week(starts) == 0 and number == 0:
            continue
        staff.post("roster", f"/assignments/{one['id']}/check-out", {})
    for one in crew[len(came) :]:
        reason = {"excused": True, "reason": "发烧，早上发过消息请假"}
        staff.post("roster", f"/assignments/{one['id']}/absent", reason)


def confirm(staff: Account, close_forgotten: Callable[[], object]) -> None:
    """Confirm with those who forgot to check out, when the next session comes."""
    close_forgotten()
    for one in list(staff.items("roster", "/hours", show="forgotten")):
        _correct(staff, one, "问过本人，班次结束就走了，核实无误")


def fill(centre: Centre) -> None:
    """Object to what was recorded last, and close the months that are over."""
    _object(centre, list(centre.staff.items("roster", "/hours")))
    for period in centre.staff.get("roster", "/periods")["items"]:
        if period["kind"] == "month" and period["over"]:
            _close(centre, period["name"])


def _object(centre: Centre, lines: list[dict[str, Any]]) -> None:
    """The first of the demo's volunteers who still may says that the time is wrong."""
    logins = {centre.person(login).id: login for login in words.VOLUNTEER_SKILLS}
    for one in lines:
        if one["can_object"] and not one["trial"] and one["person_id"] in logins:
            volunteer = centre.person(logins[one["person_id"]])
            said = {"words": OBJECTION, "seen": one["version"]}
            volunteer.post("roster", f"/assignments/{one['assignment_id']}/objections", said)
            return


def _close(centre: Centre, month: str) -> None:
    """Close a month, if nothing is open in it, and correct one line of it afterwards."""
    try:
        for login, act in STEPS:
            centre.person(login).post("roster", f"/periods/{month}/{act}", {})
    except Problem as problem:
        if problem.code != "points_open":
            raise
        return
    line = next(iter(centre.staff.items("roster", "/hours", month=month)), None)
    if line and line["minutes"] > 60:
        came = iso(clock.parse(line["checked_in_at"]) + timedelta(minutes=20))
        _correct(centre.staff, line | {"checked_in_at": came}, "对照纸质登记表，晚到 20 分钟")


def _correct(staff: Account, line: dict[str, Any], reason: str) -> None:
    body = {name: line[name] for name in ("checked_in_at", "checked_out_at", "pause_minutes")}
    path = f"/hours/{line['assignment_id']}/corrections"
    staff.post("roster", path, body | {"reason": reason, "seen": line["version"]})


def _week(starts: datetime) -> int:
    return starts.isocalendar().week % 3
