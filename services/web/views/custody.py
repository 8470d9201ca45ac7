"""Devices that stay: taking one in at the desk, its tag on paper, finding it again, handing it out."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.base import Json
from services.web.clients.custody import Custody
from services.web.clients.queue import Queue, Ticket
from services.web.custody_words import ACCESSORIES
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import telling
from services.web.views.wall import both
from shared.ids import new_id

blueprint = Blueprint("custody", __name__)
ON_SITE = ("coordinator", "volunteer")
MOST_PHOTOS = 6
SIMPLE_ACTS = ("ready", "undo")


@blueprint.route("/desk/<session_id>/tickets/<ticket_id>/keep", methods=["GET", "POST"])
@needs(*ON_SITE)
def keep(session_id: str, ticket_id: str) -> Any:
    """Take a device in: what came along, how it looks, where it lies."""
    queue = clients().booking.queue(session_id)
    ticket = _ticket(queue, ticket_id)
    over = ticket is not None and ticket.state == "closed"
    form = Form.posted_or({"ready": "1" if over else ""})
    if form.posted:
        photos = _photos(form)
        if form.require("shelf") and form.ok:
            with form.sending():
                made = clients().booking.keep(ticket_id, _intake(form, photos), form.key)
                return redirect(url_for("custody.tag", custody_id=made.id, desk=session_id), 303)
    return render_template(
        "pages/desk_keep.html",
        form=form,
        session_id=session_id,
        ticket_id=ticket_id,
        ticket=ticket,
        over=over,
        accessories=ACCESSORIES,
        photos=form.all("photo_id"),
        most=MOST_PHOTOS,
    ), form.status


def _ticket(queue: Queue, ticket_id: str) -> Ticket | None:
    visits = (*queue.serving, *queue.called, *queue.waiting)
    at_bench = [one.ticket for one in queue.benches if one.ticket]
    devices = [device for visit in visits for device in visit.devices]
    return next((one for one in (*at_bench, *devices, *queue.recent) if one.id == ticket_id), None)


def _photos(form: Form) -> list[str]:
    """Upload what was taken now; what was uploaded before an error stays on the form."""
    kept = form.all("photo_id")
    files = [one for one in request.files.getlist("photos") if one.filename]
    if len(kept) + len(files) > MOST_PHOTOS:
        form.add_error("photos", _("最多 %(n)s 张照片。", n=MOST_PHOTOS))
        return kept
    for file in files:
        with form.sending({"photo": "photos"}):
            kept.append(
                clients().booking.add_photo(file.filename or "", file.stream, file.mimetype)
            )
    if form.summary and not form.errors:
        form.add_error("photos", form.summary)
    form.values = form.values.copy()
    form.values.setlist("photo_id", kept)
    return kept


def _intake(form: Form, photos: list[str]) -> Json:
    return {
        "shelf": form["shelf"].strip(),
        "accessories": form.all("accessories"),
        "accessories_note": form["accessories_note"].strip(),
        "condition": form["condition"].strip(),
        "photos": photos,
        "ready": bool(form["ready"]),
    }


@blueprint.get("/custody")
@needs(*ON_SITE)
def shelf() -> Any:
    """Find a device: by what stands on its tag, by its number, or by looking at the shelf."""
    q = request.args.get("q", "").strip()
    page = clients().booking.shelf("held", q or None, request.args.get("cursor"))
    if q and len(page) == 1 and page.items[0].tag == q.upper():
        return redirect(url_for("custody.show", custody_id=page.items[0].id))
    names = names_of(one.person_id for one in page.items)
    return render_template("pages/custody_shelf.html", page=page, q=q, names=names)


@blueprint.get("/custody/t/<tag>")
@needs(*ON_SITE)
def by_tag(tag: str) -> Any:
    """What the code on a tag opens."""
    for view in ("held", "ended"):
        page = clients().booking.shelf(view, tag)
        found = next((one for one in page.items if one.tag == tag.upper()), None)
        if found:
            return redirect(url_for("custody.show", custody_id=found.id))
    return abort(404)


@blueprint.get("/custody/<uuid:custody_id>")
@needs(*ON_SITE)
def show(custody_id: Any) -> Any:
    """One device, and what can be done with it."""
    return _page(clients().booking.custody(str(custody_id)), Form())


@blueprint.post("/custody/<uuid:custody_id>/hand-back")
@needs(*ON_SITE)
def hand_back(custody_id: Any) -> Any:
    """Give it to whoever has the code (or, coordinators, whose card was looked at)."""
    id, form = str(custody_id), Form.posted_or()
    card = form["proof"] == "id_card"
    if card or form.require("code"):
        said = {"proof": "id_card"} if card else {"proof": "code", "code": form["code"].strip()}
        with form.sending():
            found = clients().booking.act_on_custody(id, "hand-back", said, form.key)
            notice(_("%(tag)s 已交还，请核对配件都带上了。", tag=found.tag))
            return redirect(url_for("custody.show", custody_id=id), 303)
    form.key = new_id()  # another code is another request
    return _page(clients().booking.custody(id), form)


@blueprint.post("/custody/<uuid:custody_id>/act/<act>")
@needs(*ON_SITE)
def do(custody_id: Any, act: str) -> Any:
    """Say that it can be fetched; take a hand-back back."""
    if act not in SIMPLE_ACTS:
        abort(404)
    with telling():
        key = request.form.get("idempotency_key", "")
        found = clients().booking.act_on_custody(str(custody_id), act, {}, key)
        notice(
            _("%(tag)s 可以取了，已经告诉对方。", tag=found.tag)
            if act == "ready"
            else _("已撤销，%(tag)s 还在架子上。", tag=found.tag)
        )
    return redirect(url_for("custody.show", custody_id=custody_id), 303)


@blueprint.post("/custody/<uuid:custody_id>/amend")
@needs(*ON_SITE)
def amend(custody_id: Any) -> Any:
    """Correct where it lies, what came along, how it looks."""
    id, form = str(custody_id), Form.posted_or()
    if form.require("shelf"):
        with form.sending():
            body = _intake(form, []) | {"accessories": form.all("accessories")}
            for name in ("photos", "ready"):
                body.pop(name)
            clients().booking.amend_custody(id, body, form.whole("version") or 0)
            notice(_("改好了。"))
            return redirect(url_for("custody.show", custody_id=id), 303)
    return _page(clients().booking.custody(id), form, amending=True)


def _page(found: Custody, form: Form, *, amending: bool = False) -> Any:
    defaults = {name: getattr(found, name) for name in ("shelf", "accessories_note", "condition")}
    values: Any = defaults | {"accessories": list(found.accessories), "version": found.version}
    return render_template(
        "pages/custody_item.html",
        one=found,
        form=form if not amending else Form(),
        details=form if amending else Form(values),
        amending=amending,
        accessories=ACCESSORIES,
        names=names_of([found.person_id]),
    ), form.status


@blueprint.get("/custody/<uuid:custody_id>/tag")
@needs(*ON_SITE)
def tag(custody_id: Any) -> Any:
    """The tag on plain paper: one half for the device, one for its owner, in both languages."""
    found = clients().booking.slip(str(custody_id))
    link = url_for("places.show", place_id=found.visit_id, key=found.key, _external=True)
    return render_template(
        "pages/custody_tag.html",
        one=found,
        scan=url_for("custody.by_tag", tag=found.tag, _external=True),
        link=link if found.key else None,
        both=both,
        desk=request.args.get("desk"),
        names=names_of([found.person_id]),
    )
