"""Records of service hours at the desk: who served in some days, issue for many at once, show, revoke."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from services.web import dates
from services.web.clients import clients
from services.web.forms import Form
from services.web.i18n import _, _n
from services.web.names import Names, names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import blueprint, telling
from services.web.views.service_records.pages import pdf
from shared.ids import new_id

DETAILS = ("organiser", "responsible", "handler", "contact", "note")
STATES = ("valid", "replaced", "revoked")
MOST_SHEETS = 100


@blueprint.route("/manage/service-records", methods=["GET", "POST"])
@needs("coordinator")
def service_records() -> Any:
    """Who served in these days and has no record of it yet; issue for those who are ticked."""
    form = Form.posted_or({**last_month(), "organiser": _("工程训练中心"), **request.args})
    first, last = days_of(form)
    ready = clients().roster.ready_for_records(first, last) if form.ok else ()
    names = names_of(one.person_id for one in ready)
    if form.posted and form["do"] == "issue":
        done = _issue(form, (first, last), names)
        if done:
            return done
    state = request.args.get("state") if request.args.get("state") in STATES else None
    page = clients().roster.records(request.args.get("cursor"), state=state)
    return render_template(
        "pages/manage/service_records.html",
        form=form,
        ready=ready,
        names=names,
        page=page,
        state=state,
        states=STATES,
        new_key=new_id,
    ), form.status if form.posted else 200


def _issue(form: Form, days: tuple[date, date], names: Names) -> Any:
    chosen = form.all("person")
    if not chosen:
        form.add_error("person", _("至少选一位。"))
    unnamed = [one for one in chosen if names.full(one) is None]
    if unnamed:
        form.add_error("person", _("有人的名字现在查不到，过一会儿再开。"))
    form.require("organiser")
    if not form.ok:
        return None
    body = {
        "first": days[0].isoformat(),
        "last": days[1].isoformat(),
        "people": [{"person_id": one, "name": names.full(one)} for one in chosen],
        "details": {name: form.text(name) or "" for name in DETAILS},
    }
    with form.sending({f"details.{name}": name for name in DETAILS} | {"last": "last"}):
        made = Counter(one.outcome for one in clients().roster.issue_records(body, form.key))
        _tell(made)
        first, last = (day.isoformat() for day in days)
        return redirect(url_for("manage.service_records", first=first, last=last), 303)
    return None


def _tell(made: Counter[str]) -> None:
    words = [_n("开好了 %(n)s 份记录单。", made["issued"] + made["replaced"])]
    if made["replaced"]:
        words.append(_n("其中 %(n)s 份换发。", made["replaced"]))
    if made["unchanged"]:
        words.append(_n("%(n)s 份没有变化，没有重开。", made["unchanged"]))
    if made["oneself"]:
        words.append(_("你自己的要请别的协调员开。"))
    notice("".join(words))


@blueprint.get("/manage/service-records/<record_id>/sheet.pdf")
@needs("coordinator")
def service_record_sheet(record_id: str) -> Response:
    """One record as PDF."""
    return pdf([clients().roster.record(record_id)])


@blueprint.get("/manage/service-records/sheets.pdf")
@needs("coordinator")
def service_record_sheets() -> Response:
    """The chosen records, one after the other, in one file to print."""
    ids = request.args.getlist("id")[:MOST_SHEETS]
    if not ids:
        notice(_("至少选一份。"), "bad")
        return redirect(url_for("manage.service_records"), 303)  # type: ignore[return-value]  # also an answer
    return pdf([clients().roster.record(one) for one in ids])


@blueprint.post("/manage/service-records/<record_id>/revoke")
@needs("coordinator")
def revoke_service_record(record_id: str) -> Any:
    """Say that a record does not hold."""
    form = Form.posted_or()
    reason = form.text("reason")
    with telling():
        if reason:
            clients().roster.revoke_record(record_id, reason, form.key)
            notice(_("已作废。扫码的人会看到“已作废”。"))
        else:
            notice(_("写一下为什么作废。"), "bad")
    return redirect(url_for("manage.service_records"), 303)


def last_month() -> dict[str, str]:
    """The month before this one, as it is when its hours were checked."""
    last = dates.today().replace(day=1) - timedelta(days=1)
    return {"first": last.replace(day=1).isoformat(), "last": last.isoformat()}


def days_of(form: Form) -> tuple[date, date]:
    """The days of a form, both included; what cannot be is an error on its field."""
    try:
        first, last = date.fromisoformat(form["first"]), date.fromisoformat(form["last"])
    except ValueError:
        form.add_error("last", _("日期要像 2026-11-25 这样写。"))
        return dates.today(), dates.today()
    if last < first:
        form.add_error("last", _("结束日期要在开始日期之后。"))
    elif last > dates.today():
        form.add_error("last", _("还没有过完的日子不能开记录单。"))
    return first, last
