"""The small parts of the front: dates, forms, objects out of JSON, ways back, tokens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask, g

from services.web import categories, dates, signin
from services.web.clients.base import BrokenAnswer, Text, read
from services.web.forms import Form
from services.web.i18n import _, _n
from shared import clock
from shared.http_client import Problem, Unavailable

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 at the venue, a Monday


@pytest.fixture
def english() -> Iterator[None]:
    with Flask("test").test_request_context():
        g.lang = "en"
        yield


@pytest.fixture
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.usefixtures("monday")
def test_a_day_is_shown_with_month_day_and_weekday() -> None:
    assert dates.day(date(2026, 11, 25)) == "11 月 25 日 周三"


@pytest.mark.usefixtures("monday")
def test_a_day_of_another_year_names_the_year() -> None:
    assert dates.day(date(2027, 1, 2)) == "2027 年 1 月 2 日 周六"


@pytest.mark.usefixtures("monday", "english")
def test_a_day_in_english_has_its_own_order() -> None:
    assert dates.day(date(2026, 11, 25)) == "Wed 25 Nov"


@pytest.mark.usefixtures("monday", "english")
def test_today_within_an_english_sentence_is_written_small() -> None:
    assert _("留到 %(when)s", when=dates.near_time(NOW)) == "Kept until today 10:00"
    assert dates.near_time(NOW) == "Today 10:00"
    assert _("留到 %(when)s", when="Today’s repairs") == "Kept until Today’s repairs"


@pytest.mark.usefixtures("monday")
def test_an_instant_is_shown_in_the_venues_zone() -> None:
    late = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)

    assert dates.near_time(late) == "明天 01:30"


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("day", "shown"), [(23, "今天"), (24, "明天"), (25, "后天"), (26, "11 月 26 日 周四")]
)
def test_near_days_have_names(day: int, shown: str) -> None:
    assert dates.near_day(date(2026, 11, day)) == shown


def test_minutes_become_hours() -> None:
    shown = [dates.duration(minutes) for minutes in (45, 60, 150)]

    assert shown == ["45 分钟", "1 小时", "2 小时 30 分钟"]


@pytest.mark.usefixtures("english")
def test_english_counts_have_two_forms() -> None:
    shown = [_n("前面 %(n)s 位", 1), _n("前面 %(n)s 位", 2)]

    assert shown == ["1 person ahead", "2 people ahead"]


@pytest.mark.usefixtures("english")
def test_a_text_without_english_stays_as_it_is() -> None:
    assert _("没有人翻译过这一句") == "没有人翻译过这一句"


@dataclass(frozen=True)
class Thing:
    id: str
    title: Text
    starts_at: datetime
    reason: Text | None
    parts: tuple[int, ...] = ()


JSON = {
    "id": "1",
    "title": {"zh": "修", "en": "Mend"},
    "starts_at": "2026-11-23T02:00:00Z",
    "reason": None,
    "news": "a field we do not know",
}


def test_json_becomes_a_small_object() -> None:
    assert read(Thing, JSON) == Thing("1", Text("修", "Mend"), NOW, None)


def test_a_missing_field_is_refused() -> None:
    broken = {name: value for name, value in JSON.items() if name != "title"}

    with pytest.raises(BrokenAnswer, match="Thing without title"):
        read(Thing, broken)


def test_a_refusal_lands_on_the_fields_of_the_form() -> None:
    form = Form({"slot": "s1", "name": "张明"}, posted=True)

    with form.sending({"slot_id": "slot"}):
        raise Problem(409, "slot_full", "这个时段刚刚约满了。", {"slot_id": ["请换一个时段。"]})

    assert (form.status, form.summary) == (409, "这个时段刚刚约满了。")
    assert form.errors == {"slot": ["请换一个时段。"]}
    assert form["name"] == "张明"


def test_a_silent_service_keeps_what_was_typed() -> None:
    form = Form({"name": "张明"}, posted=True)

    with form.sending():
        raise Unavailable("booking")

    assert form.status == 503
    assert form.summary is not None
    assert "你填的内容还在" in form.summary
    assert form["name"] == "张明"


def test_a_refusal_that_is_no_form_matter_goes_on() -> None:
    form = Form()

    with pytest.raises(Problem), form.sending():
        raise Problem(404, "not_found", "")


def test_a_form_keeps_its_key_when_it_comes_back() -> None:
    assert Form({"idempotency_key": "k1"}).key == "k1"
    assert len(Form().key) == 36


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "",
        None,
        "/\t/evil.example",
        "/\n/evil.example",
    ],
)
def test_the_way_back_never_leaves_the_site(target: str | None) -> None:
    assert signin.safe_next(target) == "/"


def test_the_way_back_keeps_its_query() -> None:
    assert signin.safe_next("/sessions?day=2026-11-25") == "/sessions?day=2026-11-25"


def test_a_token_is_renewed_before_it_ends() -> None:
    at = [1000.0]
    cache = signin.TokenCache(clock=lambda: at[0])
    cache.put("k", "token", 300)

    at[0] += 269
    assert cache.get("k") is not None

    at[0] += 2
    assert cache.get("k") is None


def test_a_token_ends_by_the_clock_of_the_suite_whatever_the_machine_counted(
    tmp_path: Path,
) -> None:
    simulated = clock.configure(clock.SIMULATED, tmp_path / "clock.json")
    try:
        simulated.set(clock.parse("2026-11-20T08:00:00Z"))
        cache = signin.TokenCache()
        cache.put("k", "token", 300)
        assert cache.get("k") is not None

        simulated.set(clock.parse("2026-11-20T08:05:00Z"))

        assert cache.get("k") is None
    finally:
        clock.configure(clock.REAL)


def test_all_forty_categories_of_the_standard_can_be_chosen() -> None:
    assert sorted(one.id for one in categories.CATEGORIES) == list(range(1, 41))


def test_common_categories_come_first_and_only_once() -> None:
    few = categories.common()

    rest = [one for _name, members in categories.groups((), few) for one in members]

    assert len(few) + len(rest) == 40
    assert not set(few) & set(rest)


def test_a_session_for_few_kinds_shows_only_these() -> None:
    assert [one.id for one in categories.common([14, 15])] == [14, 15]
    assert categories.groups([14, 15], categories.common([14, 15])) == []
