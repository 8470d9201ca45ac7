"""Waiting for a full slot: asking for it, where one stands, the place that is offered, coming along."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for

from services.web import dates, lookup
from services.web.clients import clients
from services.web.clients.base import Json
from services.web.clients.booking import Slot, Slots
from services.web.clients.catalog import Session
from services.web.clients.waiting import WaitEntry
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import telling
from shared.http_client import Problem, Unavailable

blueprint = Blueprint("waiting", __name__)
WISHES = ("first", "second", "third")
MOST_DEVICES = 5
FULL = ("full", "waiting_for_volunteers")


@blueprint.route("/sessions/<session_id>/wait", methods=["GET", "POST"])
@needs()
def join(session_id: str) -> Any:
    """Which times would do, and how many devices; ?slot= is the favourite."""
    session = clients().catalog.session(session_id)
    standing = in_session(session_id)
    if standing:
        return redirect(url_for("waiting.show", entry_id=standing.id), 303)
    asked = request.args.get("slot")
    form = Form.posted_or({"when": "these" if asked else "any", "first": asked, "devices": 1})
    if form.posted:
        entry = joined(form, session_id)
        if entry:
            notice(_("已加入候补。有空位会按顺序问你。"))
            return redirect(url_for("waiting.show", entry_id=entry.id), 303)
    slots = clients().booking.slots(session_id)
    return render_template(
        "pages/wait_join.html", session=session, form=form, **choices(session, slots)
    ), form.status


def joined(form: Form, session_id: str, person_id: str | None = None) -> WaitEntry | None:
    """Send the wish to wait; None where the form has to be shown again."""
    wishes = list(dict.fromkeys(form[name] for name in WISHES if form.text(name)))
    any_time = form["when"] != "these"
    if not any_time and not wishes:
        form.add_error("first", _("选一个时段，或者选“哪个时段都行”。"))
    devices = form.whole("devices") or 1
    if form.ok:
        with form.sending({"slots": "first"}):
            return clients().booking.wait(
                session_id, devices, [] if any_time else wishes, form.key, person_id
            )
    return None


def choices(session: Session, slots: Slots) -> dict[str, Any]:
    """What the form offers: times that can be waited for, and how many devices."""
    coming = [one for one in slots.slots if one.state in FULL or one.state == "free"]
    return {
        "slots": slots,
        "times": [(one.id, _time(one)) for one in coming],
        "counts": [(n, str(n)) for n in range(1, min(session.max_devices, MOST_DEVICES) + 1)],
    }


def _time(slot: Slot) -> str:
    words = {"full": _("已满"), "waiting_for_volunteers": _("等志愿者")}
    word = words.get(slot.state) or _("还有 %(n)s 个", n=slot.free)
    return f"{dates.time_range(slot.starts_at, slot.ends_at)} · {word}"


def in_session(session_id: str) -> WaitEntry | None:
    """My live place on the waitlist of a session; None also where booking cannot be asked."""
    if g.person is None:
        return None
    try:
        waits = clients().booking.mine().waits
    except (Unavailable, Problem):
        return None
    return next((one for one in waits if one.session_id == session_id and one.live), None)


@blueprint.get("/waitlist/<entry_id>")
@needs()
def show(entry_id: str) -> Any:
    """Where one stands, or the place that is held and until when."""
    return _page(clients().booking.wait_entry(entry_id))


@blueprint.get("/waitlist/<entry_id>/live")
@needs()
def fragment(entry_id: str) -> Any:
    """The part of the page that changes."""
    return render_template("partials/wait.html", **_context(clients().booking.wait_entry(entry_id)))


def _page(entry: WaitEntry) -> Any:
    return render_template("pages/wait.html", **_context(entry))


def _context(entry: WaitEntry) -> dict[str, Any]:
    try:
        slots = clients().booking.slots(entry.session_id)
    except (Unavailable, Problem):
        slots = None
    known = {one.id: one for one in slots.slots} if slots else {}
    link = (
        url_for("waiting.together", entry_id=entry.id, code=entry.invitation, _external=True)
        if entry.invitation and entry.partner is None
        else None
    )
    return {
        "entry": entry,
        "mine": entry.person_id == g.person.id,
        "wishes": [known[id] for id in entry.slots if id in known],
        "passed": [known[id] for id in entry.passed if id in known],
        "link": link,
    }


@blueprint.route("/waitlist/<entry_id>/take", methods=["GET", "POST"])
@needs()
def take(entry_id: str) -> Any:
    """Say what comes along, and the place is taken."""
    entry = clients().booking.wait_entry(entry_id)
    form = Form.posted_or()
    if form.posted:
        if form.require(*(f"category-{n}" for n in range(entry.devices))):
            agreed = form.whole("waiver_version") if form["waiver"] else None
            with form.sending({"devices": "category-0", "waiver_version": "waiver"}):
                devices = _devices(form, entry.devices)
                booked = clients().booking.claim(entry_id, devices, form.key, agreed)
                notice(_("好了，位置是你的。到时见。"))
                return redirect(url_for("places.show", place_id=booked), 303)
    elif entry.offer is None:
        return redirect(url_for("waiting.show", entry_id=entry_id), 303)
    session = clients().catalog.session(entry.session_id)
    return render_template(
        "pages/wait_take.html",
        entry=entry,
        session=session,
        rules=lookup.rules(entry.session_id),
        form=form,
    ), form.status


def _devices(form: Form, count: int) -> list[Json]:
    return [
        {
            "category_id": form.whole(f"category-{n}"),
            "brand": form[f"brand-{n}"].strip(),
            "problem": form[f"problem-{n}"].strip(),
        }
        for n in range(count)
    ]


@blueprint.post("/waitlist/<entry_id>/<any(decline, part):act>")
@needs()
def answer(entry_id: str, act: str) -> Any:
    """Not this one, the rank stays; or: go on without the other one."""
    with telling():
        clients().booking.change_wait(entry_id, act, request.form.get("idempotency_key", ""))
        notice(
            {
                "decline": _("好，这次让给下一位，你的名次不变。"),
                "part": _("好，你们各自候补，各按自己的名次。"),
            }[act]
        )
    return redirect(url_for("waiting.show", entry_id=entry_id), 303)


@blueprint.route("/waitlist/<entry_id>/leave", methods=["GET", "POST"])
@needs()
def leave(entry_id: str) -> Any:
    """Stop waiting, after seeing what that means."""
    entry = clients().booking.wait_entry(entry_id)
    back = url_for("waiting.show", entry_id=entry_id)
    if not entry.live:
        return redirect(back, 303)
    form = Form.posted_or()
    if form.posted:
        with form.sending():
            clients().booking.change_wait(entry_id, "leave", form.key)
            notice(_("已退出候补。谢谢你说一声。"))
            return redirect(url_for("sessions.show", session_id=entry.session_id), 303)
    return render_template("pages/wait_leave.html", entry=entry, form=form, back=back), form.status


@blueprint.route("/waitlist/<entry_id>/together", methods=["GET", "POST"])
@needs()
def together(entry_id: str) -> Any:
    """Somebody asks me to come along: look, and agree."""
    code = request.args.get("code", "")
    found = clients().booking.invitation(entry_id, code)
    session = clients().catalog.session(found.session_id)
    slots = clients().booking.slots(found.session_id)
    form = Form.posted_or({"devices": 1})
    if form.posted:
        with form.sending():
            count = form.whole("devices") or 1
            entry = clients().booking.come_along(entry_id, code, count, form.key)
            notice(_("好了，你们一起候补。"))
            return redirect(url_for("waiting.show", entry_id=entry.id), 303)
    wishes = [one for one in (slots.find(id) for id in found.slots) if one]
    return render_template(
        "pages/wait_together.html",
        session=session,
        invitation=found,
        wishes=wishes,
        form=form,
        counts=choices(session, slots)["counts"],
    ), form.status
