"""The small forms of the desk: an outcome, somebody without an appointment, one more device."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.bench import Device
from services.web.forms import Form
from services.web.i18n import _
from services.web.signin import needs
from services.web.views.desk.again import again, said
from services.web.views.desk.page import STATUSES, blueprint
from services.web.views.desk.ticket import chips, give_along, onward, ticket_url

BARRIERS = (
    ("Spare parts not available", "买不到零件"),
    ("Spare parts too expensive", "零件太贵"),
    ("No way to open product", "打不开外壳"),
    ("Repair information not available", "没有维修资料"),
    ("Lack of equipment", "缺少工具设备"),
    ("Item too worn out", "太旧了"),
)


def to_desk(session_id: str) -> Any:
    """To the desk again."""
    return redirect(url_for("desk.show", session_id=session_id), 303)


@blueprint.route("/desk/<session_id>/tickets/<ticket_id>/close", methods=["GET", "POST"])
@needs("coordinator", "volunteer")
def close(session_id: str, ticket_id: str) -> Any:
    """Record an outcome: one digit and Enter in the ordinary case."""
    known = clients().booking.device(ticket_id)
    form = Form.posted_or(
        {
            "status": known.status or "Fixed",
            "barrier": known.barrier or "",
            "category_id": known.category_id,
            "brand": known.brand or "",
        }
    )
    if form.posted and form.require("status"):
        with form.sending():
            clients().booking.close(ticket_id, outcome(form), form.key)
            if form["give"] == "1":
                give_along(ticket_id, form.key)
            flash(
                _(
                    "%(number)s 已记录：%(outcome)s",
                    number=known.number or "",
                    outcome=_(dict(STATUSES).get(form["status"], "不清楚")),
                ),
                "undo",
            )
            return onward(session_id, ticket_id)
    return render_template(
        "pages/desk_close.html",
        form=form,
        session_id=session_id,
        ticket=known,
        statuses=STATUSES,
        barriers=BARRIERS,
        **close_more(form, session_id, known),
    ), form.status


def close_more(form: Form, session_id: str, device: Device) -> dict[str, Any]:
    """What else an outcome can say at once: findings and actions, and that the device has gone home."""
    found, done = clients().booking.repair_codes()
    if not form.posted:
        form.values.setlist("findings", [one.code for one in device.findings])
        form.values.setlist("actions", [one.code for one in device.actions])
        form.values["note"] = device.note or ""
    then = request.values.get("then") == "ticket"
    return {
        "found": chips(found),
        "done": chips(done),
        "can_go": device.power == "battery" or device.safety == "passed",
        "then": "?then=ticket" if then else "",
        "back_url": ticket_url(session_id, device.id) if then else f"/desk/{session_id}",
    }


def outcome(form: Form) -> dict[str, Any]:
    """The outcome as the service wants it; a barrier only at the end of life."""
    body: dict[str, Any] = {"status": form["status"]}
    if form["status"] == "End of life" and form.text("barrier"):
        body["barrier"] = form["barrier"]
    if form["codes"] == "1":
        body |= {name: form.all(name) for name in ("findings", "actions")}
    for name in ("note", "brand"):
        if form.text(name):
            body[name] = form.text(name)
    if form.whole("category_id") is not None:
        body["category_id"] = form.whole("category_id")
    return body


def device(form: Form) -> dict[str, Any]:
    """A device as the service wants it."""
    return {
        "category_id": form.whole("category_id"),
        "brand": form.text("brand") or "",
        "problem": form.text("problem") or "",
    }


@blueprint.route("/desk/<session_id>/walk-in", methods=["GET", "POST"])
@needs("coordinator", "volunteer")
def walk_in(session_id: str) -> Any:
    """Give somebody without an appointment a number."""
    form = Form.posted_or()
    if form.posted and form.require("category_id"):
        with form.sending(
            {
                "devices.0.category_id": "category_id",
                "devices.0.problem": "problem",
                "devices.0.brand": "brand",
                "devices.0.rework_of": "rework",
            }
        ):
            body: dict[str, Any] = {"devices": [again(form, device(form))]}
            if form.text("name"):
                body["name"] = form.text("name")
            place = clients().booking.walk_in(session_id, body, form.key)
            flash(_("请告诉对方：您的号是 %(number)s。", number=place.get("number") or ""), "go")
            if form.text("rework"):
                flash(said(form, body["devices"][0]) or "", "go")
            return to_desk(session_id)
    return render_template("pages/desk_walk_in.html", form=form, session_id=session_id), form.status


@blueprint.route("/desk/<session_id>/visits/<visit_id>/device", methods=["GET", "POST"])
@needs("coordinator", "volunteer")
def add_device(session_id: str, visit_id: str) -> Any:
    """Add one more device of somebody in line."""
    form = Form.posted_or()
    if form.posted and form.require("category_id"):
        with form.sending({"rework_of": "rework"}):
            body = again(form, device(form))
            clients().booking.add_device(visit_id, body, form.key)
            flash(_("多带的一件已经记下。"), "go")
            if form.text("rework"):
                flash(said(form, body) or "", "go")
            return to_desk(session_id)
    return render_template(
        "pages/desk_device.html", form=form, session_id=session_id, visit_id=visit_id
    ), form.status
