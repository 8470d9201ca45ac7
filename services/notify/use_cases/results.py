"""Telling people, in the app, what came of a repair and of a shift."""

from typing import Any

from sqlalchemy.orm import Session

from services.notify.models.delivery import APP
from services.notify.use_cases.telling import News, tell


def tell_outcome(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Tell a device's owner its outcome; a later correction is told as news of its own."""
    if not data.get("person_id"):
        return  # a walk-in without an account stands at the desk
    tell(
        session,
        News(
            occasion=f"ticket.closed:{id}:{version}",
            person_id=data["person_id"],
            kind="turn",
            template="repair_closed",
            params={
                "number": data.get("number"),
                "status": data.get("status"),
                "link": f"/places/{data['visit_id']}" if data.get("visit_id") else "/me",
            },
            session_id=data.get("session_id"),
            channels=(APP,),
        ),
    )


def tell_hours(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Tell a volunteer the minutes that were recorded."""
    tell(
        session,
        News(
            occasion=f"hours.recorded:{id}:{version}",
            person_id=data["person_id"],
            kind="shift",
            template="hours_recorded",
            params={"minutes": data["minutes"], "link": "/me/hours"},
            session_id=data.get("session_id"),
            channels=(APP,),
        ),
    )
