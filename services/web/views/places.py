"""The live ticket of a booking or a number: where it stands, how long it takes, move, cancel, calendar."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from services.web import lookup
from services.web.clients import clients
from services.web.clients.booking import Place, PlaceSession
from services.web.clients.catalog import Session
from services.web.clients.policies import Rules
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs, to_sign_in
from shared.http_client import Problem, Unavailable

blueprint = Blueprint("places", __name__)
STEPS = ("booked", "arrived", "waiting", "serving", "done")
OTHERS_DAYS = 21
MOST_OTHERS = 4


def _place(place_id: str) -> Place:
    return clients().booking.place(place_id, request.args.get("key"))


def _steps(place: Place) -> list[tuple[str, str]]:
    """(word, state) of each step: d = done, c = current, "" = to come."""
    words = [_("已预约"), _("已签到"), _("排队中"), _("维修"), _("取回")]
    if place.appointment is None:
        words[0] = _("已取号")
    here = any(one.care not in (None, "handed_back") for one in place.devices)
    done = 4 if here else 5
    reached = {
        "booked": 0.5, "arrived": 1, "waiting": 2, "called": 3, "serving": 3, "done": done,
    }.get(place.step, 0)  # fmt: skip
    return [
        (word, "d" if n < reached else "c" if n == reached and n else "")
        for n, word in enumerate(words)
    ]


@blueprint.get("/places/<place_id>")
def show(place_id: str) -> Any:
    """The ticket."""
    try:
        place = _place(place_id)
    except Problem as problem:
        if problem.status in (401, 404) and g.person is None:
            return to_sign_in()  # to a stranger there is no such place; its owner signs in
        raise
    return render_template("pages/ticket.html", **_context(place))


@blueprint.get("/places/<place_id>/live")
def fragment(place_id: str) -> Any:
    """The part of the ticket that changes."""
    answer = make_response(render_template("partials/ticket.html", **_context(_place(place_id))))
    answer.add_etag()
    return answer.make_conditional(request)


def _context(place: Place) -> dict[str, Any]:
    return {"place": place, "steps": _steps(place), "key": request.args.get("key")}


@blueprint.route("/places/<place_id>/move", methods=["GET", "POST"])
@needs()
def move(place_id: str) -> Any:
    """Choose another time of the same session, or ?session= of another one."""
    place = _place(place_id)
    if not place.can.move or place.appointment is None:
        notice(_("现在不能改时间了。来不了的话，请到前台说一声。"), "warn")
        return redirect(url_for("places.show", place_id=place_id), 303)
    form = Form.posted_or()
    if form.posted and form.require("slot_id"):
        agreed = form.whole("waiver_version") if form["waiver"] else None
        with form.sending({"waiver_version": "waiver"}):
            clients().booking.move(place.appointment.id, form["slot_id"], form.key, agreed)
            notice(_("时间改好了。"))
            return redirect(url_for("places.show", place_id=place_id), 303)
    return render_template("pages/move.html", place=place, form=form, **_target(place)), form.status


def _target(place: Place) -> dict[str, Any]:
    """Where it can move to: the session that is shown, a waiver to agree to there, other sessions."""
    asked = request.args.get("session", place.session.id)
    session: PlaceSession | Session = place.session
    if asked != place.session.id:
        session = clients().catalog.session(asked)
        if session.kind != "repair":
            abort(404)
    shown = (session.id, place.session.id)
    return {
        "session": session,
        "slots": clients().booking.slots(session.id),
        "rules": _rules_there(place, session),
        "elsewhere": [one for one in _elsewhere(place) if one.session.id not in shown],
    }


def _rules_there(place: Place, session: PlaceSession | Session) -> Rules | None:
    """What binds in another offering's session; in the same offering nothing is asked again."""
    if isinstance(session, PlaceSession):
        return None
    own = clients().catalog.session(place.session.id)
    return lookup.rules(session.id) if session.offering_id != own.offering_id else None


def _elsewhere(place: Place) -> list[lookup.Offer]:
    """Sessions to come that repair these devices and have room for them."""
    kinds = {one.category_id for one in place.devices}
    try:
        coming = lookup.coming(OTHERS_DAYS, kind="repair")
    except Unavailable:
        return []  # without the catalogue one moves within the session
    found = [one for one in coming if not one.categories or kinds <= set(one.categories)]
    room = [one for one in lookup.offers(found) if one.open]
    return [one for one in room if one.left and one.left.free >= len(place.devices)][:MOST_OTHERS]


@blueprint.route("/places/<place_id>/cancel", methods=["GET", "POST"])
@needs()
def cancel(place_id: str) -> Any:
    """Give the place back, after seeing what that means."""
    place = _place(place_id)
    if not place.can.cancel or place.appointment is None:
        notice(_("现在不能取消了。来不了的话，请到前台说一声。"), "warn")
        return redirect(url_for("places.show", place_id=place_id), 303)
    form = Form.posted_or()
    if form.posted:
        with form.sending():
            clients().booking.cancel(place.appointment.id, form.key)
            notice(_("预约已取消，位子让给了别人。谢谢你提前说。"))
            return redirect("/me", 303)
    return render_template("pages/cancel.html", place=place, form=form), form.status


@blueprint.route("/places/<place_id>/leave", methods=["GET", "POST"])
def leave(place_id: str) -> Any:
    """Leave the line, after seeing what that means; by the key of the link, or as its owner."""
    place, key = _place(place_id), request.args.get("key")
    back = url_for("places.show", place_id=place_id, key=key)
    if place.visit is None or place.step not in ("waiting", "absent"):
        return redirect(back, 303)
    form = Form.posted_or()
    if form.posted:
        with form.sending():
            clients().booking.leave_line(place.visit.id, key, form.key)
            notice(_("已离开队伍。谢谢你说一声，后面的人会快一点。"))
            return redirect(back, 303)
    return render_template("pages/leave_line.html", place=place, form=form, back=back), form.status


@blueprint.get("/photos/<photo_id>")
@needs()
def photo(photo_id: str) -> Any:
    """A photo of a device, for who may see it."""
    found = clients().booking.photo(photo_id)
    return Response(
        found.content,
        mimetype=found.headers.get("content-type", "image/jpeg"),
        headers={"Cache-Control": "private, max-age=3600"},
    )


@blueprint.get("/calendar/<what>/<id>.ics")
@needs()
def calendar_file(what: str, id: str) -> Any:
    """A calendar file of one appointment, enrolment or assignment."""
    if what not in ("appointments", "enrolments", "assignments"):
        return redirect("/me")
    return _calendar(clients().notify.calendar(what, id), f"{what}.ics")


@blueprint.get("/calendar/<what>/<id>")
@needs()
def calendar(what: str, id: str) -> Any:
    """Ways into a calendar: the file, the feed, or text to paste (WeChat's browser blocks files)."""
    feed = url_for("places.feed", token=clients().notify.feed(), _external=True)
    return render_template(
        "pages/calendar.html",
        what=what,
        id=id,
        feed=feed,
        webcal="webcal://" + feed.split("://", 1)[1],
        back=url_for("places.show", place_id=id) if what == "appointments" else "/me",
    )


@blueprint.get("/feeds/<token>.ics")
def feed(token: str) -> Any:
    """A person's calendar feed, for a calendar program that holds its address."""
    return _calendar(clients().notify.feed_calendar(token), None)


def _calendar(content: bytes, name: str | None) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)
