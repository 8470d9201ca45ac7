"""我的: what a person has booked, messages, contact, privacy."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.show import forget_badge
from services.web.signin import needs

blueprint = Blueprint("me", __name__)


@blueprint.route("/me/inbox", methods=["GET", "POST"])
@needs()
def inbox() -> Any:
    """Messages, newest first; POST marks all as read."""
    if request.method == "POST":
        clients().notify.read_inbox()
        forget_badge()
        return redirect(url_for("me.inbox"), 303)
    found = clients().notify.inbox(cursor=request.args.get("cursor"))
    return render_template("pages/inbox.html", inbox=found)
