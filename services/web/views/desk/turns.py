"""Turns at the desk: one person's place and what can be done with it, parts, another line, undo."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.queue import Queue, Visit
from services.web.i18n import _
from services.web.names import names_of
from services.web.signin import needs
from services.web.views.desk.base import back, form_key
from services.web.views.desk.page import blueprint, telling
from shared.ids import new_id

TURN_ACTS = ("snooze", "take-back", "late")


@blueprint.get("/desk/<session_id>/visits/<visit_id>")
@needs("coordinator", "volunteer")
def visit(session_id: str, visit_id: str) -> Any:
    """One person's place: why they stand where they stand, and what can be done."""
    queue = clients().booking.queue(session_id)
    found = queue.find(visit_id)
    if found is None:
        return redirect(url_for("desk.show", session_id=session_id), 303)
    waits = found.state == "waiting"
    return render_template(
        "pages/desk_visit.html",
        session_id=session_id,
        queue=queue,
        visit=found,
        names=names_of([found.person_id] if found.person_id else []),
        place=_place(queue, found),
        lines=clients().booking.other_lines(visit_id) if waits else (),
        free=[one.bench for one in queue.benches if one.visit is None and one.ticket is None],
        new_key=new_id,
    )


def _place(queue: Queue, found: Visit) -> int | None:
    """How many are ahead in line, None for somebody who does not wait."""
    ids = [one.id for one in queue.waiting]
    return ids.index(found.id) if found.id in ids else None


@blueprint.post("/desk/<session_id>/visits/<visit_id>/turn/<act>")
@needs("coordinator", "volunteer")
def put_off(session_id: str, visit_id: str, act: str) -> Any:
    """A few minutes for somebody, or back again."""
    if act not in TURN_ACTS:
        abort(404)
    with telling():
        clients().booking.put_off(visit_id, act, None, form_key())
    return back(session_id)


@blueprint.post("/desk/<session_id>/visits/<visit_id>/switch")
@needs("coordinator", "volunteer")
def switch(session_id: str, visit_id: str) -> Any:
    """Send somebody to another line of today; their turn goes along."""
    with telling():
        other = request.form.get("session_id", "")
        moved = clients().booking.switch(visit_id, other, None, form_key())
        flash(_("换过去了，新的号是 %(number)s，请告诉对方。", number=moved["number"]), "go")
    return back(session_id)


@blueprint.post("/desk/<session_id>/tickets/<ticket_id>/pause")
@needs("coordinator", "volunteer")
def pause(session_id: str, ticket_id: str) -> Any:
    """A device waits for parts; the bench is free."""
    with telling():
        clients().booking.pause(ticket_id, form_key())
    return back(session_id)


@blueprint.get("/desk/<session_id>/paused")
@needs("coordinator", "volunteer")
def paused(session_id: str) -> Any:
    """Everybody who waits for parts in this offering."""
    queue = clients().booking.queue(session_id)
    return render_template(
        "pages/desk_paused.html",
        session_id=session_id,
        queue=queue,
        names=names_of([one.person_id for one in queue.paused if one.person_id]),
        new_key=new_id,
    )


@blueprint.post("/desk/<session_id>/visits/<visit_id>/resume")
@needs("coordinator", "volunteer")
def resume(session_id: str, visit_id: str) -> Any:
    """The parts are there and so is the person: in line, with priority."""
    with telling():
        visit_ = clients().booking.resume(visit_id, session_id, form_key())
        flash(_("%(number)s 回来了，排在还没轮到的人前面。", number=visit_["number"]), "go")
    return back(session_id)


@blueprint.post("/desk/<session_id>/undo/<act_id>")
@needs("coordinator", "volunteer")
def undo(session_id: str, act_id: str) -> Any:
    """Take the last tap back."""
    with telling():
        clients().booking.undo(act_id, form_key())
        flash(_("已撤销，和刚才一样了。"), "go")
    return back(session_id)
