"""Every page, at the sizes it is made for, in both languages: heading, labels, width, contrast, language."""

from collections.abc import Callable
from typing import Any

import pytest

from deploy import acts
from tests.browser.centre import Centre
from tests.browser.visitor import Visitor
from tests.support.browser import DESK, PHONE, WALL

PUBLIC = (
    "/",
    "/sessions",
    "/sessions?kind=training",
    "/privacy",
    "/impact",
    "/sign-in",
    "/register",
    "/forgot",
)
STUDENT = (
    "/",
    "/me",
    "/me/inbox",
    "/me/contact",
    "/me/password",
    "/me/privacy",
    "/me/delete",
    "/sessions/{repair}",
    "/sessions/{repair}/book",
    "/sessions/{training}",
    "/places/{place}",
    "/places/{place}/move",
    "/places/{place}/cancel",
    "/calendar/appointments/{place}",
    "/places/{waiting}",
    "/sign-out",
)
BENCH = (
    "/desk/{repair}/tickets/{ticket}",
    "/desk/{repair}/tickets/{ticket}/work",
    "/desk/{repair}/tickets/{ticket}/parts",
    "/desk/{repair}/tickets/{ticket}/test",
    "/desk/{repair}/tickets/{ticket}/close?then=ticket",
    "/desk/{repair}/tickets/{failed}",
    "/desk/{repair}/tickets/{failed}/hand-back",
    "/desk/{repair}/tickets/{gone}",
)
VOLUNTEER = ("/shifts", "/me", "/me/hours", "/desk/{repair}", *BENCH)
COORDINATOR = (
    "/manage",
    "/manage/sessions",
    "/manage/sessions/new",
    "/manage/sessions/new?offering_id={offering}",
    "/manage/sessions/{repair}",
    "/manage/sessions/{repair}/edit",
    "/manage/sessions/{repair}/cancel",
    "/manage/sessions/{repair}/book",
    "/manage/sessions/{training}",
    "/manage/sessions/{training}/attendance",
    "/manage/offerings",
    "/manage/offerings/new",
    "/manage/offerings/{offering}",
    "/manage/offerings/{offering}/policy",
    "/manage/calendar",
    "/manage/calendar/new",
    "/manage/venues",
    "/manage/venues/new",
    "/manage/waits",
    "/manage/records?period=all",
    "/manage/records?q=zzz",
    "/manage/impact",
    "/manage/records/import",
    "/manage/impact?period=all",
    "/manage/safety-limits",
    "/manage/programmes",
    "/manage/programmes/new",
    "/manage/people",
    "/manage/people/new",
    "/manage/people/import",
    "/manage/deliveries",
    "/manage/at-risk",
    "/manage/displays",
    "/desk",
)
DESK_PAGES = (
    "/desk/{repair}",
    "/desk/{repair}/walk-in",
    "/desk/{repair}/keys",
    "/desk/{repair}/visits/{queued}",
    "/desk/{repair}/paused",
    "/manage/line/sessions/{repair}",
    "/manage/line/offerings/{offering}",
    "/desk/{repair}/conflicts",
    "/desk/{repair}/sheet",
    "/desk/{repair}/type-in",
    "/desk/{repair}/tickets/{ticket}/close",
    *BENCH,
)
READINGS = {
    "protection_class": "I",
    "visual_ok": True,
    "polarity": "right",
    "insulation_mohm": 150,
    "leakage_ma": 0.4,
    "instrument": "Benning ST 725",
}
DATA = (
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
)


@pytest.fixture(scope="module")
def scene(centre: Centre) -> dict[str, str]:
    """A session that runs, with somebody booked, somebody waiting and a device at a bench."""
    session = centre.repair(crew=1)
    shift = acts.shifts_of(centre.staff, session)[0]["id"]
    mine = {"person_id": centre.person("volunteer").id}
    centre.staff.post("roster", f"/shifts/{shift}/accept", mine)
    student = centre.person("student")
    place = centre.booked(session, student, late=True)
    staff = centre.staff
    first = staff.post(
        "booking",
        f"/sessions/{session}/walk-ins",
        {"name": "马丽娜", "devices": [{"category_id": 29}]},
    )
    waiting = staff.post(
        "booking",
        f"/sessions/{session}/walk-ins",
        {"name": "宋雨", "devices": [{"category_id": 15}]},
    )
    called = staff.post("booking", f"/sessions/{session}/call-next", {"bench": 1})
    assert called["number"] == first["number"]
    ticket = called["devices"][0]["id"]
    staff.post("booking", f"/tickets/{ticket}/start", {"bench": 1})
    failed, gone = after_safety_tests(centre, session)
    training = centre.training(seats=1)
    centre.enrol(training, centre.person("student2"))
    centre.enrol(training, student)
    return {
        "repair": session,
        "training": training,
        "place": place["id"],
        "waiting": f"{waiting['id']}?key={waiting['key']}",
        "queued": waiting["id"],
        "ticket": ticket,
        "failed": failed,
        "gone": gone,
        "offering": centre.offerings["appliances"],
    }


def after_safety_tests(centre: Centre, session: str) -> tuple[str, str]:
    """Return a device that has failed its safety test, and one that has gone home."""
    staff, tester = centre.staff, centre.person("volunteer")
    found = []
    for ohm in (0.9, 0.1):
        body = {"name": "陈立", "devices": [{"category_id": 40}]}
        number = staff.post("booking", f"/sessions/{session}/walk-ins", body)["number"]
        place = {"bench": 2, "number": number}
        visit = staff.post("booking", f"/sessions/{session}/call-next", place)
        path = f"/tickets/{visit['devices'][0]['id']}"
        staff.post("booking", f"{path}/start", {"bench": 2})
        part = {"name": "温控器 KSD301", "source": "centre", "cost_cents": 320}
        staff.post("booking", f"{path}/parts", part)
        outcome = {"status": "Fixed", "findings": ["sensor"], "actions": ["replaced"]}
        staff.post("booking", f"{path}/close", outcome)
        tester.post("booking", f"{path}/safety-tests", READINGS | {"earth_ohm": ohm})
        found.append(path.rsplit("/", 1)[1])
    staff.post("booking", f"/tickets/{found[1]}/hand-back", {})
    return found[0], found[1]


def look_at(someone: Visitor, pages: tuple[str, ...], scene: dict[str, str]) -> None:
    """Visit the pages; say what is wrong with each of them."""
    wrong = []
    for page in pages:
        try:
            someone.go(page.format(**scene))
            if someone.lang == "zh":  # the same elements and colours in both languages
                someone.accessible()
        except AssertionError as problem:
            wrong.append(str(problem).split("\nassert ")[0])
    assert not wrong, "\n".join(wrong)


WHO = {
    "a stranger": (None, PHONE, PUBLIC),
    "a student": ("student", PHONE, STUDENT),
    "a volunteer": ("volunteer", PHONE, VOLUNTEER),
    "a coordinator": ("coordinator", DESK, (*COORDINATOR, *DESK_PAGES)),
    "a coordinator with a phone": ("coordinator", PHONE, COORDINATOR),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("who", WHO)
def test_every_page_is_whole_and_accessible(
    visitor: Callable[..., Visitor], scene: dict[str, str], who: str, lang: str
) -> None:
    login, size, pages = WHO[who]
    someone = visitor(login, size=size, lang=lang, data=DATA)

    look_at(someone, pages, scene)


def test_the_wall_and_dark_pages_are_accessible(
    visitor: Callable[..., Visitor], scene: dict[str, Any]
) -> None:
    wall = visitor("coordinator", size=WALL)
    night = visitor("student", dark=True)

    look_at(wall, ("/wall/{repair}",), scene)
    look_at(night, ("/", "/sessions/{repair}", "/places/{place}", "/me"), scene)
