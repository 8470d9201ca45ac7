"""Changing places with somebody: which shifts could be had for one of mine, and asking for one."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from services.web.clients import clients
from services.web.i18n import _
from services.web.signin import needs
from services.web.views.shifts import by_day, skill_titles
from services.web.views.taps import tapped
from shared.ids import new_id

blueprint = Blueprint("swaps", __name__)


@blueprint.get("/assignments/<assignment_id>/swap")
@needs("volunteer")
def index(assignment_id: str) -> Any:
    """What could be had for one of my shifts, day by day; who would be asked is not said."""
    found = clients().roster.swaps(assignment_id)
    mine = next((one for one in clients().roster.my_assignments() if one.id == assignment_id), None)
    if mine is None:  # over, or given away
        abort(404)
    return render_template(
        "pages/swap.html",
        mine=mine,
        days=by_day(found),
        skills=skill_titles(),
        new_key=new_id,
    )


@blueprint.post("/assignments/<assignment_id>/swap")
@needs("volunteer")
def ask(assignment_id: str) -> Any:
    """Ask everybody on the chosen shift who could."""
    shift_id = request.form.get("shift_id", "")
    return tapped(
        lambda key: clients().roster.ask_swap(assignment_id, shift_id, key),
        _("已经问了那个班次上能换的人。有人同意之前，你的班次不变。"),
        there=url_for("shifts.index"),
        back=url_for("swaps.index", assignment_id=assignment_id),
    )
