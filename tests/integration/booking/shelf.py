"""Builders of custody: a repaired device that stays, its owner, and the code they have."""

from typing import Any

from services.booking.queries.custody import code_subject
from shared.auth import wall_key
from shared.codes import readable_code
from tests.integration.booking.bench import PHONE
from tests.integration.booking.line import serve
from tests.support.clients import ApiClient
from tests.support.services import Service

LAMP = {"shelf": "A-2", "accessories": ["adapter", "lid"], "condition": "灯罩左侧有裂纹"}


def repaired(told: Any, desk: ApiClient, owner: ApiClient | None = None, **given: Any) -> str:
    """Return the ticket of a device that was brought and has an outcome."""
    outcome = {name: given.pop(name) for name in ("status", "note") if name in given}
    who = {"person_id": owner.person.id} if owner and owner.person else {"name": "马丽娜"}
    brought(told, desk, **who, **given)
    return str(serve(told, desk, **outcome)["devices"][0]["id"])


def brought(told: Any, desk: ApiClient, category_id: int = PHONE, **who: Any) -> dict[str, Any]:
    """Return the place of somebody who walked in with one device."""
    body = {"devices": [{"category_id": category_id, "brand": "小米"}], **who}
    answer = desk.post(f"/sessions/{told.id}/walk-ins", body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def kept(desk: ApiClient, ticket: str, **given: Any) -> dict[str, Any]:
    """Return a device that stays."""
    answer = desk.post(f"/tickets/{ticket}/custody", {**LAMP, **given})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def code_of(booking: Service, custody: dict[str, Any]) -> str:
    """Return the pick-up code of a device, as its owner sees it."""
    key = wall_key(booking.settings.token_keys)
    return readable_code(key, code_subject(custody["id"]))
