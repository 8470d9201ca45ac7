"""One's own turn on the ticket page: coming later, a few minutes, another queue."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.booking import Place
from services.web.forms import SHOWN_ON_FORM, Form, away_text
from services.web.i18n import _
from services.web.show import notice
from shared.http_client import Problem, Unavailable

blueprint = Blueprint("turns", __name__)
SAID = {
    "late": "记下了，前台会看到。",
    "snooze": "好的，先让别人修。回来了随时点“我回来了”。",
    "take-back": "欢迎回来，次序和原来一样。",
}


def _place(place_id: str) -> Place:
    return clients().booking.place(place_id, request.args.get("key"))


def _back(place_id: str) -> Any:
    return redirect(url_for("places.show", place_id=place_id, key=request.args.get("key")), 303)


@blueprint.post("/places/<place_id>/turn/<act>")
def put_off(place_id: str, act: str) -> Any:
    """One tap: later, a few minutes, or back again; by the key of the link, or as its owner."""
    if act not in SAID:
        abort(404)
    place, key = _place(place_id), request.args.get("key")
    try:
        _tell(place, act, key, Form(request.form).key)
        notice(_(SAID[act]))
    except Problem as problem:
        if problem.status not in SHOWN_ON_FORM:
            raise
        notice(problem.detail or _("这一步现在做不了。"), "bad")
    except Unavailable as away:
        notice(away_text(away.service), "bad")
    return _back(place_id)


def _tell(place: Place, act: str, access: str | None, key: str) -> None:
    if place.visit is not None:
        clients().booking.put_off(place.visit.id, act, access, key)
    elif place.appointment is not None:
        clients().booking.late_booking(place.appointment.id, key)


@blueprint.route("/places/<place_id>/switch", methods=["GET", "POST"])
def switch(place_id: str) -> Any:
    """Choose another queue of today; the turn is kept."""
    place, key = _place(place_id), request.args.get("key")
    if place.visit is None or not place.turn.switch:
        return _back(place_id)
    form = Form.posted_or()
    if form.posted and form.require("session_id"):
        with form.sending():
            moved = clients().booking.switch(place.visit.id, form["session_id"], key, form.key)
            notice(_("换好了。新的号是 %(number)s，次序没有变。", number=moved["number"]))
            return _back(place_id)
    lines = clients().booking.other_lines(place.visit.id, key)
    back = url_for("places.show", place_id=place_id, key=key)
    return render_template(
        "pages/switch_line.html", place=place, lines=lines, form=form, back=back
    ), form.status
