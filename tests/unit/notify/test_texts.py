"""Every message in both languages: kind, complete, and as it was last looked at."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.notify.queries import texts
from shared.clock import iso

SNAPSHOTS = Path(__file__).parent / "snapshots"
WEDNESDAY = datetime(2026, 11, 25, 6, 45, tzinfo=UTC)
NUMBERED = ("turn_called", "repair_closed", "device_ready", "device_failed")
PARAMS: dict[str, Any] = {
    "part": "appointment",
    "title": {"zh": "小家电义务维修", "en": "Repair afternoon"},
    "venue": {"zh": "工程训练中心 · 101 室", "en": "Training centre · Room 101"},
    "zone": "Asia/Shanghai",
    "starts_at": iso(WEDNESDAY),
    "ends_at": iso(WEDNESDAY.replace(hour=7, minute=5)),
    "previous_starts_at": iso(WEDNESDAY.replace(day=24)),
    "expires_at": iso(WEDNESDAY.replace(hour=4)),
    "place": 2,
    "tag": "K0012",
    "code": "7KQ M4X",
    "days": 14,
    "number": "A021",
    "bench": 3,
    "status": "Fixed",
    "minutes": 150,
    "minutes_before": 120,
    "by": "self",
    "role": {"zh": "维修志愿者", "en": "Repairer"},
    "reason": {"zh": "停电检修", "en": "Power cut"},
}


NUMBERED = (
    "turn_called", "turn_missed", "turn_closed", "parts_waiting", "line_switched", "repair_closed",
)  # fmt: skip


def test_there_are_messages() -> None:
    assert len(texts.templates()) >= 15


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("template", sorted(texts.templates()))
def test_a_message_reads_as_it_was_last_looked_at(template: str, locale: str) -> None:
    parts = []
    for by in ("self", "staff", "session"):
        params = PARAMS | {"by": by}
        subject, body = (
            texts.subject(template, params, locale),
            texts.body(template, params, locale),
        )
        parts.append(f"{subject}\n\n{body}\n")
    written = "\n----\n".join(dict.fromkeys(parts))
    file = SNAPSHOTS / f"{template}.{locale}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(written, encoding="utf-8")

    assert written == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("template", sorted(texts.templates()))
def test_a_message_with_few_facts_has_no_gaps(template: str, locale: str) -> None:
    few = {k: PARAMS[k] for k in ("title", "venue", "zone", "starts_at", "ends_at")}
    number = {"number": "A021"} if template in NUMBERED else {}

    subject = texts.subject(template, few | number, locale)
    body = texts.body(template, few | number, locale)

    assert "None" not in subject + body
    assert "\n\n\n" not in body
    assert not [line for line in body.splitlines() if line.rstrip().endswith(("：", ": "))]


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_outcome_says_whether_the_device_may_go_home(locale: str) -> None:
    said = {
        care: texts.body("repair_closed", PARAMS | {"care": care}, locale)
        for care in ("test", "failed", "ready")
    }

    assert len(set(said.values())) == len(said)
    assert "安全测试" in said["test"] or "safety test" in said["test"]
    assert "取回" in said["ready"] or "collect" in said["ready"]
    assert "取回" not in said["test"]


def test_an_erased_message_without_any_facts_still_reads() -> None:
    for template in texts.templates():
        assert texts.subject(template, {}, "zh")


@pytest.mark.parametrize(
    ("locale", "words"), [("zh", "11 月 25 日 周三 14:45"), ("en", "Wed 25 Nov, 14:45")]
)
def test_a_date_is_written_as_people_write_it(locale: str, words: str) -> None:
    assert texts.moment(WEDNESDAY, "Asia/Shanghai", locale) == words


def test_a_text_that_lacks_english_falls_back_to_chinese() -> None:
    assert texts.local({"zh": "维修", "en": ""}, "en") == "维修"


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_reason_has_words(locale: str) -> None:
    for code in texts.REASONS:
        assert texts.reason(code, locale) != code
