"""A place one was displaced to, and the draw of a session that opens with one."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.web import dates, lookup
from services.web.clients import clients
from services.web.clients.base import Json
from services.web.clients.catalog import Session
from services.web.clients.opening import Draw
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import telling
from shared import clock

blueprint = Blueprint("opening", __name__)
WISHES = ("first", "second", "third")
MOST_DEVICES = 3
blueprint.add_app_template_filter(clock.iso, "stamp")


@blueprint.app_template_filter()
def clock_time(instant: datetime) -> str:
    """An instant to the second, as a clock at the venue shows it."""
    return f"{dates.local(instant):%H:%M:%S}"


@blueprint.post("/places/<place_id>/accept")
@needs()
def accept(place_id: str) -> Any:
    """Take the new time."""
    with telling():
        clients().booking.accept(place_id, request.form.get("idempotency_key", ""))
        notice(_("好，就用这个时间。到时见。"))
    return redirect(url_for("places.show", place_id=place_id), 303)


@blueprint.get("/sessions/<session_id>/draw")
def draw(session_id: str) -> Any:
    """The draw: before it the hash, in its minute the form, after it seed, list and own result."""
    session, found = _session(session_id), clients().booking.draw(session_id)
    return _page(session, found, Form(_typed(found)))


@blueprint.post("/sessions/<session_id>/draw")
@needs()
def enter(session_id: str) -> Any:
    """Enter the draw, or change what one entered."""
    session, form = _session(session_id), Form.posted_or()
    wishes = list(dict.fromkeys(form[name] for name in WISHES if form.text(name)))
    devices = _devices(form)
    if form.require(WISHES[0], "category-0"):
        agreed = form.whole("waiver_version") if form["waiver"] else None
        names = {"wishes": WISHES[0], "devices": "category-0", "waiver_version": "waiver"}
        with form.sending(names):
            clients().booking.enter_draw(session_id, wishes, devices, form.key, agreed)
            notice(_("登记好了。抽签在这一分钟结束后进行，结果会告诉你。"))
            return redirect(url_for("opening.draw", session_id=session_id), 303)
    return _page(session, clients().booking.draw(session_id), form)


@blueprint.post("/sessions/<session_id>/draw/withdraw")
@needs()
def withdraw(session_id: str) -> Any:
    """Leave the draw."""
    with telling():
        clients().booking.withdraw(session_id, request.form.get("idempotency_key", ""))
        notice(_("已退出抽签。这一分钟里还可以再登记。"))
    return redirect(url_for("opening.draw", session_id=session_id), 303)


def _session(session_id: str) -> Session:
    return lookup.bound(clients().catalog.session(session_id))


def _page(session: Session, found: Draw, form: Form) -> Any:
    slots = clients().booking.slots(session.id).slots if found.ahead else ()
    most = min(session.max_devices, MOST_DEVICES)
    return render_template(
        "pages/draw.html",
        session=session,
        draw=found,
        choices=[
            (one.id, dates.time_range(one.starts_at, one.ends_at))
            for one in slots
            if one.state != "past"
        ],
        form=form,
        most=most,
        rules=lookup.rules(session.id) if found.ahead else None,
        place=f"/places/{found.mine.appointment_id}" if found.mine else None,
    ), form.status


def _typed(found: Draw) -> dict[str, Any]:
    """What one entered, as the form shows it."""
    if found.mine is None or not found.mine.is_in:
        return {}
    values: dict[str, Any] = {
        name: wish.slot_id for name, wish in zip(WISHES, found.mine.wishes, strict=False)
    }
    for n, device in enumerate(found.mine.devices):
        values |= {f"category-{n}": device["category_id"], f"brand-{n}": device["brand"]}
        values[f"problem-{n}"] = device["problem"]
    return values


def _devices(form: Form) -> list[Json]:
    found: list[Json] = []
    for n in range(MOST_DEVICES):
        category = form.whole(f"category-{n}")
        if category is not None:
            words = {"brand": form[f"brand-{n}"].strip(), "problem": form[f"problem-{n}"].strip()}
            found.append({"category_id": category, **words})
    return found
