"""The desk itself, its live fragment, and the list of today's desks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, render_template

from services.web import dates
from services.web.clients import clients
from services.web.forms import SHOWN_ON_FORM, away_text
from services.web.i18n import _
from services.web.signin import needs
from services.web.views.desk import away
from services.web.views.desk.board import load, minutes_since
from services.web.views.desk.outlook import drawn_outlook
from services.web.views.desk.what_if import asked
from shared import clock
from shared.http_client import Problem, Unavailable
from shared.ids import new_id
from shared.masking import masked_name

blueprint = Blueprint("desk", __name__)
STATUSES = (
    ("Fixed", "修好了"),
    ("Repairable", "还能修"),
    ("End of life", "修不了"),
    ("Unknown", "不清楚"),
)


@blueprint.app_template_filter("masked")
def masked(name: str | None) -> str:
    """A typed name as a desk shows it; nobody named stays empty."""
    return masked_name(name) if name else ""


blueprint.add_app_template_filter(minutes_since, "minutes_since")
blueprint.add_app_template_filter(away.display_name)
blueprint.add_app_template_filter(away.display_state)


@contextmanager
def telling() -> Iterator[None]:
    """A refusal becomes a sentence on the desk; the line stays as it is."""
    try:
        yield
    except Problem as problem:
        if problem.status not in SHOWN_ON_FORM | {403, 404}:
            raise
        flash(problem.detail or _("这一步现在做不了。"), "bad")
    except Unavailable as away:
        flash(away_text(away.service), "bad")


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
    return render_template("partials/desk_live.html", **context(session_id, answered=False))


@blueprint.get("/fragments/desk/<session_id>/what-if")
@needs("coordinator")
def what_if(session_id: str) -> Any:
    """The answer to "what if" alone, for the page to fetch while somebody moves the slider."""
    question = asked(clients().booking.queue(session_id).session)
    return render_template("partials/what_if_answer.html", question=question)


@blueprint.get("/desk/<session_id>/keys")
@needs("coordinator", "volunteer")
def keys(session_id: str) -> Any:
    """The keys of the desk."""
    return render_template("pages/desk_keys.html", session_id=session_id)


def context(session_id: str, *, answered: bool = True) -> dict[str, Any]:
    """What the desk's templates need; each form gets a key of its own.

    The live fragment leaves "what if" unanswered: its page keeps the question and asks by itself.
    """
    outcomes = {name: _(label) for name, label in STATUSES}
    board = load(session_id)
    return {
        "board": board,
        "outlook": drawn_outlook(board.queue.session),
        "question": asked(board.queue.session, answered=answered),
        "away": away.load(session_id),
        "session_id": session_id,
        "new_key": new_id,
        "outcomes": outcomes,
    }
