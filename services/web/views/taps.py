"""One tap: do it, say what came of it, and go where one sees it."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request

from services.web.forms import SHOWN_ON_FORM, away_text
from services.web.i18n import _
from services.web.show import notice
from shared.http_client import Problem, Unavailable

NOT_FOUND = 404


def tapped(
    call: Callable[[str], Any],
    done: str,
    *,
    there: str,
    back: str | None = None,
    gone_is_told: bool = False,
) -> Any:
    """Call with the tap's key and go `there`; a refusal is told, and one goes `back` (else there too).

    With `gone_is_told` what is not there (any more) is told like a refusal, and no page of its own.
    """
    try:
        call(request.form.get("idempotency_key", ""))
    except Problem as problem:
        told = problem.status in SHOWN_ON_FORM or (gone_is_told and problem.status == NOT_FOUND)
        if not told:
            raise
        notice(problem.detail or _("这一步现在做不了。"), "bad")
        return redirect(back or there, 303)
    except Unavailable as away:
        notice(away_text(away.service), "bad")
        return redirect(back or there, 303)
    notice(done)
    return redirect(there, 303)
