"""The demo's rules: policies of its offerings, and the term they follow."""

from datetime import date
from typing import Any

from deploy.demo_days import term_around
from deploy.driver import Account, eventually
from shared.http_client import Problem

NOT_FOUND = 404


def keep_calendar(staff: Account, today: date) -> None:
    """Write the term around ``today`` where the calendar is empty."""
    if not staff.get("catalog", "/terms")["items"]:
        staff.post("catalog", "/terms", term_around(today))


def write_policy(staff: Account, offering: str, rules: dict[str, Any]) -> None:
    """Write an offering's policy, as soon as booking knows the offering."""

    def write() -> bool | None:
        try:
            staff.put("booking", f"/offerings/{offering}/policy", rules, version=0)
        except Problem as problem:
            if problem.status != NOT_FOUND:
                raise
            return None
        return True

    eventually(write, f"booking knows the offering {offering}")
