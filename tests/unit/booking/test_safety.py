"""What readings say: pass or fail against limits, what may be missing and what may not."""

from typing import Any

import pytest

from services.booking.models.repair_codes import CODES, KINDS
from services.booking.models.safety import Readings, SafetyLimit, missing, verdict

LIMITS = {
    "I": SafetyLimit(earth_ohm=0.3, insulation_mohm=1.0, leakage_ma=3.5),
    "II": SafetyLimit(earth_ohm=None, insulation_mohm=2.0, leakage_ma=0.5),
    "III": SafetyLimit(earth_ohm=None, insulation_mohm=0.25, leakage_ma=None),
}
GOOD: dict[str, dict[str, Any]] = {
    "I": {"polarity": "right", "earth_ohm": 0.1, "insulation_mohm": 50.0, "leakage_ma": 0.2},
    "II": {"polarity": "not_polarised", "insulation_mohm": 50.0, "leakage_ma": 0.1},
    "III": {"polarity": "not_polarised"},
}


def readings(protection_class: str, **given: Any) -> Readings:
    return Readings(protection_class, **({"visual_ok": True} | GOOD[protection_class] | given))


@pytest.mark.parametrize("name", LIMITS)
def test_a_good_device_passes(name: str) -> None:
    assert verdict(readings(name), LIMITS[name]) == []
    assert missing(readings(name)) == []


@pytest.mark.parametrize(
    ("name", "bad", "says"),
    [
        ("I", {"visual_ok": False}, ["visual"]),
        ("I", {"polarity": "wrong"}, ["polarity"]),
        ("I", {"polarity": "not_polarised"}, ["polarity"]),
        ("II", {"polarity": "wrong"}, ["polarity"]),
        ("I", {"earth_ohm": 0.301}, ["earth"]),
        ("I", {"insulation_mohm": 0.99}, ["insulation"]),
        ("II", {"insulation_mohm": 1.99}, ["insulation"]),
        ("III", {"insulation_mohm": 0.24}, ["insulation"]),
        ("I", {"leakage_ma": 3.51}, ["leakage"]),
        ("II", {"leakage_ma": 0.51}, ["leakage"]),
        ("I", {"earth_ohm": 2.0, "leakage_ma": 9.0}, ["earth", "leakage"]),
    ],
)
def test_each_reading_can_fail(name: str, bad: dict[str, Any], says: list[str]) -> None:
    assert verdict(readings(name, **bad), LIMITS[name]) == says


@pytest.mark.parametrize(
    ("name", "edge"),
    [
        ("I", {"earth_ohm": 0.3, "insulation_mohm": 1.0, "leakage_ma": 3.5}),
        ("II", {"insulation_mohm": 2.0, "leakage_ma": 0.5}),
        ("III", {"insulation_mohm": 0.25}),
    ],
)
def test_a_reading_at_the_limit_holds(name: str, edge: dict[str, Any]) -> None:
    assert verdict(readings(name, **edge), LIMITS[name]) == []


@pytest.mark.parametrize(
    ("name", "without", "asks"),
    [
        ("I", {"earth_ohm": None}, ["earth_ohm"]),
        ("I", {"insulation_mohm": None}, ["insulation_mohm"]),
        ("I", {"insulation_mohm": None, "insulation_omitted": True}, []),
        ("II", {"insulation_mohm": None, "leakage_ma": None}, ["insulation_mohm", "leakage_ma"]),
        ("II", {"insulation_omitted": True, "leakage_ma": None}, ["leakage_ma"]),
        ("III", {"insulation_mohm": None, "leakage_ma": None}, []),
    ],
)
def test_what_a_class_needs_is_asked_for(
    name: str, without: dict[str, Any], asks: list[str]
) -> None:
    assert missing(readings(name, **without)) == asks


def test_codes_are_short_unlike_and_in_both_languages() -> None:
    assert len({(one.kind, one.code) for one in CODES}) == len(CODES)
    assert {one.kind for one in CODES} == set(KINDS)
    for one in CODES:
        assert 0 < len(one.code) <= 20
        assert 0 < len(one.zh) <= 7
        assert 0 < len(one.en) <= 16
        assert one.said_zh
        assert one.said_en
