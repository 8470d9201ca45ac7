"""What notify promises to others: its API's description and its events."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from services.notify.models import Delivery
from services.notify.use_cases.post import Outcome
from services.notify.use_cases.sending import lease_due, record
from services.notify.use_cases.telling import News, tell
from shared.ids import new_id
from tests.support.services import Service

CONTRACTS = Path("services/notify/contracts")


def contract(name: str) -> Any:
    """Read a committed contract."""
    return json.loads((CONTRACTS / name).read_text(encoding="utf-8"))


def test_the_committed_description_is_the_one_that_is_served(
    new_service: Callable[..., Service],
) -> None:
    served = new_service("notify").client().get("/openapi.json").get_json()

    assert contract("openapi.json") == served


def test_the_example_of_a_failed_delivery_fits_its_schema() -> None:
    schema = contract("delivery.failed.v1.schema.json")

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(contract("delivery.failed.v1.example.json"))


def test_an_announced_failure_fits_its_schema(any_service: Callable[[str], Service]) -> None:
    notify = any_service("notify")
    news = News(new_id(), new_id(), "account", "password_reset", {}, channels=("mail",))
    with notify.database.transaction() as session:
        tell(session, news)
        delivery: Delivery = lease_due(session, "mine", 1)[0]

    record(notify.database, delivery, "mine", Outcome("failed", "refused", "550 no such user"))

    (event,) = notify.announced()
    Draft202012Validator(contract("delivery.failed.v1.schema.json")).validate(event.data)
    assert event.subject == delivery.id
