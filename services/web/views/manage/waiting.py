"""The waitlist of a session for its coordinator: who waits, for what, what is offered; add, remove."""

from typing import Any

from flask import redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.catalog import Session
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import attempt, blueprint, telling
from services.web.views.waiting import choices, joined


def waiting_of(session: Session) -> tuple[Any, ...]:
    """Who waits in a repair session; nobody where booking cannot be asked."""
    if session.kind != "repair" or session.state != "published":
        return ()
    found, _away = attempt(lambda: clients().booking.waiting(session.id), ())
    return tuple(found)


@blueprint.route("/manage/sessions/<session_id>/wait", methods=["GET", "POST"])
@needs("coordinator")
def add_waiting(session_id: str) -> Any:
    """Put somebody on the waitlist: look for them, then say which times would do."""
    session = clients().catalog.session(session_id)
    person_id = request.args.get("person_id")
    if not person_id:
        asked = request.args.get("q", "").strip()
        page = clients().identity.people(asked) if asked else None
        return render_template(
            "pages/manage/wait_who.html", session=session, page=page, form=Form({"q": asked})
        )
    form = Form.posted_or({"when": "any", "devices": 1})
    if form.posted and joined(form, session_id, person_id):
        notice(_("已加入候补，对方会收到消息。"))
        return redirect(url_for("manage.session", session_id=session_id, _anchor="waiting"), 303)
    person = clients().identity.person(person_id)
    slots = clients().booking.slots(session_id)
    return render_template(
        "pages/manage/wait_add.html",
        session=session,
        person=person,
        form=form,
        **choices(session, slots),
    ), form.status


@blueprint.post("/manage/sessions/<session_id>/waiting/<entry_id>/leave")
@needs("coordinator")
def remove_waiting(session_id: str, entry_id: str) -> Any:
    """Take somebody off the waitlist who asked for it."""
    with telling():
        clients().booking.change_wait(entry_id, "leave", request.form.get("idempotency_key", ""))
        notice(_("已从候补名单上去掉；为 TA 留的名额给了下一位。"))
    return redirect(url_for("manage.session", session_id=session_id, _anchor="waiting"), 303)
