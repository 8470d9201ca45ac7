"""Keeping visits, and telling people that it is their turn."""

from typing import Any

from sqlalchemy.orm import Session

from services.notify.models import Visit
from services.notify.use_cases.telling import CALL_LIVES, News, tell
from shared.clock import now
from shared.database import upsert_by_version


def keep_visit(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Keep a visit; when it is called, tell its person the number and the bench, once per call."""
    values = {
        "session_id": data["session_id"],
        "appointment_id": data.get("appointment_id"),
        "person_id": data.get("person_id"),
        "number": data.get("number"),
        "bench": data.get("bench"),
        "state": data["state"],
        "calls": data.get("calls") or 0,
    }
    fresh = upsert_by_version(session, Visit, id, version, values)
    if not fresh or values["state"] != "called" or not values["person_id"]:
        return
    tell(
        session,
        News(
            occasion=f"visit.called:{id}:{values['calls']}",
            person_id=values["person_id"],
            kind="turn",
            template="turn_called",
            params={
                "visit_id": id,
                "calls": values["calls"],
                "number": values["number"],
                "bench": values["bench"],
                "link": f"/places/{values['appointment_id'] or id}",
            },
            session_id=values["session_id"],
            expires_at=now() + CALL_LIVES,
        ),
    )
