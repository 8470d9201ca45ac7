"""The term calendar: terms that fit together, told to whoever keeps a copy."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.integration.catalog.planning import Planning, text


def term(**given: Any) -> dict[str, Any]:
    """Return the autumn term with its holiday and its moved working day."""
    return {
        "name": text("2026–2027 学年秋季学期", "Autumn term"),
        "starts_on": "2026-09-07",
        "weeks": 20,
        "exam_weeks": [20, 19],
        "holidays": [{"from": "2026-10-01", "to": "2026-10-07", "name": text("国庆节")}],
        "moved_days": [{"date": "2026-10-10", "follows": 2, "name": text("国庆调休")}],
        "sections": [section("08:00", "08:45"), section("08:55", "09:40")],
        **given,
    }


def section(starts: str, ends: str) -> dict[str, str]:
    """Return when a lesson of the day begins and ends."""
    return {"starts": starts, "ends": ends}


def wrong(answer: Any) -> set[str]:
    """Return the fields that were refused."""
    assert answer.status_code == 422, answer.json
    return {one["pointer"].removeprefix("#/") for one in answer.json["errors"]}


def test_a_term_is_kept_and_told(planning: Planning) -> None:
    made = planning.made("/terms", **term())

    assert made["ends_on"] == "2027-01-24"
    assert made["exam_weeks"] == [19, 20]
    told = planning.catalog.announced("calendar.changed.v1")[-1]
    assert (told.subject, told.version) == (made["id"], 1)
    assert told.data["moved_days"][0]["follows"] == 2
    assert told.data["sections"][1] == section("08:55", "09:40")
    assert planning.catalog.client().get("/terms").json["items"] == [made]


def test_a_term_is_changed_against_the_version_one_has_seen(planning: Planning) -> None:
    made = planning.made("/terms", **term())
    path = f"/terms/{made['id']}"

    assert planning.staff.put(path, term(weeks=21), if_match=1).json["version"] == 2
    assert planning.staff.put(path, term(weeks=22), if_match=1).status_code == 412
    assert planning.staff.put(path, term(weeks=22)).status_code == 428


def test_a_term_that_does_not_fit_together_is_refused_field_by_field(planning: Planning) -> None:
    holidays = [{"from": "2026-10-07", "to": "2026-10-01", "name": text("国庆节")}]
    moved = [
        {"date": "2026-10-10", "follows": 6, "name": text("调休")},
        {"date": "2027-05-01", "follows": 2, "name": text("调休")},
    ]
    asked = term(starts_on="2026-09-08", exam_weeks=[25], holidays=holidays, moved_days=moved)

    assert wrong(planning.staff.post("/terms", asked)) == {
        "starts_on",
        "exam_weeks/0",
        "holidays/0/to",
        "moved_days/0/follows",
        "moved_days/1/date",
    }


def test_sections_end_after_they_begin_one_after_the_other(planning: Planning) -> None:
    backwards = [section("08:45", "08:00")]
    crossing = [section("08:00", "08:45"), section("08:40", "09:25")]
    no_times = [section("8:00", "24:10")]

    asked = [term(sections=given) for given in (backwards, crossing, no_times)]

    assert [wrong(planning.staff.post("/terms", one)) for one in asked] == [
        {"sections/0/ends"},
        {"sections/1/starts"},
        {"sections/0/starts", "sections/0/ends"},
    ]


def test_terms_never_overlap_even_when_added_at_once(planning: Planning) -> None:
    starts = ("2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28")

    with ThreadPoolExecutor(4) as pool:
        asked = [term(starts_on=start, holidays=[], moved_days=[]) for start in starts]
        answers = list(pool.map(lambda body: planning.staff.post("/terms", body), asked))

    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    assert len(planning.catalog.client().get("/terms").json["items"]) == 1


def test_an_archived_term_leaves_room_for_another(planning: Planning) -> None:
    made = planning.made("/terms", **term())

    planning.staff.post(f"/terms/{made['id']}/archive")

    assert planning.made("/terms", **term())["version"] == 1
    assert planning.staff.put(f"/terms/{made['id']}", term(), if_match=2).status_code == 409


def test_students_read_the_calendar_and_do_not_write_it(planning: Planning) -> None:
    student = planning.catalog.as_("student")

    assert student.get("/terms").status_code == 200
    assert student.post("/terms", term()).status_code == 403
