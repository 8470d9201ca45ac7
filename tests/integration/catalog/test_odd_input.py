"""Input that nobody types and somebody sends: it is refused, and never breaks anything, on both databases."""

import pytest

from tests.integration.catalog.planning import Planning, errors

ODD_CURSORS = ["W10", "WzEsMl0", "eyJhIjoxfQ", "WzFd", "\x00", "ö"]


@pytest.mark.parametrize("path", ["/sessions", "/offerings", "/venues", "/programmes"])
def test_a_zero_byte_finds_nothing(planning: Planning, path: str):
    assert planning.staff.get(f"{path}/%00").status_code in {404, 422}


@pytest.mark.parametrize("cursor", ODD_CURSORS)
def test_a_page_marker_that_we_never_gave_is_refused(planning: Planning, cursor: str):
    for path in ("/sessions", "/offerings"):
        answer = planning.staff.get(path, cursor=cursor)
        assert (answer.status_code, answer.json["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize("year", ["0001", "1950", "9999"])
def test_years_far_away_are_refused(planning: Planning, year: str):
    times = {"starts_at": f"{year}-12-30T06:00:00Z", "ends_at": f"{year}-12-30T09:00:00Z"}

    for path, more in (("/sessions", {}), ("/series", {"weekly": {"count": 5}})):
        answer = planning.staff.post(path, planning.asked(**times, **more))
        assert set(errors(answer)) == {"#/starts_at", "#/ends_at"}
    assert planning.staff.get(
        "/sessions", **{"from": f"{year}-01-01T00:00:00+08:00"}
    ).status_code in {
        200,
        422,
    }


@pytest.mark.parametrize(
    "changes",
    [{"benches": 10**18}, {"slot_minutes": 10**18}, {"benches": -1}, {"offering_id": "\x00"}],
)
def test_numbers_and_ids_that_fit_nowhere_are_refused(planning: Planning, changes: dict):
    assert planning.staff.post("/sessions", planning.asked(**changes)).status_code == 422


def test_a_zone_that_does_not_exist_is_refused(planning: Planning):
    answer = planning.staff.post("/venues", {"name": {"zh": "月球"}, "zone": "../etc/passwd"})

    assert list(errors(answer)) == ["#/zone"]


def test_what_is_no_json_is_refused(planning: Planning):
    broken = planning.staff.call(
        "POST", "/venues", data=b'{"name":', content_type="application/json"
    )
    a_list = planning.staff.post("/venues", [1])

    assert (broken.status_code, a_list.status_code) == (400, 422)
