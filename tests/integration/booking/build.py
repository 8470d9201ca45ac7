"""Builders: what catalog and roster would have announced, with sensible values for the rest."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.clock import iso, now
from shared.ids import new_id
from tests.support.services import Service

HOUR = timedelta(hours=1)


def tomorrow() -> datetime:
    """Return a full hour about a day ahead."""
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)


def session_data(**given: Any) -> dict[str, Any]:
    """Return the data of a session event: two benches, two slots of an hour, open now."""
    starts_at = given.pop("starts_at", None) or tomorrow()
    ends_at = given.pop("ends_at", None) or starts_at + 2 * HOUR
    opens = given.pop("booking_opens_at", None) or now() - HOUR
    closes = given.pop("booking_closes_at", None) or starts_at
    values: dict[str, Any] = {
        "id": new_id(),
        "series_id": None,
        "programme_id": None,
        "offering_id": new_id(),
        "kind": "repair",
        "title": {"zh": "小家电义务维修", "en": "Repair afternoon"},
        "venue_id": new_id(),
        "venue_name": {"zh": "工程训练中心", "en": "Training centre"},
        "venue_place": {"zh": "101 室", "en": "Room 101"},
        "zone": "Asia/Shanghai",
        "starts_at": iso(starts_at),
        "ends_at": iso(ends_at),
        "slot_minutes": 60,
        "benches": 2,
        "seats": 0,
        "booking_opens_at": iso(opens),
        "booking_closes_at": iso(closes),
        "categories": [],
        "minutes_per_device": 30,
        "devices_per_bench": 2,
        "max_devices": 3,
        "cancel_cutoff_minutes": 60,
        "staffing": [{"position": 0, "skill": "repair", "needed": 2, "at_most": 4}],
        "state": "published",
        "reason": None,
        "trial": False,
    }
    return values | given


@dataclass
class Told:
    """A session that booking was told of; `change` tells the next version."""

    service: Service
    data: dict[str, Any]
    version: int = 1
    staffed: int = field(default=0)

    @property
    def id(self) -> str:
        return str(self.data["id"])

    def change(self, type: str = "session.changed.v1", **values: Any) -> None:
        self.version += 1
        self.data |= values
        self.service.deliver(type, self.id, self.version, self.data)

    def cancel(self) -> None:
        self.change("session.cancelled.v1", state="cancelled")

    def staff(self, accepted: int, skill: str | None = "repair", **range_: str) -> None:
        """Tell that `accepted` volunteers stand ready from the session's start to its end."""
        self.staffed += 1
        interval = {
            "starts_at": range_.get("starts_at", self.data["starts_at"]),
            "ends_at": range_.get("ends_at", self.data["ends_at"]),
            "skill": skill,
            "accepted": accepted,
            "present": 0,
            "needed": 2,
        }
        data = {"session_id": self.id, "intervals": [interval]}
        self.service.deliver("staffing.changed.v1", self.id, self.staffed, data)

    def slots(self) -> list[dict[str, Any]]:
        answer = self.service.client().get(f"/sessions/{self.id}/slots")
        assert answer.status_code == 200, answer.json
        return list(answer.json["slots"])


def publish(service: Service, **given: Any) -> Told:
    """Tell booking of a new session."""
    told = Told(service, session_data(**given))
    service.deliver("session.published.v1", told.id, 1, told.data)
    return told


def repair(service: Service, accepted: int = 2, **given: Any) -> Told:
    """Tell booking of a repair session for which volunteers are accepted."""
    told = publish(service, **given)
    told.staff(accepted)
    return told


def training(service: Service, seats: int = 2, **given: Any) -> Told:
    """Tell booking of a training with seats."""
    return publish(service, kind="training", seats=seats, benches=0, slot_minutes=None, **given)


def kettle(**given: Any) -> dict[str, Any]:
    """Return a device: a kettle that does not heat."""
    return {"category_id": 14, "brand": "美的", "problem": "不加热"} | given
