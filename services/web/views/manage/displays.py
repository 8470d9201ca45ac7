"""All displays of the last hours, and which of them are dead."""

from typing import Any

from flask import redirect, render_template, url_for

from services.web.clients import clients
from services.web.signin import needs
from services.web.views.manage.base import blueprint, telling


@blueprint.get("/manage/displays")
@needs("coordinator")
def displays() -> Any:
    """The displays by session, the latest session first."""
    found = clients().booking.all_displays()
    sessions = {one.session_id: one.session for one in found}
    groups = [
        (session, [one for one in found if one.session_id == id])
        for id, session in sessions.items()
    ]
    return render_template("pages/manage/displays.html", groups=groups)


@blueprint.post("/manage/displays/<session_id>/<display_id>/forget")
@needs("coordinator")
def forget_display(session_id: str, display_id: str) -> Any:
    """Take a display that is gone off the list."""
    with telling():
        clients().booking.forget_display(session_id, display_id)
    return redirect(url_for(".displays"), 303)
