"""Records of service hours on the pages and on paper: issued, printed, scanned, replaced, revoked."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from services.web import dates
from shared import clock
from tests.integration.web.conftest import Term, fresh_term
from tests.integration.web.pages import Reader

TODAY = dates.today


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    yield from fresh_term(tmp_path_factory.mktemp("records"))


@pytest.fixture
def coordinator(term: Term) -> Reader:
    return term.reader("coordinator")


def days() -> str:
    """The period of today's service: shortly after midnight it began yesterday."""
    return f"first={TODAY() - timedelta(days=1)}&last={TODAY()}"


def serve(term: Term, login: str) -> int:
    """Let a volunteer serve today, once; return the minutes that the ledger has of them.

    Volunteers 4, 6 and 7: other tests want their people free at this hour.
    """
    if served := int(term.api("roster", "GET", "/hours/mine", login)["total_minutes"]):
        return served
    session_id = term.plan("repair", hours=0)
    person = term.api("identity", "GET", "/people/me", login)["id"]
    term.until(lambda: term.is_known(person))
    shift = term.until(lambda: term.first_shift(session_id))
    skills = {"skills": ["small_appliance"]}
    term.api("roster", "PUT", f"/volunteers/{person}/skills", json=skills)
    body = {"person_id": person}
    taken = term.api("roster", "POST", f"/shifts/{shift['id']}/accept", json=body)
    starts = clock.parse(shift["starts_at"])
    came = {"occurred_at": clock.iso(starts - timedelta(minutes=50))}
    term.api("roster", "POST", f"/assignments/{taken['id']}/check-in", json=came)
    term.api("roster", "POST", f"/assignments/{taken['id']}/check-out", json={})
    return int(term.api("roster", "GET", "/hours/mine", login)["total_minutes"])


def issue(term: Term, coordinator: Reader, login: str) -> dict[str, Any]:
    """Issue today's record for somebody on the page; return it as it is kept."""
    person = term.api("identity", "GET", "/people/me", login)["id"]
    coordinator.open(f"/manage/service-records?{days()}")
    coordinator.send("issue", person=person, do="issue", responsible="周慧老师")
    found = term.api("roster", "GET", "/records", params={"person_id": person, "state": "valid"})
    return dict(found["items"][0])


def picture_of(sheet: bytes) -> Any:
    """Draw the first page of a PDF as a printer would."""
    return pypdfium2.PdfDocument(sheet)[0].render(scale=3).to_pil()


def test_the_sum_on_paper_is_the_ledgers_and_the_code_leads_to_a_page_that_says_valid(
    term: Term, coordinator: Reader
) -> None:
    minutes = serve(term, "volunteer4")
    record = issue(term, coordinator, "volunteer4")

    answer = term.reader("volunteer4").client.get(f"/me/records/{record['id']}/sheet.pdf")
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)

    assert answer.mimetype == "application/pdf"
    assert record["number"] in words
    assert record["printed"]["name"] in words
    assert "周慧老师" in words
    assert f"（{minutes} 分钟）" in words
    (code,) = zxingcpp.read_barcodes(picture_of(answer.data))
    path = re.sub(r"^https?://[^/]+", "", code.text)
    page = term.reader(None).open(path)
    assert "有效" in page.text
    assert record["printed"]["name"] not in page.text
    assert record["number"] not in page.text


def test_a_revoked_record_says_so_to_who_scans_it_and_on_paper(
    term: Term, coordinator: Reader
) -> None:
    serve(term, "volunteer6")
    record = issue(term, coordinator, "volunteer6")
    coordinator.open(f"/manage/service-records?{days()}")

    form = next(
        n for n, one in enumerate(coordinator.page.forms) if record["id"] in (one.action or "")
    )
    page = coordinator.send(form, reason="名字写错了")

    assert "已作废" in page.text
    assert "名字写错了" in page.text
    assert "这份记录单已经作废" in term.reader(None).open(f"/verify/{record['code']}").text
    sheet = coordinator.client.get(f"/manage/service-records/{record['id']}/sheet.pdf")
    assert "已作废" in PdfReader(io.BytesIO(sheet.data)).pages[0].extract_text()


def test_a_code_that_nobody_printed_is_no_record_in_both_languages(term: Term) -> None:
    assert "没有这份记录单" in term.reader(None).open("/verify/made-up", 404).text
    assert "no such record" in term.reader(None, "en").open("/verify/made-up", 404).text


def test_another_volunteer_does_not_get_my_sheet(term: Term, coordinator: Reader) -> None:
    serve(term, "volunteer7")
    record = issue(term, coordinator, "volunteer7")

    answer = term.reader("volunteer4").client.get(f"/me/records/{record['id']}/sheet.pdf")

    assert answer.status_code == 404
    assert record["number"] in term.reader("volunteer7").open("/me/records").text


def test_a_name_that_the_typeface_lacks_is_told_by_its_points_and_kept_whole_on_the_page(
    term: Term,
) -> None:
    minutes = serve(term, "volunteer7")
    person = term.api("identity", "GET", "/people/me", "volunteer7")["id"]
    body = {
        "first": (TODAY() - timedelta(days=2)).isoformat(),
        "last": TODAY().isoformat(),
        "people": [{"person_id": person, "name": "𠮷野·买买提"}],
        "details": {"organiser": "工程训练中心"},
    }
    made = term.api("roster", "POST", "/records", json=body)["items"][0]

    sheet = term.reader("volunteer7").client.get(f"/me/records/{made['record_id']}/sheet.pdf")
    words = PdfReader(io.BytesIO(sheet.data)).pages[0].extract_text()

    assert minutes >= 50
    assert "野·买买提" in words
    assert "U+20BB7" in words
    page = term.reader("coordinator").open(f"/manage/service-records?{days()}")
    assert "𠮷野·买买提" in page.text


def test_days_ahead_keep_what_was_typed_and_say_why(term: Term, coordinator: Reader) -> None:
    ahead = (TODAY() + timedelta(days=3)).isoformat()

    page = coordinator.open(f"/manage/service-records?first={TODAY().isoformat()}&last={ahead}")

    assert "还没有过完的日子不能开记录单" in page.text
    assert f'value="{ahead}"' in page.html
