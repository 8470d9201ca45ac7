"""What is at risk when volunteers drop out: the page, the three decisions, the stand-in time."""

from typing import Any

from flask import redirect, render_template, request

from services.web.clients import clients
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import blueprint, telling
from shared.ids import new_id


@blueprint.get("/manage/at-risk")
@needs("coordinator")
def at_risk() -> Any:
    """Every slot that holds more than its volunteers can serve, the most urgent first."""
    risks = clients().booking.at_risk()
    return render_template(
        "pages/manage/at_risk.html", risks=risks, names=names_of(risks.people), new_key=new_id
    )


@blueprint.post("/manage/at-risk/<slot_id>/<any(displace, 'wait-longer', keep):act>")
@needs("coordinator")
def decide_risk(slot_id: str, act: str) -> Any:
    """Displace at once, wait for stand-ins longer, or keep everybody by hand."""
    with telling():
        clients().booking.decide(slot_id, act, request.form.get("idempotency_key", ""))
        notice(
            {
                "displace": _("已经换好位置，相关的人会各收到一条消息。"),
                "wait-longer": _("再等 60 分钟看有没有人接替。"),
                "keep": _("这几个预约保留，由你安排人手。"),
            }[act]
        )
    return redirect(_back(), 303)


@blueprint.post("/manage/stand-in/<any(sessions, offerings):what>/<id>")
@needs("coordinator")
def stand_in(what: str, id: str) -> Any:
    """Set how long stand-ins are looked for; an empty field takes the usual time."""
    form = Form(request.form)
    with telling():
        clients().booking.set_stand_in(what, id, form.whole("minutes"))
        notice(_("替补时间已经改好，正在等的也按新的算。"))
    return redirect(_back(), 303)


def _back() -> str:
    """Return to the session's page when the form came from there."""
    session_id = request.form.get("session_id", "")
    known = session_id.replace("-", "").isalnum()
    return f"/manage/sessions/{session_id}#risk" if known else "/manage/at-risk"
