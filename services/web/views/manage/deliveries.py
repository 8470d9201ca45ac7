"""Who has not been told, and why; what did not arrive can be sent once more."""

from typing import Any

from flask import redirect, render_template, request

from services.web.clients import clients
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs, safe_next
from services.web.views.manage.base import blueprint, telling
from shared.ids import new_id

STATES = ("untold", "failed", "unknown", "skipped", "waiting", "sent")


def state_name(state: str) -> str:
    """A state of a delivery in words."""
    return {
        "untold": _("没有被通知到"),
        "failed": _("没送到"),
        "unknown": _("说不准"),
        "skipped": _("没有发"),
        "waiting": _("还没发"),
        "sent": _("已送出"),
    }[state]


blueprint.add_app_template_filter(state_name, "delivery_state")


@blueprint.get("/manage/deliveries")
@needs("coordinator")
def deliveries() -> Any:
    """Deliveries, those that did not arrive first."""
    asked = request.args.get("state", "untold")
    state = asked if asked in STATES else "untold"
    page = clients().notify.deliveries(
        state, request.args.get("session_id"), request.args.get("cursor")
    )
    names = names_of(one["person_id"] for one in page.items)
    return render_template(
        "pages/manage/deliveries.html",
        page=page,
        names=names,
        state=state,
        states=STATES,
        new_key=new_id,
    )


@blueprint.post("/manage/deliveries/<delivery_id>/retry")
@needs("coordinator")
def retry_delivery(delivery_id: str) -> Any:
    """Send a message once more, after looking at why it did not arrive."""
    with telling():
        key = request.form.get("idempotency_key", "")
        clients().notify.post(f"/deliveries/{delivery_id}/send-again", key=key)
        notice(_("会再发一次，结果过一会儿出现在这里。"))
    return redirect(safe_next(request.form.get("back"), "/manage/deliveries"), 303)
