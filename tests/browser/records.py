"""A record of hours that somebody served today, and a template of shifts, for the pages about them."""

from datetime import timedelta

from deploy import acts
from deploy.demo_days import ZONE, today
from shared import clock
from shared.clock import iso
from tests.browser.centre import Centre, at


def recorded(centre: Centre) -> dict[str, str]:
    """Half an hour that somebody served today, and the record of it."""
    begins = (clock.now() - timedelta(hours=1)).replace(second=0, microsecond=0)
    session, staff = centre.repair(begins, crew=0, hours=1.25), centre.staff
    shift, helper = acts.shifts_of(staff, session)[0], centre.helper().id
    staff.put("roster", f"/volunteers/{helper}/newcomer", {"newcomer": False})
    made = acts.put_on_shift(staff, shift["id"], helper)
    for act, then in (("check-in", begins), ("check-out", begins + timedelta(minutes=30))):
        staff.post("roster", f"/assignments/{made['id']}/{act}", {"occurred_at": iso(then)})
    day = today().isoformat()
    first = begins.astimezone(ZONE).date().isoformat()  # after midnight: the day before
    people = [{"person_id": helper, "name": "帮手"}]
    details = {"organiser": "工程训练中心", "responsible": "周慧老师"}
    asked = {"first": first, "last": day, "people": people, "details": details}
    issued = staff.post("roster", "/records", asked)["items"][0]
    record = staff.get("roster", f"/records/{issued['record_id']}")
    return {"record_code": record["code"], "today": day}


def template(centre: Centre) -> str:
    """The shifts of a usual afternoon, under a name."""
    bench = {"role": {"zh": "维修志愿者", "en": "Repair volunteer"}, "skill": "small_appliance"}
    tester = {"role": {"zh": "安全测试", "en": "Safety test"}, "skill": "electrical_safety"}
    door = {"role": {"zh": "接待", "en": "Reception"}, "needed": 1, "at_most": 2}
    entries = [
        bench | {"needed": 2, "at_most": 4},
        tester | {"level": 2, "needed": 1, "at_most": 1, "from_minutes": 30},
        door,
    ]
    body = {"title": {"zh": "平日维修", "en": "Usual afternoon"}, "entries": entries}
    return str(centre.staff.post("catalog", "/staffing-templates", body)["id"])


def served(centre: Centre, helper: str) -> dict[str, str]:
    """A volunteer has served in a trial, which may be played before its day."""
    staff, begins = centre.staff, at(13)
    session = centre.repair(begins, crew=0, trial=True)
    made = acts.put_on_shift(staff, acts.shifts_of(staff, session)[0]["id"], helper)
    for act, hours in (("check-in", 0), ("check-out", 2)):
        noted = {"occurred_at": iso(begins + timedelta(hours=hours))}
        staff.post("roster", f"/assignments/{made['id']}/{act}", noted)
    return {"served": str(made["id"])}


def dropped_late(centre: Centre) -> None:
    """Somebody gave back a shift of tomorrow."""
    begins = (clock.now() + timedelta(hours=20)).replace(second=0, microsecond=0)
    shift = acts.shifts_of(centre.staff, centre.repair(begins, crew=0))[0]
    leaver = centre.helper()
    taken = acts.put_on_shift(centre.staff, shift["id"], leaver.id)
    leaver.post("roster", f"/assignments/{taken['id']}/drop")
