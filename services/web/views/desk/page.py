"""The desk itself, its live fragment, and the list of today's desks."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, session

from services.web import dates
from services.web.clients import clients
from services.web.signin import needs
from services.web.views.desk.board import load, minutes_since
from shared import clock
from shared.ids import new_id

blueprint = Blueprint("desk", __name__)
blueprint.add_app_template_filter(minutes_since, "minutes_since")
UNDO = "desk_undo"


@blueprint.get("/desk")
@needs("coordinator", "volunteer")
def choose() -> Any:
    """The desks of today."""
    start = dates.day_start(dates.today())
    sessions = clients().catalog.sessions(
        from_=clock.iso(start), to=clock.iso(start + timedelta(days=1)), kind="repair"
    )
    return render_template("pages/desk_choose.html", sessions=sessions)


@blueprint.get("/desk/<session_id>")
@needs("coordinator", "volunteer")
def show(session_id: str) -> Any:
    """The desk of a session."""
    return render_template("pages/desk.html", **context(session_id))


@blueprint.get("/fragments/desk/<session_id>")
@needs("coordinator", "volunteer")
def fragment(session_id: str) -> Any:
    """What changes on the desk, for the live page to fetch."""
    return render_template("partials/desk_live.html", **context(session_id))


@blueprint.get("/desk/<session_id>/keys")
@needs("coordinator", "volunteer")
def keys(session_id: str) -> Any:
    """The keys of the desk."""
    return render_template("pages/desk_keys.html", session_id=session_id)


def context(session_id: str) -> dict[str, Any]:
    """What the desk's templates need; each form gets a key of its own."""
    undo = session.get(UNDO) or {}
    return {
        "board": load(session_id),
        "session_id": session_id,
        "new_key": new_id,
        "undo": undo if undo.get("session_id") == session_id else None,
    }


def remember_undo(session_id: str, ticket_id: str, number: str) -> None:
    """Keep the last outcome of this desk, so that one key takes it back."""
    session[UNDO] = {"session_id": session_id, "ticket_id": ticket_id, "number": number}


def forget_undo() -> None:
    """There is nothing to take back any more."""
    session.pop(UNDO, None)
