"""The limits of safety tests: what holds now and where it is from, what held before, and a new version."""

from typing import Any

from flask import redirect, render_template, url_for

from services.web.clients import clients
from services.web.clients.bench import Limits
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.readings import reading
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import blueprint, overtaken, watching

FIELDS = {
    "I": ("earth_ohm", "insulation_mohm", "leakage_ma"),
    "II": ("insulation_mohm", "leakage_ma"),
    "III": ("insulation_mohm",),
}
NAMES = {f"{name}.{one}": f"{name}_{one}" for name, fields in FIELDS.items() for one in fields}


@blueprint.route("/manage/safety-limits", methods=["GET", "POST"])
@needs("coordinator")
def safety_limits() -> Any:
    """Show the limits; add a version."""
    versions = clients().booking.safety_limits()
    form = Form.posted_or(defaults(versions[0]))
    newer: list[tuple[str, str]] = []
    if form.posted and form.require(*NAMES.values(), "source"):
        body: dict[str, Any] = {
            name: {one: reading(form, f"{name}_{one}") for one in fields}
            for name, fields in FIELDS.items()
        }
        if form.ok:
            with watching(form, NAMES, lambda: newer.extend(_newer(form))):
                version = form.whole("version") or 0
                clients().booking.set_limits(body | {"source": form["source"].strip()}, version)
                notice(_("新的限值从现在起生效。做过的测试仍按当时的限值。"))
                return redirect(url_for("manage.safety_limits"), 303)
        versions = clients().booking.safety_limits()
    names = names_of([one.created_by for one in versions if one.created_by != "-"])
    return render_template(
        "pages/manage/safety_limits.html", versions=versions, names=names, form=form, newer=newer
    ), form.status


def defaults(limits: Limits) -> dict[str, Any]:
    """The limits as values of the form."""
    values: dict[str, Any] = {"version": limits.version, "source": limits.source}
    for name, fields in FIELDS.items():
        for one in fields:
            value = getattr(limits.of(name), one)
            values[f"{name}_{one}"] = "" if value is None else f"{value:g}"
    return values


def _newer(form: Form) -> list[tuple[str, str]]:
    newest = clients().booking.safety_limits()[0]
    kinds = {"earth_ohm": _("接地 Ω"), "insulation_mohm": _("绝缘 MΩ"), "leakage_ma": "mA"}
    labels = {f"{n}_{one}": f"{n} · {kinds[one]}" for n, fields in FIELDS.items() for one in fields}
    return overtaken(form, newest, labels | {"source": _("出处")}, defaults(newest))
