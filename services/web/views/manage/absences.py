"""Who of a month did not come, with or without a reason; whom nobody has marked yet."""

from typing import Any

from flask import redirect, render_template, request

from services.web import dates
from services.web.clients import clients
from services.web.clients.base import Json
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs, safe_next
from services.web.views.manage.base import attempt, blueprint, telling

KINDS = ("unmarked", "absent", "present")


def kind_name(kind: str) -> str:
    """A list in words."""
    return {
        "unmarked": _("来没来还没记"),
        "absent": _("没有来"),
        "present": _("还没签退"),
    }[kind]


blueprint.add_app_template_filter(kind_name, "attendance_name")


@blueprint.get("/manage/hours/absences")
@needs("coordinator")
def absences() -> Any:
    """The three lists of a month."""
    today = dates.today()
    month = request.args.get("month") or f"{today.year}-{today.month:02d}"
    kind = request.args.get("kind", "unmarked")
    kind = kind if kind in KINDS else "unmarked"
    page = clients().roster.attendance(month, kind, request.args.get("cursor"))
    known = [one.name for one in attempt(clients().roster.periods, ())[0] if one.kind == "month"]
    return render_template(
        "pages/manage/absences.html",
        page=page,
        month=month,
        months=sorted({*known, month}, reverse=True),
        kind=kind,
        kinds=KINDS,
        names=names_of(one.person_id for one in page),
    )


@blueprint.post("/manage/hours/absences/<assignment_id>")
@needs("coordinator")
def mark_absence(assignment_id: str) -> Any:
    """Note that somebody did not come, or whether they had a reason."""
    given = request.form
    body: Json = {"excused": given.get("excused") == "1", "reason": given.get("reason", "").strip()}
    with telling():
        if given.get("state") == "accepted":
            clients().roster.mark_absent(assignment_id, body, given.get("idempotency_key", ""))
        else:
            clients().roster.set_absence(assignment_id, body)
        notice(_("已记下：有事由。") if body["excused"] else _("已记下：没有说明事由。"))
    return redirect(safe_next(given.get("back"), "/manage/hours/absences"), 303)
