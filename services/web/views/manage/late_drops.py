"""Who gave a shift back within two days of its start: told with its time, never a mark against anybody."""

from collections import Counter
from typing import Any

from flask import render_template

from services.web.clients import clients
from services.web.names import names_of
from services.web.signin import needs
from services.web.views.manage.base import attempt, blueprint


@blueprint.get("/manage/late-drops")
@needs("coordinator")
def late_drops() -> Any:
    """The last sixty days, the newest first, and how often each person had to."""
    found, away = attempt(clients().roster.dropped_late, ())
    return render_template(
        "pages/manage/late_drops.html",
        found=found,
        away=away,
        names=names_of(one.person_id for one in found),
        often=Counter(one.person_id for one in found),
    )
