"""The pages of impact and the printed one: the same figures for everybody, in both languages."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from services.web import dates
from tests.integration.web.conftest import Term


@pytest.fixture(scope="module", autouse=True)
def repaired(term: Term) -> None:
    """Three kettles at the desk: two fixed, one not."""
    session = term.plan("repair", hours=1)
    for status in ("Fixed", "Fixed", "End of life"):
        given = {"name": "周先生", "devices": [{"category_id": 14}]}
        term.api("booking", "POST", f"/sessions/{session}/walk-ins", json=given)
        called = term.api("booking", "POST", f"/sessions/{session}/call-next", json={"bench": 1})
        ticket = called["devices"][0]["id"]
        term.api("booking", "POST", f"/tickets/{ticket}/start", json={"bench": 1})
        term.api("booking", "POST", f"/tickets/{ticket}/close", json={"status": status})


def test_a_stranger_sees_the_figures_of_the_year_and_no_name(term: Term) -> None:
    page = term.reader().open("/impact")

    assert "一起修好了多少" in page.text
    assert "电热水壶" in page.text
    assert "周先生" not in page.html
    assert 'role="img" aria-label="修好了' in page.html


def test_the_coordinator_chooses_days(term: Term) -> None:
    reader = term.reader("coordinator", "en")

    assert "By kind of device" in reader.open("/manage/impact?period=all").text
    assert (
        "No outcomes in these days yet"
        in reader.open("/manage/impact?from=2020-01-01&to=2020-01-02").text
    )
    assert "Kettle" in reader.open("/manage/impact?from=nonsense&to=").text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_printed_page_is_one_page_with_the_numbers_of_the_screen(term: Term, lang: str) -> None:
    found = term.api("booking", "GET", "/impact")
    client = term.reader(lang=lang).client

    answer = client.get("/impact/report.pdf?period=all", headers={"Accept-Language": lang})

    assert answer.mimetype == "application/pdf"
    [page] = PdfReader(io.BytesIO(answer.data)).pages
    text = re.sub(r"\s+", " ", page.extract_text())
    rate, weight = found["rate"], found["kilograms"]
    kettle = next(one for one in found["categories"] if one["category_id"] == 14)
    for expected in (
        f"{found['fixed']}",
        f"{rate['share']:.0%}",
        f"{rate['low'] * 100:.0f}–{rate['high'] * 100:.0f}%",
        f"{weight['usual']:.1f}" if weight["usual"] < 10 else f"{weight['usual']:.0f}",
        f"{kettle['fixed']} / {kettle['devices']}",
        {"zh": "一起修好了多少", "en": "Mended together"}[lang],
        {"zh": "电热水壶", "en": "Kettle"}[lang],
        "CC BY-SA 4.0",
    ):
        assert expected in text, (expected, text)
    fonts = {font["/BaseFont"] for font in _fonts(page)}
    assert fonts
    assert all("+NotoSansSC" in str(name) for name in fonts)


def _fonts(page: object) -> list[dict[str, object]]:
    found = page["/Resources"]["/Font"]  # type: ignore[index]  # a page of pypdf reads like a dictionary
    return [one.get_object() for one in found.values() if "NotoSans" in str(one.get_object())]


def test_a_period_without_outcomes_prints_too(term: Term) -> None:
    answer = term.reader().client.get("/impact/report.pdf?from=2020-01-01&to=2020-12-31")

    [page] = PdfReader(io.BytesIO(answer.data)).pages
    assert "2020 年 1 月 1 日" in page.extract_text()


def test_while_booking_is_away_the_page_says_so(term: Term) -> None:
    assert term.without("booking").test_client().get("/impact").status_code == 503


@pytest.mark.usefixtures("no_terms")
def test_this_term_is_the_one_of_the_calendar(term: Term) -> None:
    monday = dates.today() - timedelta(days=dates.today().weekday(), weeks=1)
    words = {"name": {"zh": "短学期", "en": "Short term"}}
    made = {**words, "starts_on": monday.isoformat(), "weeks": 3}
    term.api("catalog", "POST", "/terms", json=made)

    page = term.reader("coordinator").open("/manage/impact?period=term")

    assert f"{dates.day(monday)} – {dates.day(monday + timedelta(days=20))}" in page.text
