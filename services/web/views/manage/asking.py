"""Asking volunteers to take a shift: who would be asked in which order, one by hand, or one after the other."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.roster import Shift
from services.web.clients.taking import Asking
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import attempt, blueprint, telling
from shared.ids import new_id

PATH = "/manage/sessions/<session_id>/shifts/<shift_id>/ask"


@blueprint.get(PATH)
@needs("coordinator")
def ask(session_id: str, shift_id: str) -> Any:
    """Who could take it, in the order in which they would be asked; and who was asked."""
    shift = _shift(session_id, shift_id)
    asking = clients().roster.asking(session_id)
    asked = asking.of(shift_id)
    waiting = {one.person_id for one in asked if one.state == "offered"}
    found = [one for one in clients().roster.candidates(shift_id) if one.person_id not in waiting]
    return render_template(
        "pages/manage/ask.html",
        session=clients().catalog.session(session_id),
        shift=shift,
        asked=asked,
        round=asking.round_of(shift_id),
        found=found,
        names=names_of([*(one.person_id for one in found), *asking.people]),
        skills={one.code: one.title for one in attempt(clients().roster.skills, ())[0]},
        new_key=new_id,
    )


@blueprint.post(PATH)
@needs("coordinator")
def ask_act(session_id: str, shift_id: str) -> Any:
    """Ask one person, ask one after the other, stop, or take an offer back."""
    form = request.form
    act, key = form.get("do", ""), form.get("idempotency_key", "")
    roster = clients().roster
    with telling():
        if act == "one":
            roster.offer_shift(shift_id, form.get("person_id", ""), key)
            notice(_("已发出邀请，名额先留着。对方会收到消息。"))
        elif act == "start":
            roster.start_round(shift_id, key)
            notice(_("开始按顺序问了。有人接，就停下来。"))
        elif act == "stop":
            roster.stop_round(shift_id, key)
            notice(_("不再问下一位。已经问到的人还可以回复。"))
        elif act == "withdraw":
            roster.withdraw_offer(form.get("offer_id", ""), key)
            notice(_("邀请已收回，对方会收到消息。"))
    return redirect(url_for("manage.ask", session_id=session_id, shift_id=shift_id), 303)


def _shift(session_id: str, shift_id: str) -> Shift:
    found = clients().roster.session_shifts(session_id)
    return next((one for one in found if one.id == shift_id), None) or abort(404)


def asking_of(session_id: str) -> Asking:
    """What is asked of a session's shifts; nothing where roster is away."""
    return attempt(lambda: clients().roster.asking(session_id), Asking())[0]
