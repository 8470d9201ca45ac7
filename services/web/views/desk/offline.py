"""A desk without a connection: the probe, the acts that were kept in the page, and its service worker."""

from pathlib import Path
from typing import Any

from flask import Response, g, jsonify, make_response, request
from flask_wtf.csrf import generate_csrf

from services.web.clients import clients
from services.web.clients.base import Json, Text
from services.web.forms import away_text
from services.web.i18n import _
from services.web.show import text
from services.web.signin import needs
from services.web.views.desk.acts import DUTY_ACTS, arrival
from services.web.views.desk.page import blueprint
from shared import clock
from shared.http_client import Problem, Unavailable

WORKER = Path(__file__).parents[2] / "static" / "desk_worker.js"
GIVEN = (
    "appointment_id", "visit_id", "ticket_id", "volunteer_id", "of", "number", "code", "name",
    "devices", "bench", "status", "barrier", "note", "category_id", "brand",
)  # fmt: skip


@blueprint.get("/desk/worker.js")
@needs("coordinator", "volunteer")
def worker() -> Any:
    """The service worker that opens the desk without a connection; it reaches no other page."""
    answer = make_response(WORKER.read_text(encoding="utf-8"))
    answer.mimetype = "text/javascript"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/desk/<session_id>/outbox")
@needs("coordinator", "volunteer")
def outbox(session_id: str) -> Any:
    """Whether the suite is reached, who is signed in, a fresh form key, and the suite's clock."""
    answer = jsonify(person=g.person.id, csrf=generate_csrf(), now=clock.iso(clock.now()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/desk/<session_id>/acts")
@needs("coordinator", "volunteer")
def send_act(session_id: str) -> Any:
    """One act that was kept while there was no connection; the answer is for the page's list."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("given"), dict):
        return _refused(400, _("这一条看不懂，没有送出去。"))
    if body.get("person") != g.person.id:
        return _refused(409, _("这一条是别人记下的，要本人登录后再送。"))
    try:
        return jsonify(_sent(session_id, body))
    except Problem as problem:
        return _refused(problem.status, problem.detail)
    except Unavailable as away:
        return _refused(503, away_text(away.service))


def _sent(session_id: str, body: Json) -> Json:
    given = body["given"]
    if body.get("kind") == "duty":
        return _duty(body)
    if "q" in given:
        given = arrival(str(given["q"]).strip()[:300])
    act = {
        "id": body.get("id"),
        "kind": body.get("kind"),
        "given": {name: given[name] for name in GIVEN if given.get(name) not in (None, "")},
        "occurred_at": body.get("occurred_at"),
    }
    done = clients().booking.desk_act(session_id, act, str(body.get("id"))[:200])
    reason = done.get("reason")
    return {
        "result": done["result"],
        "number": done["number"],
        "text": text(Text(reason["zh"], reason["en"])) if reason else None,
    }


def _duty(body: Json) -> Json:
    """A volunteer came or went: that is roster's, with the device's time."""
    given = body["given"]
    assignment, act = str(given.get("assignment_id")), str(given.get("act"))
    if act not in DUTY_ACTS or not assignment.replace("-", "").isalnum():
        raise Problem(422, "invalid", _("这一条看不懂，没有送出去。"))
    clients().roster.post(
        f"/assignments/{assignment}/{act}",
        {"occurred_at": body.get("occurred_at")},
        key=str(body.get("id"))[:200],
    )
    return {"result": "done", "number": None, "text": None}


def _refused(status: int, why: str | None) -> Response:
    answer = jsonify(text=why or _("这一步现在做不了。"))
    answer.status_code = status
    return answer
