"""The policy about hours: its versions, and making the next one with an example of what it does."""

from typing import Any

from flask import redirect, render_template, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.hours import Policy
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import blueprint

EXAMPLES = (10, 50, 115, 240, 545)
FIELDS = {"day_cap_minutes": "day_cap_hours"}


@blueprint.route("/manage/hours/policy", methods=["GET", "POST"])
@needs("coordinator")
def hours_policy() -> Any:
    """Every version, and a form for the next; the first sending shows what it would do."""
    versions, current = clients().roster.policies()
    form = Form.posted_or(_defaults(versions[0]))
    body = _typed(form) if form.posted else None
    if body is not None and form["do"] == "save":
        with form.sending(FIELDS):
            clients().roster.make_policy(body, form.key)
            notice(_("第 %(n)s 版已经定下。以前的日子照旧。", n=body["seen"] + 1))
            return redirect(url_for("manage.hours_policy"), 303)
    return render_template(
        "pages/manage/hours_policy.html",
        versions=versions,
        current=current,
        form=form,
        preview=_preview(form, body) if body else (),
        names=names_of(one.made_by for one in versions if one.made_by != "start"),
        today=dates.today().isoformat(),
    ), form.status


def _defaults(newest: Policy) -> dict[str, Any]:
    return {
        "rounding": newest.rounding,
        "step_minutes": newest.step_minutes if newest.step_minutes > 1 else 30,
        "day_cap_hours": f"{newest.day_cap_minutes / 60:g}" if newest.day_cap_minutes else "",
        "objection_days": newest.objection_days,
        "valid_from": dates.today().isoformat(),
        "seen": newest.version,
    }


def _typed(form: Form) -> dict[str, Any] | None:
    form.require("rounding", "objection_days", "valid_from")
    exact = form["rounding"] == "exact"
    cap = _hours(form)
    body = {
        "rounding": form["rounding"],
        "step_minutes": 1 if exact else form.whole("step_minutes") or 30,
        "day_cap_minutes": cap,
        "objection_days": form.whole("objection_days"),
        "valid_from": form["valid_from"],
        "seen": form.whole("seen") or 0,
    }
    return body if form.ok else None


def _hours(form: Form) -> int | None:
    typed = form.text("day_cap_hours")
    if typed is None:
        return None
    try:
        return round(float(typed) * 60)
    except (ValueError, OverflowError):
        form.add_error("day_cap_hours", _("请填小时数，例如 8。"))
        return None


def _preview(form: Form, body: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    """What the policy makes of some days; the roster works it out."""
    asked = {name: body[name] for name in ("rounding", "step_minutes", "day_cap_minutes")}
    with form.sending(FIELDS):
        return clients().roster.try_policy(asked, EXAMPLES)
    return ()
