"""Pages for everybody: home, sessions, programmes, privacy notice, QR codes, health."""

import io
from datetime import date
from typing import Any

import segno
from flask import Blueprint, Response, abort, g, jsonify, render_template, request

from services.web import dates, lookup
from services.web.clients import clients
from services.web.clients.roster import Assignment
from services.web.signin import has_role
from services.web.views import mine as my
from shared import clock
from shared.http_client import Problem, Unavailable

blueprint = Blueprint("public", __name__)
KINDS = ("repair", "training", "service")
AHEAD_DAYS = 21
HOME_SESSIONS = 6
QR_MOST = 600
A_DAY = 86400


@blueprint.get("/healthz")
def healthz() -> Any:
    """Alive."""
    return jsonify(status="ok", service="web")


@blueprint.get("/")
def home() -> Any:
    """What is on, my next place, the coming days."""
    found = lookup.offers(lookup.coming(AHEAD_DAYS))
    programmes = lookup.programmes_ahead()
    strip = lookup.day_strip(found, programmes, dates.today(), 7, None)
    return render_template(
        "pages/home.html",
        offers=found[:HOME_SESSIONS],
        more=len(found) > HOME_SESSIONS,
        strip=strip,
        programmes=programmes[:2],
        next_place=_next_place(),
        next_shift=_next_shift(),
    )


def _next_place() -> Any:
    if g.person is None:
        return None
    try:
        return next(iter(my.ahead(clients().booking.mine())), None)
    except (Unavailable, Problem):
        return None


def _next_shift() -> Assignment | None:
    """The shift that a volunteer is on, or the next one."""
    if not has_role("volunteer"):
        return None
    try:
        found = clients().roster.my_assignments()
    except (Unavailable, Problem):
        return None
    ahead = [one for one in found if one.live and one.ends_at > clock.now()]
    return min(ahead, key=lambda one: one.starts_at, default=None)


@blueprint.get("/sessions")
def sessions() -> Any:
    """Sessions by day, of one kind or all, of one day or all that lie ahead."""
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else None
    chosen = _asked_day()
    found = lookup.offers(lookup.coming(AHEAD_DAYS, kind=kind))
    programmes = lookup.programmes_ahead()
    strip = lookup.day_strip(found, programmes, dates.today(), AHEAD_DAYS, chosen)
    shown = [
        one for one in found if chosen is None or dates.local_day(one.session.starts_at) == chosen
    ]
    return render_template(
        "pages/sessions.html",
        days=lookup.by_day(shown),
        strip=strip,
        kind=kind,
        chosen=chosen,
        kinds=KINDS,
        themes={one.theme_day: one for one in programmes if one.theme_day},
    )


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args["day"])
    except (KeyError, ValueError):
        return None


@blueprint.get("/programmes/<programme_id>")
def programme(programme_id: str) -> Any:
    """A theme day: its repair sessions and trainings on one page."""
    found = clients().catalog.programme(programme_id)
    shown = [one for one in found.sessions if one.state != "draft"]
    days = lookup.by_day(lookup.offers(sorted(shown, key=lambda one: one.starts_at)))
    return render_template("pages/programme.html", programme=found, days=days, now=clock.now())


@blueprint.get("/privacy")
def privacy() -> Any:
    """What is kept about people, why and for how long."""
    return render_template("pages/privacy.html")


@blueprint.get("/qr.svg")
def qr() -> Response:
    """A QR code of ?t=…, black on white, quiet zone included."""
    text = request.args.get("t", "")
    if not text or len(text) > QR_MOST:
        abort(400)
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        scale=8,
        border=2,
        dark="#10201e",
        light="#ffffff",
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return Response(
        out.getvalue(),
        mimetype="image/svg+xml",
        headers={
            "Cache-Control": f"private, max-age={A_DAY}",
            "Content-Security-Policy": "default-src 'none'",
        },
    )
