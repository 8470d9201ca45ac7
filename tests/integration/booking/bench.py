"""Builders of the bench: a tester, a device at its outcome, readings that pass and readings that fail."""

from typing import Any

from tests.integration.booking.build import Told
from tests.integration.booking.line import call, helper
from tests.support.clients import ApiClient
from tests.support.services import Service

SKILL = "electrical_safety"
LAMP, PHONE, MISC = 15, 19, 18
PASSING: dict[str, Any] = {
    "protection_class": "I",
    "visual_ok": True,
    "polarity": "right",
    "earth_ohm": 0.12,
    "insulation_mohm": 200,
    "leakage_ma": 0.35,
    "instrument": "Benning ST 725",
    "instrument_serial": "4711",
}
FAILING = PASSING | {"earth_ohm": 0.85}


def grant(booking: Service, person_id: str, *skills: str, version: int = 1) -> None:
    """Tell booking what roster has granted to somebody."""
    data = {"person_id": person_id, "skills": list(skills), "granted": [], "revoked": []}
    booking.deliver("skill.granted.v1", person_id, version, data)


def skilled(told: Told) -> ApiClient:
    """Return a volunteer with a shift here and the skill for safety tests."""
    client = helper(told)
    assert client.person
    grant(told.service, client.person.id, SKILL)
    return client


def started(told: Told, desk: ApiClient, **device: Any) -> str:
    """Return a ticket whose device lies at bench 1, being repaired."""
    body = {"devices": [{"category_id": LAMP, "brand": "", "problem": ""} | device]}
    desk.post(f"/sessions/{told.id}/walk-ins", body)
    id = str(call(told, desk)["devices"][-1]["id"])
    assert desk.post(f"/tickets/{id}/start", {"bench": 1}).status_code == 200
    return id


def done(told: Told, desk: ApiClient, category_id: int = LAMP, status: str = "Fixed") -> str:
    """Return a ticket with an outcome."""
    id = started(told, desk, category_id=category_id)
    assert desk.post(f"/tickets/{id}/close", {"status": status}).status_code == 200
    return id


def measure(desk: ApiClient, id: str, readings: dict[str, Any] = PASSING, **given: Any) -> Any:
    """Record a safety test."""
    return desk.post(f"/tickets/{id}/safety-tests", readings | given)


def give(desk: ApiClient, id: str, **given: Any) -> Any:
    """Hand a device back."""
    return desk.post(f"/tickets/{id}/hand-back", given)


def told_of(booking: Service, type: str) -> list[dict[str, Any]]:
    """Return the data of what was announced."""
    return [dict(event.data) for event in booking.announced(type)]
