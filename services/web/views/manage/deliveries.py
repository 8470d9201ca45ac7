"""Who has not been told, and why."""

from typing import Any

from flask import render_template, request

from services.web.clients import clients
from services.web.i18n import _
from services.web.names import names_of
from services.web.signin import needs
from services.web.views.manage.base import blueprint

STATES = {"failed": "没送到", "unknown": "说不准", "pending": "还没发", "sent": "已送出"}


@blueprint.get("/manage/deliveries")
@needs("coordinator")
def deliveries() -> Any:
    """Deliveries, those that failed first."""
    state = request.args.get("state", "failed")
    page = clients().notify.deliveries(
        state if state in STATES else None,
        request.args.get("session_id"),
        request.args.get("cursor"),
    )
    names = names_of(one["person_id"] for one in page.items)
    return render_template(
        "pages/manage/deliveries.html", page=page, names=names, state=state, states=STATES
    )


def reason_text(reason: str | None) -> str:
    """A reason code of notify in words."""
    known = {
        "no_contact": _("没有留邮箱"),
        "no_address": _("没有留邮箱"),
        "refused": _("对方邮箱拒收"),
        "bounced": _("邮箱退信"),
        "timeout": _("邮件服务器没有回应"),
        "opted_out": _("本人关掉了这个渠道"),
    }
    return known.get(reason or "", reason or _("没有说明"))


blueprint.add_app_template_filter(reason_text, "delivery_reason")
