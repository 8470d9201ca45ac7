"""What a coordinator does on the pages, without JavaScript, over the real services."""

from datetime import timedelta

import pytest

from services.web import dates
from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader

PAGES = [
    "/manage",
    "/manage/sessions",
    "/manage/sessions?state=draft&kind=training",
    "/manage/sessions/new",
    "/manage/offerings",
    "/manage/offerings/new",
    "/manage/venues",
    "/manage/venues/new",
    "/manage/programmes",
    "/manage/programmes/new",
    "/manage/people",
    "/manage/people?q=student&role=student",
    "/manage/people/new",
    "/manage/people/import",
    "/manage/deliveries",
    "/manage/skills",
    "/manage/deliveries?state=sent",
    "/desk",
]


@pytest.fixture
def coordinator(term: Term) -> Reader:
    return term.reader("coordinator")


def id_of(page_url: str) -> str:
    return page_url.split("/")[3].split("?", maxsplit=1)[0]


def day_in(days: int) -> str:
    return (dates.today() + timedelta(days=days)).isoformat()


def new_offering(term: Term, kind: str = "repair") -> str:
    words = {"kind": kind, "title": {"zh": "义务维修", "en": "Repair"}, "skill": "small_appliance"}
    return str(term.api("catalog", "POST", "/offerings", json=words)["id"])


def new_venue(term: Term) -> str:
    words = {"name": {"zh": "实训楼 203", "en": "Room 203"}, "stations": 3, "seats": 20}
    return str(term.api("catalog", "POST", "/venues", json=words)["id"])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_planning_opens_in_both_languages(term: Term, path: str, lang: str) -> None:
    page = term.reader("coordinator", lang).open(path)

    assert page.status == 200


@pytest.mark.parametrize("path", PAGES[:-1])
def test_a_student_is_told_that_planning_is_not_theirs(term: Term, path: str) -> None:
    page = term.reader("student11").open(path, 403)

    assert "这一页不是给你的" in page.text


def test_a_session_is_planned_and_published(term: Term, coordinator: Reader) -> None:
    offering, venue = new_offering(term), new_venue(term)
    coordinator.open(f"/manage/sessions/new?offering_id={offering}")

    coordinator.send(venue_id=venue, day=day_in(3), starts="14:00", ends="16:30", do="preview")
    page = coordinator.send(f"publish-{id_of(coordinator.page.url)}")

    assert "已发布" in page.text
    assert "14:00–16:30" in page.text


def test_a_weekly_series_is_looked_at_before_it_is_saved(term: Term, coordinator: Reader) -> None:
    offering, venue = new_offering(term), new_venue(term)
    coordinator.open(f"/manage/sessions/new?offering_id={offering}")

    looked = coordinator.send(
        venue_id=venue, day=day_in(30), starts="09:00", ends="11:00", repeat="weekly", count="3"
    )
    nothing_yet = term.api("catalog", "GET", "/sessions", params={"offering_id": offering})
    saved = coordinator.send(do="save", repeat="weekly", venue_id=venue)

    assert "会建这 3 场" in looked.text
    assert nothing_yet["items"] == []
    assert "一共 3 场" in saved.text


def test_staffing_rows_come_and_go_without_scripts(term: Term, coordinator: Reader) -> None:
    coordinator.open(f"/manage/sessions/new?offering_id={new_offering(term)}")
    before = coordinator.page.html.count('class="staff-row"')

    more = coordinator.send(do="add_row", day="2026-12-24").html
    fewer = coordinator.send(do="remove-0").html

    assert more.count('class="staff-row"') == before + 1
    assert fewer.count('class="staff-row"') == before
    assert 'value="2026-12-24"' in fewer


def test_a_wrong_time_is_said_at_its_field_and_the_rest_is_kept(
    term: Term, coordinator: Reader
) -> None:
    venue = new_venue(term)
    coordinator.open(f"/manage/sessions/new?offering_id={new_offering(term)}")

    page = coordinator.send(
        status=422, venue_id=venue, day=day_in(3), starts="16:00", ends="14:00", title_zh="迎新维修"
    )

    assert "结束要晚于开始" in page.text
    assert 'value="迎新维修"' in page.html


def test_changing_a_booked_session_counts_who_will_be_told_first(
    term: Term, coordinator: Reader
) -> None:
    session_id = term.plan("repair")
    term.staff(session_id, "volunteer2")
    coordinator.open(f"/manage/sessions/{session_id}/edit")

    review = coordinator.send(do="review", title_zh="改了名字的一场")
    saved = coordinator.send(do="confirm")

    assert "1 位志愿者" in review.text
    assert "改了名字的一场" in review.text
    assert "已保存" in saved.text
    assert "改了名字的一场" in saved.text


def test_taking_out_the_first_shift_leaves_people_on_the_second(
    term: Term, coordinator: Reader
) -> None:
    door = {"role": {"zh": "接待", "en": "Reception"}, "needed": 1, "at_most": 2}
    bench = {"role": {"zh": "维修", "en": "Repair"}, "skill": "small_appliance", "needed": 1}
    session_id = term.plan("repair", staffing=[door, bench])
    path = f"/sessions/{session_id}/shifts"
    term.until(lambda: len(term.api("roster", "GET", path, "coordinator")["items"]) == 2)
    shift = term.api("roster", "GET", path, "coordinator")["items"][1]
    person = term.api("identity", "GET", "/people/me", "volunteer2")["id"]
    term.until(lambda: term.is_known(person))
    skills = {"skills": ["small_appliance"]}
    term.api("roster", "PUT", f"/volunteers/{person}/skills", json=skills)
    taken = term.api("roster", "POST", f"/shifts/{shift['id']}/accept", "volunteer2")

    coordinator.open(f"/manage/sessions/{session_id}/edit")
    coordinator.send(do="remove-0")
    coordinator.send(do="review")
    coordinator.send(do="confirm")

    def left() -> list[tuple[str, list[str]]]:
        found = term.api("roster", "GET", path, "coordinator")["items"]
        return [
            (one["role"]["zh"], [each["id"] for each in one["assignments"]])
            for one in found
            if one["state"] == "open"
        ]

    term.until(lambda: left() == [("维修", [taken["id"]])])


def test_a_session_that_waits_for_its_minimum_says_so_to_coordinators_and_students(
    term: Term, coordinator: Reader
) -> None:
    session_id = term.plan("repair")
    coordinator.open(f"/manage/sessions/{session_id}/edit")

    review = coordinator.send(do="review", opens_when_staffed="1")
    saved = coordinator.send(do="confirm")

    assert "每个班次都够了才开放" in review.text
    assert "最少人数" in saved.text
    assert term.api("catalog", "GET", f"/sessions/{session_id}")["opens_when_staffed"] is True


def test_two_people_who_edit_the_same_venue_are_told(term: Term, coordinator: Reader) -> None:
    venue = new_venue(term)
    coordinator.open(f"/manage/venues/{venue}")
    other = term.reader("admin")
    other.open(f"/manage/venues/{venue}")
    other.send(stations="7")

    late = coordinator.send(status=412, stations="5")
    again = coordinator.send()

    assert "有人先保存了" in late.text
    assert "工位 7" in late.text
    assert "已保存" in again.text
    assert term.api("catalog", "GET", f"/venues/{venue}")["stations"] == 5


def test_cancelling_shows_who_will_be_told_and_asks_for_the_reason(
    term: Term, coordinator: Reader
) -> None:
    session_id = term.plan("repair")
    term.staff(session_id, "volunteer3")
    page = coordinator.open(f"/manage/sessions/{session_id}/cancel")
    form = len(page.forms) - 1

    refused = coordinator.send(form, status=422, do="confirm")
    done = coordinator.send(form, do="confirm", reason_zh="实训楼停电")

    assert "1 位志愿者" in refused.text
    assert "已取消" in done.text
    assert "实训楼停电" in done.text


def test_people_are_imported_after_a_look(term: Term, coordinator: Reader) -> None:
    coordinator.open("/manage/people/import")
    table = "姓名,账号,邮箱\n买买提·艾力,imp001,a@example.org\n,imp002,\n"

    looked = coordinator.send(csv=table, do="check")
    nobody = coordinator.open("/manage/people?q=imp001")
    coordinator.open("/manage/people/import")
    coordinator.send(csv=table, do="check")
    done = coordinator.send(do="import")

    assert "1 会新建" in looked.text
    assert "1 有问题" in looked.text
    assert "没有找到这个人" in nobody.text
    assert "已导入 1 人" in done.text
    assert "买买提·艾力" in coordinator.open("/manage/people?q=imp001").text


def test_somebody_at_the_desk_is_entered_and_booked(term: Term, coordinator: Reader) -> None:
    session_id = term.plan("repair")
    term.staff(session_id, "volunteer4")
    slot = term.api("booking", "GET", f"/sessions/{session_id}/slots")["slots"][0]
    coordinator.open(f"/manage/people/new?session_id={session_id}")

    coordinator.send(name="第一次来的人")
    page = coordinator.send(slot_id=slot["id"], category_id="14", brand="美的")

    assert "已替对方约好" in page.text
    assert "第一次来的人" in page.text


def test_a_training_is_marked_name_by_name(term: Term, coordinator: Reader) -> None:
    session_id = term.plan("training")
    term.api("booking", "POST", "/enrolments", "student", json={"session_id": session_id})
    page = coordinator.open(f"/manage/sessions/{session_id}/attendance")
    came = next(n for n, one in enumerate(page.forms) if one.action.endswith("/attended"))

    marked = coordinator.send(came)

    assert "1 / 1" in marked.text


def test_only_an_administrator_changes_roles(term: Term, coordinator: Reader) -> None:
    person = term.api("identity", "GET", "/people", params={"q": "student10"})["items"][0]
    page = coordinator.open(f"/manage/people/{person['id']}")
    admin = term.reader("admin")
    admin.open(f"/manage/people/{person['id']}")

    changed = admin.send(roles=["student", "volunteer"])

    assert "角色由管理员来改" in page.text
    assert "角色已保存" in changed.text
    assert "volunteer" in term.api("identity", "GET", f"/people/{person['id']}")["roles"]


def test_a_coordinator_assigns_a_volunteer_and_takes_them_off(
    term: Term, coordinator: Reader
) -> None:
    session_id = term.plan("repair")
    term.staff(session_id, "volunteer5")
    page = coordinator.open(f"/manage/sessions/{session_id}")
    assign = next(n for n, one in enumerate(page.forms) if one.action.endswith("/assign"))
    helper = term.api("identity", "GET", "/people", params={"q": "volunteer2"})["items"][0]
    skills = {"skills": ["small_appliance"]}
    term.api("roster", "PUT", f"/volunteers/{helper['id']}/skills", json=skills)

    there = coordinator.send(assign, person_id=helper["id"])
    drop = next(n for n, one in enumerate(there.forms) if one.action.endswith("/drop"))
    gone = coordinator.send(drop)

    assert "已排上" in there.text
    assert "已从班次上撤下" in gone.text


def test_the_lists_go_on_while_another_service_is_away(term: Term) -> None:
    session_id = term.plan("repair")
    reader = Reader(term.without("booking"))
    reader.sign_in("coordinator")

    page = reader.open(f"/manage/sessions/{session_id}")

    assert "预约服务暂时联系不上" in page.text


def test_a_skill_is_named_and_granted(term: Term, coordinator: Reader) -> None:
    coordinator.open("/manage/skills")
    person = term.api("identity", "GET", "/people/me", "volunteer3")

    named = coordinator.send(title_zh="缝纫机维修", title_en="Sewing machines")
    coordinator.open(f"/manage/people/{person['id']}")
    granted = coordinator.send(skills=["small_appliance", "sewing_machines"])

    assert "缝纫机维修" in named.text
    assert "技能已保存" in granted.text
    assert 'value="sewing_machines" checked' in granted.html
