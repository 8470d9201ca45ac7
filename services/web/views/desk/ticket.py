"""One device at the bench: what was found and done, parts, the safety test, and the way home."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.bench import Device, RepairCode
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import names_of
from services.web.readings import cents, reading
from services.web.signin import has_role, needs
from services.web.views.desk.board import attempt
from services.web.views.desk.page import STATUSES, blueprint, telling
from shared.http_client import Problem, Unavailable

FORBIDDEN, PRECONDITION_FAILED = 403, 412
READINGS = ("earth_ohm", "insulation_mohm", "leakage_ma")
SOURCES = (("centre", "中心的"), ("owner", "对方自带"), ("reused", "旧件再用"))
PATH = "/desk/<session_id>/tickets/<ticket_id>"


def onward(session_id: str, ticket_id: str) -> Any:
    """Back to where one came from: the device's page, or the desk."""
    if request.values.get("then") == "ticket":
        return redirect(ticket_url(session_id, ticket_id), 303)
    return redirect(url_for("desk.show", session_id=session_id), 303)


def ticket_url(session_id: str, ticket_id: str) -> str:
    """The address of a device's page."""
    return url_for("desk.ticket", session_id=session_id, ticket_id=ticket_id)


def shown(template: str, form: Form, session_id: str, device: Device, **more: Any) -> Any:
    """Show a form about a device; closing it leads back to where one came from."""
    then = request.values.get("then")
    return render_template(
        template,
        form=form,
        session_id=session_id,
        device=device,
        then="?then=ticket" if then == "ticket" else "",
        back_url=ticket_url(session_id, device.id) if then == "ticket" else f"/desk/{session_id}",
        **more,
    ), form.status


@blueprint.get(PATH)
@needs("coordinator", "volunteer")
def ticket(session_id: str, ticket_id: str) -> Any:
    """Everything about one device, and the next step."""
    device = clients().booking.device(ticket_id)
    testers = [one.tester_id for one in device.tests]
    memory, _away = attempt(lambda: clients().booking.memory(ticket_id), None)
    again = memory.earlier.suggested if memory and memory.earlier else ()
    names = names_of([device.person_id, device.volunteer_id, *testers, *again])
    return render_template(
        "pages/bench_ticket.html",
        device=device,
        memory=memory,
        names=names,
        session_id=session_id,
        outcomes={name: _(label) for name, label in STATUSES},
        sources={name: _(label) for name, label in SOURCES},
    )


@blueprint.route(f"{PATH}/work", methods=["GET", "POST"])
@needs("coordinator", "volunteer")
def work(session_id: str, ticket_id: str) -> Any:
    """What was found and done, as chips, and a note."""
    device = clients().booking.device(ticket_id)
    found, done = clients().booking.repair_codes()
    form = Form.posted_or(
        {
            "version": device.work_version,
            "findings": [one.code for one in device.findings],
            "actions": [one.code for one in device.actions],
            "note": device.note or "",
        }
    )
    if form.posted:
        body = {
            "findings": form.all("findings"),
            "actions": form.all("actions"),
            "note": form.text("note") or "",
        }
        with form.sending():
            clients().booking.record_work(ticket_id, body, form.whole("version") or 0)
            flash(_("记下了。"), "go")
            return onward(session_id, ticket_id)
        if form.status == PRECONDITION_FAILED:
            _overtaken(form, device)
    return shown(
        "pages/bench_work.html", form, session_id, device, found=chips(found), done=chips(done)
    )


def chips(codes: tuple[RepairCode, ...]) -> list[tuple[str, Any]]:
    """Codes as the choices of a form."""
    return [(one.code, one.name) for one in codes]


def _overtaken(form: Form, device: Device) -> None:
    """Somebody else wrote first: keep both, and say so."""
    form.summary = _("刚才有别人也记了这件。两边的都勾上了，看一下再保存。")
    form.values = form.values.copy()
    for name, theirs in (("findings", device.findings), ("actions", device.actions)):
        both = dict.fromkeys([*form.all(name), *(one.code for one in theirs)])
        form.values.setlist(name, list(both))
    if device.note and device.note not in form["note"]:
        form.values["note"] = f"{form['note']}\n{device.note}".strip()
    form.values["version"] = str(device.work_version)


@blueprint.route(f"{PATH}/parts", methods=["GET", "POST"])
@needs("coordinator", "volunteer")
def parts(session_id: str, ticket_id: str) -> Any:
    """Parts that went in, and one more."""
    form = Form.posted_or({"quantity": 1, "source": "centre"})
    if form.posted and form.require("name"):
        body = {
            "name": form["name"].strip(),
            "quantity": form.whole("quantity") or 1,
            "source": form["source"] or "centre",
            "cost_cents": cents(form, "cost") if form["source"] == "centre" else None,
        }
        if form.ok:
            with form.sending({"cost_cents": "cost"}):
                clients().booking.add_part(ticket_id, body, form.key)
                flash(_("零件记下了。"), "go")
                return onward(session_id, ticket_id)
    device = clients().booking.device(ticket_id)
    choices = [(name, _(label)) for name, label in SOURCES]
    return shown("pages/bench_parts.html", form, session_id, device, choices=choices)


@blueprint.post(f"{PATH}/parts/<part_id>/remove")
@needs("coordinator", "volunteer")
def remove_part(session_id: str, ticket_id: str, part_id: str) -> Any:
    """Strike a part."""
    with telling():
        clients().booking.remove_part(ticket_id, part_id)
    return onward(session_id, ticket_id)


@blueprint.post(f"{PATH}/power")
@needs("coordinator", "volunteer")
def power(session_id: str, ticket_id: str) -> Any:
    """Say whether a device runs on the mains."""
    with telling():
        clients().booking.say_power(ticket_id, request.form.get("power", ""))
    return onward(session_id, ticket_id)


@blueprint.route(f"{PATH}/test", methods=["GET", "POST"])
@needs("coordinator", "volunteer")
def test(session_id: str, ticket_id: str) -> Any:
    """Readings of a safety test; whether it passed comes back as the answer."""
    device = clients().booking.device(ticket_id)
    form = Form.posted_or(_usual(device))
    if form.posted and form.require("protection_class", "visual", "instrument"):
        body = _readings(form)
        if form.ok:
            with form.sending({"visual_ok": "visual"}), forbidding(form):
                _told(device, clients().booking.record_test(ticket_id, body, form.key).passed)
                return onward(session_id, ticket_id)
    testers = names_of(device.testers)
    choices = [(one, testers.masked(one) or _("志愿者")) for one in device.testers]
    return shown(
        "pages/bench_test.html",
        form,
        session_id,
        device,
        limits=clients().booking.safety_limits()[0],
        testers=choices if has_role("coordinator") else [],
    )


@contextmanager
def forbidding(form: Form) -> Iterator[None]:
    """That somebody may not do this is said on the form, which keeps what was typed."""
    try:
        yield
    except Problem as problem:
        if problem.status != FORBIDDEN:
            raise
        form.refuse(problem)


def _usual(device: Device) -> dict[str, Any]:
    """What need not be typed again: the class of the last test, the instrument used last."""
    last = device.tests[0] if device.tests else None
    with_what = device.instrument
    return {
        "protection_class": last.protection_class if last else "",
        "polarity": "",
        "instrument": with_what.name if with_what else last.instrument if last else "",
        "instrument_serial": with_what.serial
        if with_what
        else last.instrument_serial
        if last
        else "",
    }


def _readings(form: Form) -> dict[str, Any]:
    protection_class = form["protection_class"]
    usual = "right" if protection_class == "I" else "not_polarised"
    body: dict[str, Any] = {
        "protection_class": protection_class,
        "visual_ok": form["visual"] == "ok",
        "polarity": form.text("polarity") or usual,
        "insulation_omitted": form["insulation_omitted"] == "1",
        "instrument": form["instrument"].strip(),
        "instrument_serial": form.text("instrument_serial") or "",
        "note": form.text("note") or "",
        "tester_id": form.text("tester_id"),
    }
    asked = {"I": READINGS, "II": READINGS[1:], "III": READINGS[1:2]}.get(protection_class, ())
    if protection_class == "I" and body["visual_ok"] and not form.text("polarity"):
        form.require("polarity")
    return body | {name: reading(form, name) for name in asked}


def _told(device: Device, passed: bool) -> None:
    number = device.number or ""
    if passed:
        flash(_("%(number)s 通过了安全测试，可以交还。", number=number), "go")
    else:
        flash(_("%(number)s 没有通过安全测试，先留下。", number=number), "bad")


@blueprint.route(f"{PATH}/hand-back", methods=["GET", "POST"])
@needs("coordinator", "volunteer")
def hand_back(session_id: str, ticket_id: str) -> Any:
    """Give a device back; a failed one only disabled, with the name of whoever takes it."""
    form = Form.posted_or()
    if form.posted:
        name = form.text("acknowledged_by") or ""
        body = {"disabled": form["disabled"] == "1", "acknowledged_by": name}
        with form.sending():
            clients().booking.hand_back(ticket_id, body, form.key)
            flash(_("已交还。谢谢，路上小心。"), "go")
            return onward(session_id, ticket_id)
        if not body["disabled"]:
            flash(form.summary or _("这一步现在做不了。"), "bad")
            return onward(session_id, ticket_id)
    device = clients().booking.device(ticket_id)
    return shown("pages/bench_hand_back.html", form, session_id, device)


@blueprint.post(f"{PATH}/take-back")
@needs("coordinator", "volunteer")
def take_back(session_id: str, ticket_id: str) -> Any:
    """Undo a hand-back that was a wrong tap."""
    with telling():
        clients().booking.take_back(ticket_id, request.form.get("idempotency_key", ""))
        flash(_("已撤销，东西还在这里。"), "go")
    return onward(session_id, ticket_id)


def give_along(ticket_id: str, key: str) -> None:
    """Hand a device back together with its outcome; a refusal is said, the outcome stands."""
    try:
        clients().booking.hand_back(ticket_id, {}, f"{key}-home")
    except (Problem, Unavailable) as problem:
        flash(
            getattr(problem, "detail", None) or _("结果已记下，交还没有成功，请再点一次。"), "bad"
        )
