"""What becomes of a place that was displaced."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from services.web.clients import clients
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import telling

blueprint = Blueprint("opening", __name__)


@blueprint.post("/places/<place_id>/accept")
@needs()
def accept(place_id: str) -> Any:
    """Take the new time."""
    with telling():
        clients().booking.accept(place_id, request.form.get("idempotency_key", ""))
        notice(_("好，就用这个时间。到时见。"))
    return redirect(url_for("places.show", place_id=place_id), 303)
