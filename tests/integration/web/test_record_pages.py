"""The coordinator's search: names joined, filters kept, files streamed, kind when a service is away."""

import io
from zipfile import ZipFile

import pytest

from services.web import dates
from shared import clock
from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader


@pytest.fixture(scope="module")
def session(term: Term) -> str:
    """A session that runs, with one device closed by a volunteer and one that waits."""
    found = term.plan("repair", hours=1)
    devices = [{"category_id": 14, "brand": "=美的 <b>"}]
    for name in ("买买提·艾则孜", "周先生"):
        given = {"name": name, "devices": devices}
        term.api("booking", "POST", f"/sessions/{found}/walk-ins", json=given)
    called = term.api("booking", "POST", f"/sessions/{found}/call-next", json={"bench": 1})
    ticket = called["devices"][0]["id"]
    term.api("booking", "POST", f"/tickets/{ticket}/start", json={"bench": 1})
    term.api("booking", "POST", f"/tickets/{ticket}/close", json={"status": "Fixed"})
    return found


def test_records_are_found_with_names_and_their_outcome(term: Term, session: str) -> None:
    page = term.reader("coordinator").open(f"/manage/records?session_id={session}")

    assert "买买提·艾则孜" in page.text
    assert "=美的 <b>" in page.text
    assert "修好了" in page.text
    assert "2 件物品" in page.text


def test_a_filter_narrows_and_stays_filled_in(term: Term, session: str) -> None:
    reader = term.reader("coordinator", "en")

    page = reader.open(f"/manage/records?session_id={session}&outcome=Fixed&q=kettle")
    none = reader.open(f"/manage/records?session_id={session}&q=nothing")

    assert "1 device" in page.text
    assert 'value="Fixed" selected' in page.html
    assert "There are no such records" in none.text


def test_names_fall_back_to_numbers_while_identity_is_away(term: Term, session: str) -> None:
    signed_in, cut = term.reader("coordinator"), Reader(term.without("identity"))
    cut.client.application.extensions["tokens"] = term.app.extensions["tokens"]
    cut.client._cookies = signed_in.client._cookies

    page = cut.open(f"/manage/records?session_id={session}")

    assert "登录服务暂时联系不上" in page.text
    assert "B001" in page.text


@pytest.mark.parametrize(("kind", "begins"), [("csv", b"\xef\xbb\xbf"), ("ords", b"id,data_prov")])
def test_what_is_filtered_comes_as_a_file(
    term: Term, session: str, kind: str, begins: bytes
) -> None:
    client = term.reader("coordinator").client

    answer = client.get(f"/manage/records/files/{kind}?session_id={session}&outcome=Fixed")

    assert answer.data.startswith(begins)
    assert answer.data.count(b"\n") == 2
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_workbook_comes_whole_through_the_front(term: Term, session: str) -> None:
    client = term.reader("coordinator").client

    answer = client.get(f"/manage/records/files/xlsx?session_id={session}")

    assert "xl/worksheets/sheet1.xml" in ZipFile(io.BytesIO(answer.data)).namelist()


def test_a_stranger_and_a_student_get_no_file(term: Term, session: str) -> None:
    assert term.reader("student").client.get("/manage/records/files/csv").status_code == 403
    assert term.reader().client.get("/manage/records/files/csv").status_code == 303


def test_a_booking_to_come_reads_its_time_and_no_missing_number(term: Term) -> None:
    coming = term.plan("repair")
    term.staff(coming)
    slots = term.api("booking", "GET", f"/sessions/{coming}/slots")["slots"]
    wish = {"slot_id": slots[1]["id"], "devices": [{"category_id": 14}]}
    term.api("booking", "POST", "/appointments", "student12", json=wish)
    reader = term.reader("coordinator")

    page = reader.open(f"/manage/records?period=all&session_id={coming}")

    when = dates.time(clock.parse(slots[1]["starts_at"]))
    assert f'<span class="s">{when}，还没到</span>' in page.html
    assert "没有号码" not in page.text
