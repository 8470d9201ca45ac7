"""What happens in a centre so that every page has something to show: an afternoon, a waitlist, a shelf, a draw."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from deploy import acts, demo_rules
from deploy.demo_days import today
from deploy.driver import Account, eventually
from shared import clock
from shared.clock import iso
from shared.masking import masked_name
from tests.browser.benches import at_bench, at_work, tester
from tests.browser.centre import KETTLE, Centre, at
from tests.browser.clashes import LONG, clashes
from tests.browser.openings import decided, opening
from tests.browser.plans import proposed
from tests.browser.quizzes import quizzed
from tests.browser.records import dropped_late, recorded, served, template
from tests.browser.visitor import Visitor

READINGS = {
    "protection_class": "I",
    "visual_ok": True,
    "polarity": "right",
    "insulation_mohm": 150,
    "leakage_ma": 0.4,
    "instrument": "Benning ST 725",
}
PASSWORD = "a-long-password"
DATA = (
    LONG,
    masked_name(LONG),
    "古丽娜尔·买买提",
    "古*提",
    "测试同学",
    "测*学",
    "帮手",
    "帮*手",
    "帮*",
    "美的 MK-HJ1708",
    "不通电",
    "测试间",
    "地下一层",
    "马丽娜",
    "马*娜",
    "宋雨",
    "宋*",
    "陈立",
    "陈*",
    "温控器 KSD301",
    "北架 2 层",
    "外壳有一道划痕",
    "又不转了，声音很响",
)


def build(centre: Centre) -> dict[str, str]:
    """Let everything happen; return what the addresses of the pages need."""
    student = centre.someone("古丽娜尔·买买提")
    scene = running(centre, student) | places(centre) | coming(centre, student)
    scene |= opening(centre, student) | waiting(centre, student) | custody(centre, student)
    scene |= quizzed(centre, student)
    scene |= (
        displaced(centre, student) | {"student": student.login} | clashes(centre, scene["other"])
    )
    scene |= volunteering(centre, scene["helper"]) | served(centre, scene["helper"])
    dropped_late(centre)
    demo_rules.keep_calendar(centre.staff, today())
    scene["term"] = centre.staff.get("catalog", "/terms")["items"][0]["id"]
    decided(centre, scene["drawn"])
    return scene | {"person": centre.person("student2").id}


def volunteering(centre: Centre, helper: str) -> dict[str, str]:
    """A briefing to read, and a volunteer whose skill was confirmed and soon ends."""
    title, text = ({"zh": zh, "en": en} for zh, en in (("安全", "Safety"), ("断电。", "Unplug.")))
    body = {"title": title, "text": text, "needed": False}
    if not any(
        one["code"] == "safety" for one in centre.staff.get("roster", "/briefings")["items"]
    ):
        centre.staff.put("roster", "/briefings/safety", body, version=0)
    seen = {"person_id": helper, "skill": "small_appliance", "level": 2, "passed": True}
    centre.staff.post("roster", "/sign-offs", seen | {"note": "拆装都稳"})
    asked = asked_to_come(centre, helper)
    ends = {"level": 2, "expires_at": iso(clock.now() + timedelta(days=10))}
    centre.staff.put("roster", f"/volunteers/{helper}/skills/electrical_safety", ends)
    shown = {"briefing": "safety", "template": template(centre)} | recorded(centre)
    return shown | asked | proposed(centre, helper)


def asked_to_come(centre: Centre, helper: str) -> dict[str, str]:
    """A shift that is offered to the volunteer, and one of their own that they could swap."""
    session = centre.repair(at(13), crew=1)
    shift = centre.staff.get("roster", f"/sessions/{session}/shifts")["items"][0]
    body = {"person_id": helper}
    with experienced_crew(centre.staff, session):
        offer = centre.staff.post("roster", f"/shifts/{shift['id']}/offers", body)
    free = acts.shifts_of(centre.staff, centre.repair(at(15), crew=0))[0]
    own = acts.put_on_shift(centre.staff, free["id"], helper)
    asked = {"asked_in": session, "asked_shift": shift["id"], "shift_offer": offer["id"]}
    return asked | {"own_shift": own["id"]}


def running(centre: Centre, student: Account) -> dict[str, str]:
    """Two sessions are open; in one somebody has booked, somebody waits, a device is at a bench."""
    session, staff = centre.repair(crew=1), centre.staff
    volunteer = centre.helper()
    helped = called_to_help(centre, volunteer)
    at_work(centre, session, volunteer)
    place = centre.booked(session, student, late=True)
    acts.walk_in(staff, session, "马丽娜", [KETTLE])
    waiting = acts.walk_in(staff, session, "宋雨", [{"category_id": 15}])
    ticket = at_bench(staff, session, 1)
    return (
        {
            "repair": session,
            "place": place["id"],
            "waiting": f"{waiting['id']}?key={waiting['key']}",
            "queued": waiting["id"],
            "key": waiting["key"],
            "ticket": ticket,
            "offering": centre.offerings["appliances"],
            "volunteer": volunteer.login,
            "helper": volunteer.id,
        }
        | after_safety_tests(centre, session, volunteer)
        | helped
    )


@contextmanager
def experienced_crew(staff: Account, session: str) -> Iterator[None]:
    """Let who is on the shift of a session be no newcomer for a while: newcomers can be asked then.

    Only for a while: once somebody is experienced, newcomers take no shift alone, as other tests let them.
    """
    crew = staff.get("roster", f"/sessions/{session}/shifts")["items"][0]["assignments"]
    path = f"/volunteers/{crew[0]['person_id']}/newcomer"
    staff.put("roster", path, {"newcomer": False})
    yield
    staff.put("roster", path, {"newcomer": True})


def called_to_help(centre: Centre, volunteer: Account) -> dict[str, str]:
    """A session is short of hands; the volunteer, who has no shift yet, is asked to come."""
    session, staff = centre.repair(crew=1), centre.staff
    volunteer.put("roster", "/help/mine", {"asked": True})
    for one in volunteer.get("roster", "/briefings")["items"]:
        volunteer.post("roster", f"/briefings/{one['code']}/read", {"version": one["version"]})
    with experienced_crew(staff, session):
        staff.post("roster", f"/sessions/{session}/help", {"wanted": 2})
    asked = volunteer.get("roster", "/help/mine")["items"]
    return {"helped": session, "help": asked[0]["id"]}


def after_safety_tests(centre: Centre, session: str, volunteer: Account) -> dict[str, str]:
    """A device has failed its safety test, another one has gone home."""
    staff, found = centre.staff, {}
    for name, ohm in (("failed", 0.9), ("gone", 0.1)):
        number = acts.walk_in(staff, session, "陈立", [{"category_id": 40}])["number"]
        found[name] = at_bench(staff, session, 2, number)
        path = f"/tickets/{found[name]}"
        part = {"name": "温控器 KSD301", "source": "centre", "cost_cents": 320}
        staff.post("booking", f"{path}/parts", part)
        outcome = {"status": "Fixed", "findings": ["sensor"], "actions": ["replaced"]}
        staff.post("booking", f"{path}/close", outcome)
        volunteer.post("booking", f"{path}/safety-tests", READINGS | {"earth_ohm": ohm})
    staff.post("booking", f"/tickets/{found['gone']}/hand-back", {})
    return found


def places(centre: Centre) -> dict[str, str]:
    """A venue and a programme to change."""
    body = {"title": {"zh": "主题日", "en": "Theme day"}, "theme_day": today().isoformat()}
    programme = centre.staff.post("catalog", "/programmes", body)
    return {"venue": centre.room(), "programme": programme["id"]}


def coming(centre: Centre, student: Account) -> dict[str, str]:
    """A session with free places, and a training that is full with somebody waiting."""
    session = centre.repair(at(9), crew=2)
    training = centre.training(seats=1)
    for who in (centre.someone(), student):
        centre.enrol(training, who)
    slot = acts.open_slots(centre.staff, session, 1)[0]
    return {"coming": session, "slot": slot["id"], "training": training}


def waiting(centre: Centre, student: Account) -> dict[str, str]:
    """The student waits in one session, has an offer in another, and is asked along in a third."""
    friend = centre.someone()
    full, taken, _ = full_session(centre, at(10))
    wait = ask(student, full, taken)
    ask(friend, full, taken)
    freed, slot, booked = full_session(centre, at(11))
    offered = ask(student, freed, slot)
    centre.staff.post("booking", f"/appointments/{booked}/cancel")
    third, slot, _ = full_session(centre, at(12))
    asks = ask(friend, third, slot)
    return {
        "full": full,
        "taken": taken,
        "wait": wait["id"],
        "offered": offered["id"],
        "third": third,
        "asks": asks["id"],
        "code": friend.get("booking", f"/waitlist/{asks['id']}")["invitation"],
    }


def full_session(centre: Centre, starts: datetime) -> tuple[str, str, str]:
    """Return a session, its first slot, which is full, and the booking that fills it."""
    session = centre.repair(starts, crew=1)
    booked = centre.booked(session)
    return session, booked["slot_id"], booked["id"]


def ask(who: Account, session: str, slot: str) -> dict[str, Any]:
    """Wait for a slot, or any other."""
    body = {"devices": 1, "slots": [slot]}
    return dict(who.post("booking", f"/sessions/{session}/waitlist", body))


def custody(centre: Centre, student: Account) -> dict[str, str]:
    """One device of the student's can be fetched, one waits for parts; a repair has been asked about."""
    session, staff = centre.repair(crew=1), centre.staff
    volunteer = tester(centre, session)
    ready = brought(centre, session, {"person_id": student.id})
    test = f"/tickets/{ready['ticket']}/safety-tests"
    volunteer.post("booking", test, READINGS | {"earth_ohm": 0.1})
    broken = brought(centre, session, {"name": "陈立"}, fixed=False)
    asked = brought(centre, session, {"name": "宋雨"})
    kept = {"shelf": "北架 2 层", "accessories": ["lid", "cable"], "condition": "外壳有一道划痕"}
    first, second = (
        staff.post("booking", f"/tickets/{one['ticket']}/custody", kept | {"ready": home})
        for one, home in ((ready, True), (broken, False))
    )
    said = {"works": False, "words": "又不转了，声音很响"}
    student.post("booking", f"/tickets/{ready['ticket']}/feedback", said)
    return {
        "other": session,
        "kept_place": ready["id"],
        "mended": ready["ticket"],
        "asked": asked["ticket"],
        "asked_key": asked["key"],
        "kept": first["id"],
        "stored": second["id"],
    }


def brought(
    centre: Centre, session: str, who: dict[str, str], *, fixed: bool = True
) -> dict[str, str]:
    """Somebody brings a device, and it is repaired or not; return visit, key and ticket."""
    body = {"devices": [KETTLE], **who}
    visit = centre.staff.post("booking", f"/sessions/{session}/walk-ins", body)
    ticket = at_bench(centre.staff, session, 3, visit["number"])
    found = {"findings": ["sensor"], "actions": ["replaced"]} if fixed else {}
    outcome = {"status": "Fixed" if fixed else "Repairable", **found}
    centre.staff.post("booking", f"/tickets/{ticket}/close", outcome)
    return {"id": visit["id"], "key": visit["key"], "ticket": ticket}


def displaced(centre: Centre, student: Account) -> dict[str, str]:
    """Volunteers of two sessions drop out: in one people lose their places, in the other they may."""
    lost, risky = centre.repair(at(3), crew=1), centre.repair(at(4), crew=1)
    mine = centre.booked(lost, student)
    centre.booked(risky)
    for session in (lost, risky):
        drop_all(centre, session)
    centre.staff.post("booking", f"/slots/{mine['slot_id']}/displace")
    return {"displaced": mine["id"]}


def drop_all(centre: Centre, session: str) -> None:
    """Everybody who has accepted drops out, and booking has heard of it."""
    for shift in acts.shifts_of(centre.staff, session):
        for one in shift["assignments"]:
            if one["state"] == "accepted":
                centre.staff.post("roster", f"/assignments/{one['id']}/drop")
    at_risk = f"/sessions/{session}/at-risk"
    eventually(lambda: centre.staff.get("booking", at_risk)["items"] or None, "places at risk")


def type_a_device(someone: Visitor) -> None:
    """Say what is broken, on the first page of a booking: the next ones need it."""
    page = someone.page
    page.evaluate(
        "() => document.querySelectorAll('details').forEach((one) => { one.open = true })"
    )
    someone.choose("[name=category_id][value='29']")
    page.fill("#f-brand", "美的 MK-HJ1708")
    page.fill("#f-problem", "不通电")
    with page.expect_navigation():
        page.locator("button[form=device]").click()


def enter(someone: Visitor, who: str, scene: dict[str, str]) -> None:
    """Sign in as somebody of the scene, or as one of the demo's people."""
    if who in scene:
        someone.sign_in(scene[who], PASSWORD)
    else:
        someone.sign_in(who)
