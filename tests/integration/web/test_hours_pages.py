"""The pages of hours without JavaScript: a correction, the table for a spreadsheet, what is taken along."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.web import dates
from shared import clock
from tests.integration.web.conftest import Term, fresh_term


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    yield from fresh_term(tmp_path_factory.mktemp("hours"))


def served(term: Term) -> str:
    """Let the demo's volunteer serve in a trial, which may be played before its day; return the assignment."""
    session = term.plan("repair", trial=True)
    term.staff(session)
    shift = term.api("roster", "GET", f"/sessions/{session}/shifts")["items"][0]
    id = str(shift["assignments"][0]["id"])
    for act, at in (("check-in", "starts_at"), ("check-out", "ends_at")):
        noted = {"occurred_at": shift[at]}
        term.api("roster", "POST", f"/assignments/{id}/{act}", json=noted)
    return id


def test_a_correction_keeps_both_entries_and_the_table_holds_no_formula(term: Term) -> None:
    id = served(term)
    coordinator = term.reader("coordinator")
    came = term.api("roster", "GET", f"/assignments/{id}")["starts_at"]
    half_past = dates.time(clock.parse(came) + timedelta(minutes=30))
    coordinator.open(f"/manage/hours/of/{id}")

    missing = coordinator.send(status=422, starts=half_past, reason="")
    done = coordinator.send(reason="=1+1")
    table = coordinator.client.get("/manage/hours.csv")

    assert "这一项要填" in missing.text
    assert "第 1 条 · 签到和签退" in done.text
    assert "第 2 条 · 更正" in done.text
    text = table.get_data(as_text=True)
    assert text.startswith("\ufeff")
    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    reasons = [row["更正的原因"] for row in rows]
    assert "'=1+1" in reasons
    assert {row["谁"] for row in rows} == {"欧阳修远"}
    assert all(row["取整规则"] for row in rows)


def test_what_is_taken_along_holds_every_entry_and_absence(term: Term) -> None:
    id = served(term)
    volunteer = term.reader("volunteer")

    taken = volunteer.client.get("/me/export.json").json

    assert id in {one["assignment_id"] for one in taken["hours"]}
    assert taken["absences"] == []
    assert all(one["entries"] for one in taken["hours"])
