"""A shift that is offered to me: what, when, until when to answer; yes or not this time, one tap each."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from services.web.clients import clients
from services.web.i18n import _
from services.web.signin import needs
from services.web.views.shifts import skill_titles
from services.web.views.taps import tapped
from shared.ids import new_id

blueprint = Blueprint("offers", __name__)


@blueprint.get("/offers/<offer_id>")
@needs("volunteer")
def show(offer_id: str) -> Any:
    """One offer; one that is over says what became of it."""
    offer = clients().roster.offer(offer_id)
    return render_template("pages/offer.html", offer=offer, skills=skill_titles(), new_key=new_id)


@blueprint.post("/offers/<offer_id>/<any(accept, decline):act>")
@needs("volunteer")
def answer(offer_id: str, act: str) -> Any:
    """Yes, or not this time; a refusal is told on the page of the offer."""
    return tapped(
        lambda key: clients().roster.answer_offer(offer_id, act, key),
        _said(act, request.form.get("way", "")),
        there=url_for("shifts.index"),
        back=url_for("offers.show", offer_id=offer_id),
    )


def _said(act: str, way: str) -> str:
    if act == "decline":
        if way == "kept":
            return _("好的，马上去问下一位。谢谢你告诉我们。")
        return _("好的，谢谢你告诉我们。")
    if way == "swap":
        return _("换好了：新的班次是你的，原来的由对方来。")
    return _("班次是你的了。能预约的位置跟着多了，开始前会提醒你。")
