"""Whether the fields of a policy fit together, field by field."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from services.booking.errors import BadPolicy

LONGEST_BLACKOUT = timedelta(days=200)
Text = tuple[str, str]


def check(given: Mapping[str, Any]) -> None:
    """Refuse a policy whose fields do not fit together."""
    wrong: dict[str, Text] = {}
    if given["opens_days"] is not None and given["opens_at"] is None:
        wrong["opens_at"] = ("还要填几点开放。", "Please say at which time of day, too.")
    if given["opens_at"] is not None and given["opens_days"] is None:
        wrong["opens_days"] = ("还要填提前几天开放。", "Please say how many days before, too.")
    week, term = given["week_limit"], given["term_limit"]
    if week is not None and term is not None and term < week:
        wrong["term_limit"] = (
            f"每学期的上限不能比每周的（{week}）还少。",
            f"The limit of a term cannot be less than that of a week ({week}).",
        )
    _check_notice(given, wrong)
    _check_categories(given["categories"], wrong)
    _check_blackouts(given["blackouts"], wrong)
    waiver = given["waiver"]
    if waiver and waiver["en"] and not waiver["zh"]:
        wrong["waiver.zh"] = ("先写中文的须知。", "Please write the Chinese text first.")
    if wrong:
        raise BadPolicy(fields=wrong)


def stored(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules as they are kept: days as text."""
    days = [
        {"from": _text(one["from"]), "to": _text(one["to"]), "note": one["note"]}
        for one in given["blackouts"]
    ]
    return {**given, "blackouts": days}


def _text(day: date) -> str:
    return day.isoformat()


def _check_notice(given: Mapping[str, Any], wrong: dict[str, Text]) -> None:
    horizon, notice = given["horizon_days"], given["notice_minutes"]
    if horizon is not None and notice >= horizon * 1440:
        wrong["notice_minutes"] = (
            "提前量比最远可约的天数还长，就没有时间可以预约了。",
            "With a notice longer than the horizon nothing could ever be booked.",
        )
    days = given["opens_days"]
    if days is not None and days > 0 and notice >= (days + 1) * 1440:
        wrong["notice_minutes"] = (
            "提前量比开放时间还早，就没有时间可以预约了。",
            "With a notice longer than the opening nothing could ever be booked.",
        )


def _check_categories(categories: Any, wrong: dict[str, Text]) -> None:
    seen: set[int] = set()
    for position, one in enumerate(categories):
        if one["id"] in seen:
            wrong[f"categories.{position}.id"] = ("这一类已经有了。", "This one is there already.")
        seen.add(one["id"])


def _check_blackouts(blackouts: Any, wrong: dict[str, Text]) -> None:
    for position, one in enumerate(blackouts):
        if one["to"] < one["from"]:
            wrong[f"blackouts.{position}.to"] = (
                "结束日期要不早于开始日期。",
                "The last day has to be the first one or later.",
            )
        elif one["to"] - one["from"] > LONGEST_BLACKOUT:
            wrong[f"blackouts.{position}.to"] = (
                "一段最长 200 天。不再提供的服务，可以直接归档。",
                "At most 200 days in one piece. A service that ended can be archived.",
            )
