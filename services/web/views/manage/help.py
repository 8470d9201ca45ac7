"""Calling for help in a running session: how many would be asked, who comes, and ending it."""

from typing import Any

from flask import redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.catalog import Session
from services.web.clients.taking import SessionHelp
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import attempt, blueprint, telling
from shared import clock
from shared.ids import new_id

PATH = "/manage/sessions/<session_id>/help"
WANTED = ("1", "2", "3")


@blueprint.get(PATH)
@needs("coordinator")
def help_call(session_id: str) -> Any:
    """Before anybody is asked: how many it would be; afterwards who said what."""
    found = clients().roster.session_help(session_id)
    return render_template(
        "pages/manage/help.html",
        session=clients().catalog.session(session_id),
        found=found,
        names=names_of(one.person_id for one in found.people),
        wanted=WANTED,
        new_key=new_id,
    )


@blueprint.post(PATH)
@needs("coordinator")
def help_act(session_id: str) -> Any:
    """Ask, or end it."""
    form = request.form
    key = form.get("idempotency_key", "")
    with telling():
        if form.get("do") == "end":
            clients().roster.end_help(session_id, key)
            notice(_("求助结束了，问过的人会收到消息。"))
        elif form.get("wanted") in WANTED:
            clients().roster.call_for_help(session_id, int(form["wanted"]), key)
            notice(_("已经在问了，有人说来就会写在这里。"))
    return redirect(url_for("manage.help_call", session_id=session_id), 303)


def help_of(session: Session) -> SessionHelp | None:
    """How a running session's call stands; None where it does not run or roster is away."""
    at = clock.now()
    if session.state != "published" or not session.starts_at <= at < session.ends_at:
        return None
    return attempt(lambda: clients().roster.session_help(session.id), None)[0]
