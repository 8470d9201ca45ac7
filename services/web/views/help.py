"""Coming to help now: what I am asked, one tap to come, and whether I want to be asked at all."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from services.web.clients import clients
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.taps import tapped
from shared.ids import new_id

blueprint = Blueprint("help", __name__)


@blueprint.get("/help/<ask_id>")
@needs("volunteer")
def show(ask_id: str) -> Any:
    """One ask; one that is over says so kindly."""
    skills = {one.code: one.title for one in clients().roster.skills()}
    ask = clients().roster.help_ask(ask_id)
    return render_template("pages/help.html", ask=ask, skills=skills, new_key=new_id)


@blueprint.post("/help/<ask_id>/<any(join, decline):act>")
@needs("volunteer")
def answer(ask_id: str, act: str) -> Any:
    """Come, or not this time; whoever was quicker is told on the page."""
    coming = _("谢谢，就等你了！到了扫墙上的码签到。")
    return tapped(
        lambda key: clients().roster.answer_help(ask_id, act, key),
        coming if act == "join" else _("好的，没关系，谢谢你回复。"),
        there=url_for("shifts.index"),
        back=url_for("help.show", ask_id=ask_id),
    )


@blueprint.route("/me/time/help", methods=["GET", "POST"])
@needs("volunteer")
def wish() -> Any:
    """Whether to be asked when a running session is short of hands."""
    form = Form.posted_or({"asked": "1" if clients().roster.my_help().asked else ""})
    if form.posted:
        with form.sending():
            clients().roster.wish_help(asked=bool(form["asked"]))
            notice(
                _("好的，现场缺人、你又有空时会问你。")
                if form["asked"]
                else _("好的，不会临时问你了。")
            )
            return redirect(url_for("time.week"), 303)
    return render_template("pages/time_help.html", form=form), form.status
