"""Booking a repair in three steps: what is broken, when, confirm. What was typed waits in signed cookies of this path."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from itsdangerous import BadSignature, URLSafeSerializer

from services.web import lookup
from services.web.categories import BY_ID
from services.web.clients import clients
from services.web.clients.booking import Slots
from services.web.clients.catalog import Session
from services.web.clients.holds import Earlier
from services.web.forms import Form
from services.web.i18n import _
from services.web.security import trustworthy
from services.web.show import notice
from services.web.signin import needs
from shared.http_client import Problem, Unavailable

blueprint = Blueprint("book", __name__)
MOST_DEVICES = 5  # as many as fit into cookies; more can be added at the desk
LONGEST_PROBLEM = 400
KEPT_SECONDS = 2 * 3600
MOST_OTHERS = 4


@dataclass(frozen=True)
class Draft:
    """One device as typed so far."""

    category_id: int
    brand: str = ""
    problem: str = ""
    photo_id: str | None = None
    rework_of: str | None = None

    def request(self) -> dict[str, Any]:
        """As booking takes it."""
        return {name: value for name, value in asdict(self).items() if value}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="booking draft")


def drafts() -> list[Draft]:
    """The devices typed so far; an altered or old cookie counts as nothing."""
    found = []
    for number in range(1, MOST_DEVICES + 1):
        sealed = request.cookies.get(f"device{number}")
        if not sealed:
            break
        try:
            found.append(Draft(**_signer().loads(sealed)))
        except (BadSignature, TypeError):
            break
    return found


def keep(response: Response, session_id: str, devices: list[Draft]) -> Response:
    """Let the browser keep these devices, for this session's booking only."""
    path = url_for("book.device", session_id=session_id)
    for number in range(1, MOST_DEVICES + 1):
        name = f"device{number}"
        if number <= len(devices):
            response.set_cookie(
                name,
                _signer().dumps(asdict(devices[number - 1])),
                max_age=KEPT_SECONDS,
                path=path,
                httponly=True,
                samesite="Lax",
                secure=trustworthy(),
            )
        elif name in request.cookies:
            response.delete_cookie(
                name, path=path, httponly=True, samesite="Lax", secure=trustworthy()
            )
    return response


def _most(session: Session) -> int:
    return max(1, min(session.max_devices, MOST_DEVICES))


@blueprint.route("/sessions/<session_id>/book", methods=["GET", "POST"])
def device(session_id: str) -> Any:
    """Step 1: what is broken. ?device=2 is the second one."""
    session = lookup.bound(clients().catalog.session(session_id))
    if session.kind != "repair":
        return redirect(url_for("sessions.show", session_id=session_id))
    kept, earlier = drafts(), _earlier()
    index = _index(len(kept), _most(session))
    form = Form.posted_or(asdict(kept[index]) if index < len(kept) else {})
    if form.posted:
        _same_again(form, earlier)
        typed = _typed(form, session, kept[index] if index < len(kept) else None)
        if form.ok and typed:
            devices = [*kept[:index], typed, *kept[index + 1 :]]
            target = url_for("book.time", session_id=session_id, slot=request.args.get("slot"))
            return keep(make_response(redirect(target, 303)), session_id, devices)
    return render_template(
        "pages/book_device.html",
        session=session,
        form=form,
        index=index,
        kept=kept,
        earlier=earlier,
        slot=request.args.get("slot"),
    ), form.status


def _index(kept: int, most: int) -> int:
    asked = request.args.get("device", "1")
    wanted = int(asked) if asked.isdigit() else 1
    return max(0, min(wanted - 1, kept, most - 1))


def _typed(form: Form, session: Session, before: Draft | None) -> Draft | None:
    category = form.whole("category_id")
    if category not in BY_ID or (session.categories and category not in session.categories):
        form.add_error(
            "category_id",
            _("请选一下是什么东西；找不到就选“其他”。")
            if not session.categories
            else _("请从这个场次能修的里面选一样。"),
        )
    if len(form["problem"]) > LONGEST_PROBLEM:
        form.add_error(
            "problem", _("请写短一点，最多 %(n)s 字；细节可以当面说。", n=LONGEST_PROBLEM)
        )
    photo = _photo(form, before)
    if not form.ok or category is None:
        return None
    words = form["brand"].strip()[:120], form["problem"].strip()
    return Draft(category, *words, photo, form.text("rework_of"))


def _earlier() -> tuple[Earlier, ...]:
    """What the reader had repaired lately: a device that is back goes first."""
    if g.person is None:
        return ()
    try:
        return clients().booking.earlier()
    except (Problem, Unavailable):
        return ()


def _same_again(form: Form, earlier: tuple[Earlier, ...]) -> None:
    """A device that is back is of the kind it was; what was typed about it stays."""
    found = next((one for one in earlier if one.id == form["rework_of"]), None)
    form.values = form.values.copy()
    form.values["rework_of"] = found.id if found else ""
    if found:
        form.values["category_id"] = str(found.category_id)
        form.values["brand"] = form["brand"].strip() or found.brand


def _photo(form: Form, before: Draft | None) -> str | None:
    """Upload a new photo; keep the one from before unless it was taken away."""
    kept = before.photo_id if before and not form["no_photo"] else None
    file = request.files.get("photo")
    if g.person is None or file is None or not file.filename:
        return kept
    with form.sending():
        return clients().booking.add_photo(file.filename, file.stream, file.mimetype)
    if not form.errors:
        form.add_error("photo", form.summary or "")
    return kept


@blueprint.get("/sessions/<session_id>/book/time")
def time(session_id: str) -> Any:
    """Step 2: when."""
    session = lookup.bound(clients().catalog.session(session_id))
    devices = drafts()
    if not devices:
        return redirect(
            url_for("book.device", session_id=session_id, slot=request.args.get("slot"))
        )
    slots = clients().booking.slots(session_id)
    return render_template(
        "pages/book_time.html",
        session=session,
        slots=slots,
        devices=devices,
        chosen=_chosen(slots, devices),
        most=_most(session),
        others=_others(session) if not slots.free else [],
        form=Form(),
    )


def _others(session: Session) -> list[lookup.Offer]:
    found = lookup.offers(lookup.coming(21, kind="repair"))
    return [one for one in found if one.open and one.session.id != session.id][:MOST_OTHERS]


def _chosen(slots: Slots, devices: list[Draft]) -> str | None:
    """The slot asked for, else the first that has room for all devices."""
    asked = slots.find(request.args.get("slot"))
    if asked and asked.state == "free":
        return asked.id
    return next(
        (one.id for one in slots.slots if one.state == "free" and one.free >= len(devices)), None
    )


@blueprint.post("/sessions/<session_id>/book/devices/<int:number>/remove")
def remove(session_id: str, number: int) -> Any:
    """Take one device out again."""
    devices = [one for index, one in enumerate(drafts(), start=1) if index != number]
    target = url_for(
        "book.time" if devices else "book.device",
        session_id=session_id,
        slot=request.args.get("slot"),
    )
    return keep(make_response(redirect(target, 303)), session_id, devices)


@blueprint.route("/sessions/<session_id>/book/confirm", methods=["GET", "POST"])
@needs()
def confirm(session_id: str) -> Any:
    """Step 3: look once more, then book."""
    devices = drafts()
    slot_id = request.args.get("slot")
    if not devices or not slot_id:
        return redirect(url_for("book.device", session_id=session_id, slot=slot_id))
    session = clients().catalog.session(session_id)
    form = Form.posted_or()
    if form.posted:
        agreed = form.whole("waiver_version") if form["waiver"] else None
        with form.sending({"waiver_version": "waiver"}):
            wishes = [one.request() for one in devices]
            booked = clients().booking.book(slot_id, wishes, form.key, agreed)
            notice(_("预约好了。确认和提醒会发到你的消息和邮箱。"))
            done = redirect(url_for("places.show", place_id=booked.id), 303)
            return keep(make_response(done), session_id, [])
    slot = None if form.code == "unavailable" else clients().booking.slots(session_id).find(slot_id)
    return render_template(
        "pages/book_confirm.html",
        session=session,
        slot=slot,
        slot_id=slot_id,
        devices=devices,
        rules=lookup.rules(session_id),
        form=form,
    ), form.status
