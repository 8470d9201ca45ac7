"""A shift that is offered to me: what, when, until when to answer; yes or not this time, one tap each."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.forms import SHOWN_ON_FORM, away_text
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from shared.http_client import Problem, Unavailable
from shared.ids import new_id

blueprint = Blueprint("offers", __name__)


@blueprint.get("/offers/<offer_id>")
@needs("volunteer")
def show(offer_id: str) -> Any:
    """One offer; one that is over says what became of it."""
    skills = {one.code: one.title for one in clients().roster.skills()}
    offer = clients().roster.offer(offer_id)
    return render_template("pages/offer.html", offer=offer, skills=skills, new_key=new_id)


@blueprint.post("/offers/<offer_id>/<any(accept, decline):act>")
@needs("volunteer")
def answer(offer_id: str, act: str) -> Any:
    """Yes, or not this time; a refusal is told on the page of the offer."""
    try:
        clients().roster.answer_offer(offer_id, act, request.form.get("idempotency_key", ""))
    except Problem as problem:
        if problem.status not in SHOWN_ON_FORM:
            raise
        notice(problem.detail or _("这一步现在做不了。"), "bad")
        return redirect(url_for("offers.show", offer_id=offer_id), 303)
    except Unavailable as away:
        notice(away_text(away.service), "bad")
        return redirect(url_for("offers.show", offer_id=offer_id), 303)
    notice(
        _("班次是你的了。能预约的位置跟着多了，开始前会提醒你。")
        if act == "accept"
        else _("好的，马上去问下一位。谢谢你告诉我们。")
    )
    return redirect(url_for("shifts.index"), 303)
