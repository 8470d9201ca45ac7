"""A volunteer's week: shifts and free hours in the order of the clock, page by page, in both languages."""

from datetime import timedelta

import pytest

from services.web import dates
from shared.clock import parse
from tests.integration.web.conftest import Term


@pytest.mark.parametrize(("lang", "login"), [("zh", "volunteer6"), ("en", "volunteer7")])
def test_a_shift_stands_on_its_day_with_what_else_is_there(
    term: Term, lang: str, login: str
) -> None:
    session_id = term.plan("repair", title="这一周的维修")
    term.staff(session_id, login)
    starts = term.api("catalog", "GET", f"/sessions/{session_id}")["starts_at"]
    day = dates.local_day(parse(starts))
    hours = [{"weekday": day.isoweekday(), "starts": "07:00", "ends": "07:30"}]
    body = {"hours": hours}
    term.api("roster", "PUT", "/availability/mine/weekly", login, json=body)

    page = term.reader(login, lang).open(f"/me/week?day={day.isoformat()}")

    title = term.api("catalog", "GET", f"/sessions/{session_id}")["title"][lang]
    assert title in page.text
    assert page.text.index("07:00–07:30") < page.text.index(title)
    assert ("1 个班次" if lang == "zh" else "1 shift ") in page.text


def test_one_goes_from_week_to_week_and_back(term: Term) -> None:
    reader = term.reader("volunteer6")
    here = reader.open("/me/week")
    monday = dates.today() - timedelta(days=dates.today().weekday())
    after = (monday + timedelta(days=7)).isoformat()

    assert any(link == f"/me/week?day={after}" for link, _words in here.links)
    later = reader.open(f"/me/week?day={after}")
    assert ("/me/week", "回到这一周") in later.links


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_or_far_away_still_shows_a_week(term: Term, day: str) -> None:
    assert term.reader("volunteer6").open(f"/me/week?day={day}").status == 200


def test_a_student_is_told_that_the_week_is_not_theirs(term: Term) -> None:
    term.reader("student11").open("/me/week", 403)
