"""A coordinator's material for catalog's tests: an offering, a venue, sessions around them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.clients import ApiClient
from tests.support.services import Service

START = (datetime.now(UTC) + timedelta(days=30)).replace(hour=6, minute=0, second=0, microsecond=0)


def text(zh: str, en: str = "") -> dict[str, str]:
    """Return a text in both languages."""
    return {"zh": zh, "en": en}


def at(hours: float = 0, days: float = 0) -> str:
    """Return an instant, hours and days after the usual start (14:00 in Shanghai)."""
    return (START + timedelta(hours=hours, days=days)).isoformat()


class Planning:
    """A coordinator who plans sessions."""

    def __init__(self, catalog: Service) -> None:
        self.catalog = catalog
        self.staff: ApiClient = catalog.as_("coordinator")
        self.offering = self.made("/offerings", **offering())
        self.training = self.made(
            "/offerings",
            **offering(kind="training", title=text("焊接入门", "Soldering"), skill=None),
        )
        self.venue = self.made("/venues", **venue())

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        """Post something and return what was made."""
        answer = self.staff.post(path, body)
        assert answer.status_code == 201, answer.json
        return dict(answer.json)

    def asked(self, **changes: Any) -> dict[str, Any]:
        """Return the body that asks for the usual repair session."""
        return {
            "offering_id": self.offering["id"],
            "venue_id": self.venue["id"],
            "starts_at": at(),
            "ends_at": at(3),
            "slot_minutes": 30,
            "benches": 4,
            **changes,
        }

    def draft(self, **changes: Any) -> dict[str, Any]:
        """Plan a session."""
        return self.made("/sessions", **self.asked(**changes))

    def published(self, **changes: Any) -> dict[str, Any]:
        """Plan and publish a session."""
        answer = self.staff.post(f"/sessions/{self.draft(**changes)['id']}/publish")
        assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def series(self, weeks: int = 3, **changes: Any) -> list[dict[str, Any]]:
        """Plan a weekly series and return its sessions."""
        body = self.asked(**changes, weekly={"count": weeks})
        return list(self.made("/series", **body)["sessions"])

    def edit(self, session: dict[str, Any], **changes: Any) -> Any:
        """Change a session as its form does: everything is sent again."""
        now = self.staff.get(f"/sessions/{session['id']}").json
        kept = ("offering_id", "venue_id", "programme_id", "title", "starts_at", "ends_at",
                "slot_minutes", "benches", "seats", "booking_opens_at", "booking_closes_at",
                "staffing")  # fmt: skip
        body = {name: now[name] for name in kept} | changes
        return self.staff.put(f"/sessions/{now['id']}", body, if_match=now["version"])

    def show(self, session: dict[str, Any]) -> dict[str, Any]:
        """Return a session as it is now."""
        return dict(self.staff.get(f"/sessions/{session['id']}").json)


def announced(planning: Planning, kind: str = "session") -> list[tuple[str, str, int]]:
    """Return type, subject and version of the events of one kind of thing."""
    return [
        (event.type, event.subject, event.version)
        for event in planning.catalog.announced()
        if event.type.startswith(f"{kind}.")
    ]


def offering(**changes: Any) -> dict[str, Any]:
    """Return the body of the usual repair offering."""
    return {
        "kind": "repair",
        "title": text("小家电义务维修", "Small appliance repair"),
        "skill": "small-appliance",
        "max_devices": 2,
        **changes,
    }


def venue(**changes: Any) -> dict[str, Any]:
    """Return the body of the usual venue."""
    name = text("工程训练中心 B101", "Training Centre B101")
    return {"name": name, "stations": 6, "seats": 24, **changes}


def errors(answer: Any) -> dict[str, str]:
    """Return the wrong fields of an answer and what is said about them."""
    return {item["pointer"]: item["detail"] for item in answer.json["errors"]}
