"""Does it still work? One question to an owner, one tap."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import to_sign_in
from shared.http_client import Problem

blueprint = Blueprint("feedback", __name__)


@blueprint.route("/feedback/<uuid:ticket_id>", methods=["GET", "POST"])
def ask(ticket_id: Any) -> Any:
    """The question; its answer can be changed, and taken back."""
    id, key = str(ticket_id), request.args.get("key")
    try:
        found = clients().booking.feedback(id, key)
    except Problem as problem:
        if problem.status in (401, 404) and g.person is None:
            return to_sign_in()
        raise
    form = Form.posted_or({"words": found.words})
    if form.posted and form.require("works"):
        with form.sending():
            body = {"works": form["works"] == "1", "words": form["words"].strip(), "key": key}
            clients().booking.say(id, body, form.key)
            notice(_("谢谢，记下了。"))
            return redirect(url_for("feedback.ask", ticket_id=id, key=key), 303)
    return render_template("pages/feedback.html", one=found, form=form, key=key), form.status


@blueprint.post("/feedback/<uuid:ticket_id>/withdraw")
def withdraw(ticket_id: Any) -> Any:
    """Take the answer back."""
    clients().booking.unsay(str(ticket_id), request.args.get("key"))
    notice(_("已删除你的回答。"))
    return redirect(url_for("feedback.ask", ticket_id=ticket_id, key=request.args.get("key")), 303)
