"""The figures of impact as pages: for everybody, and for the coordinator with days of their own choice."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from services.web.clients import clients
from services.web.clients.impact import Impact
from services.web.i18n import _, lang
from services.web.signin import needs
from services.web.views import periods
from services.web.views.impact import charts
from services.web.views.impact.sheet import report

blueprint = Blueprint("impact", __name__)
WIDTH, HEIGHT = 622, 190
PDF = "application/pdf"

blueprint.add_app_template_filter(charts.percent, "percent")
blueprint.add_app_template_filter(charts.percent_range, "percent_range")
blueprint.add_app_template_filter(charts.weight, "kilograms")


def course_words(found: Impact) -> str:
    """The chart in one sentence, for who cannot see it."""
    most = max(found.course, key=lambda one: (one.fixed, one.devices))
    return _(
        "修好了 %(fixed)s 件，共 %(devices)s 件；最多的是 %(when)s，修好 %(most)s 件。",
        fixed=found.fixed,
        devices=found.devices,
        when=charts.step_words(most.begins, found.step),
        most=most.fixed,
    )


blueprint.add_app_template_global(course_words, "course_words")


@blueprint.get("/impact")
def impact() -> Any:
    """For everybody."""
    return render_template("pages/impact.html", **_context(periods.asked_for(request.args, "year")))


@blueprint.get("/manage/impact")
@needs("coordinator")
def manage_impact() -> Any:
    """For the coordinator."""
    period, source = periods.asked_for(request.args, "term"), request.args.get("source", "")
    sources = {"own": _("我们修的"), "imported": _("导入的"), "all": _("一起算")}
    source = source if source in sources else "own"
    shown = _context(period, source)
    return render_template("pages/manage/impact.html", source=source, sources=sources, **shown)


@blueprint.get("/impact/report.pdf")
def report_pdf() -> Response:
    """One page for whoever writes about it: the same figures, the chart, a sentence on the method."""
    period = periods.asked_for(request.args, "year")
    made = report(clients().booking.impact(period.query), period)
    name = "-".join(["xiuhao-impact", *period.query.values(), lang()])
    headers = {"Content-Disposition": f"inline; filename={name}.pdf"}
    return Response(made, mimetype=PDF, headers=headers)


def _context(period: periods.Period, source: str = "own") -> dict[str, Any]:
    found = clients().booking.impact({**period.query, "source": source})
    chart = charts.bars(found.course, found.step, WIDTH, HEIGHT) if found.course else None
    offered = {name: words for name, words in periods.names().items() if name != "today"}
    return {
        "found": found,
        "chart": chart,
        "period": period,
        "named": offered,
        "taken": period.query or {"period": period.name},
    }
