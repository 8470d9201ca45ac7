"""Whether repairs hold: the share that still works, and what owners said; of no volunteer."""

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request

from services.web import dates
from services.web.clients import clients
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs, safe_next
from services.web.views.manage.base import blueprint, telling
from shared import clock

WEEKS = (4, 12, 52)
WORKS = {"yes": "true", "no": "false"}


@blueprint.get("/manage/feedback")
@needs("coordinator")
def feedback() -> Any:
    """The share of the last weeks, and the answers, the latest first."""
    asked = request.args.get("weeks", "12")
    weeks = int(asked) if asked in map(str, WEEKS) else WEEKS[1]
    since = dates.day_start(dates.today()) - timedelta(weeks=weeks)
    works = request.args.get("works", "")
    return render_template(
        "pages/manage/feedback.html",
        holds=clients().booking.holds(clock.iso(since)),
        page=clients().booking.answers(WORKS.get(works), request.args.get("cursor")),
        weeks=weeks,
        choices=WEEKS,
        works=works if works in WORKS else "",
    )


@blueprint.post("/manage/feedback/<uuid:ticket_id>/strike")
@needs("coordinator")
def strike(ticket_id: Any) -> Any:
    """Remove words that should not stand."""
    with telling():
        clients().booking.strike(str(ticket_id))
        notice(_("这段话已经删掉，好不好用还照样计数。"))
    return redirect(safe_next(request.form.get("back"), "/manage/feedback"), 303)
