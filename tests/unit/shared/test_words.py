"""Small promises of the plumbing: names, codes, clocks, messages, cursors."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import clock, codes, pagination
from shared.auth import TokenKeys, ensure_keys
from shared.errors import Unauthorized
from shared.inbox import backoff
from shared.masking import masked_name
from shared.messages import Event, Unreadable, from_bytes
from shared.schemas import MESSAGES, say, searchable
from shared.tables import inbox

KEYS = [inbox.c.received_at, inbox.c.event_id]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三明", "张*明"),
        ("李雷", "李*"),
        ("王", "*"),
        ("", "*"),
        ("阿依古丽·买买提", "阿*提"),
        ("𠮷田光", "𠮷*光"),
        ("👩‍🔧小李", "👩‍🔧*李"),
        ("محمد", "م*د"),
    ],
)
def test_a_name_is_masked_by_what_a_reader_sees_as_letters(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_a_code_holds_for_its_minute_and_two_more() -> None:
    at = datetime(2026, 11, 25, 14, 0, 30, tzinfo=UTC)
    code = codes.rotating_code(b"k", "session-1", at)

    assert codes.verify_code(b"k", "session-1", code.lower(), at + timedelta(seconds=120))
    assert not codes.verify_code(b"k", "session-1", code, at + timedelta(seconds=180))
    assert not codes.verify_code(b"k", "session-2", code, at)


def test_a_naive_instant_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="names no offset"):
        clock.parse("2026-11-25T14:00:00")


def test_a_simulated_clock_runs_at_its_speed(tmp_path: Path) -> None:
    simulated = clock.Clock(clock.SIMULATED, tmp_path / "clock.json")
    simulated.set(datetime(2024, 9, 2, 8, 0, tzinfo=UTC), speed=3600)

    ahead = simulated.now() - datetime(2024, 9, 2, 8, 0, tzinfo=UTC)

    assert timedelta(0) <= ahead < timedelta(hours=12)


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()), st.text(min_size=1))
def test_an_event_survives_its_way_over_the_bus(data: dict[str, object], subject: str) -> None:
    event = Event("thing.made.v1", subject, 7, data, "/alpha")

    assert from_bytes(event.to_bytes()) == event


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'{"specversion":"1.0"}', b"\xff\xfe"])
def test_bytes_that_are_no_event_are_named_so(body: bytes) -> None:
    with pytest.raises(Unreadable):
        from_bytes(body)


def test_a_token_tells_who_bears_it_until_it_ends(tmp_path: Path) -> None:
    ensure_keys(tmp_path)
    keys = TokenKeys.load(tmp_path)

    person = keys.read(keys.mint("p1", frozenset({"student"})))
    assert (person.id, person.roles) == ("p1", {"student"})

    for bad in (keys.mint("p1", frozenset(), seconds=-60), "nonsense", "a.b.c"):
        with pytest.raises(Unauthorized):
            keys.read(bad)


def test_a_token_of_another_suite_is_refused(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "ours")
    ensure_keys(tmp_path / "theirs")
    theirs = TokenKeys.load(tmp_path / "theirs").mint("p1", frozenset({"admin"}))

    with pytest.raises(Unauthorized):
        TokenKeys.load(tmp_path / "ours").read(theirs)


def test_both_keys_are_accepted_while_they_are_rotated(tmp_path: Path) -> None:
    ensure_keys(tmp_path)
    old = TokenKeys.load(tmp_path).mint("p1", frozenset({"student"}))
    ensure_keys(tmp_path / "next")
    for kind in ("private", "public"):
        (tmp_path / "next" / f"1.{kind}.pem").rename(tmp_path / f"2.{kind}.pem")

    rotated = TokenKeys.load(tmp_path)

    assert rotated.read(old).id == "p1"
    assert rotated.read(rotated.mint("p2", frozenset({"student"}))).id == "p2"


def test_a_cursor_that_we_did_not_give_is_refused() -> None:
    for cursor in ("x", "W10", "bm9uc2Vuc2U"):
        with pytest.raises(pagination.BadCursor):
            pagination._read(cursor, KEYS)


def test_waits_grow_and_stay_bounded() -> None:
    waits = [backoff(attempt).total_seconds() for attempt in range(1, 40)]

    assert all(0 < wait <= 60 for wait in waits)
    assert min(waits[20:]) >= 30


def test_every_validation_message_speaks_both_languages() -> None:
    assert say("Missing data for required field.", "zh") == "请填写这一项。"
    assert say("Must be one of: a, b.", "en") == "Choose one of: a, b."
    for _, zh, en in MESSAGES:
        assert zh
        assert en


def test_names_are_compared_in_nfc_and_never_folded_further() -> None:
    assert searchable("Ｚｏë") == "ｚｏë"
    assert searchable("Zoe\u0308") == "zoë"
