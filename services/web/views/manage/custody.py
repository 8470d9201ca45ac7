"""What is kept here, since when, who has been reminded, what to decide; as a list and as a file."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, abort, redirect, render_template, request

from services.web import dates
from services.web.categories import category
from services.web.clients import clients
from services.web.clients.custody import Custody
from services.web.clients.notify import CustodyNews
from services.web.custody_words import FATES, accessory, custody_state, fate_name
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import Names, names_of
from services.web.show import notice
from services.web.signin import needs, safe_next
from services.web.views.manage.base import attempt, blueprint, telling
from shared import clock

VIEWS = ("held", "ready", "stored", "overdue", "decide", "ended")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NO_NEWS: dict[str, tuple[CustodyNews, ...]] = {}


@dataclass(frozen=True)
class Reminded:
    """How often the owner of a device was told, when last, and when next."""

    times: int
    last: datetime | None
    next: datetime | None
    trouble: str | None


def view_name(view: str) -> str:
    """A view of the shelf in words."""
    return {
        "held": _("都在这里的"),
        "ready": _("可以取"),
        "stored": _("还不能取"),
        "overdue": _("超过两周"),
        "decide": _("要你决定"),
        "ended": _("已经离开"),
    }[view]


def reminded(news: Sequence[CustodyNews]) -> Reminded:
    """Sum up what was said about one device; a mail and its copy in the app count once."""
    mail = [one for one in news if one.channel == "mail"]
    sent = [one for one in news if one.state == "sent"]
    told = {one.days for one in sent}
    ahead = [one.due_at for one in news if one.state == "waiting"]
    lost = next((one.reason_text for one in mail if one.state in ("failed", "skipped")), None)
    last = max((one.sent_at for one in sent if one.sent_at), default=None)
    return Reminded(len(told), last, min(ahead, default=None), lost)


@blueprint.get("/manage/custody")
@needs("coordinator")
def custody() -> Any:
    """The shelf with its filters; what waits for a decision comes with one."""
    view = _view()
    q = request.args.get("q", "").strip()
    page = clients().booking.shelf(view, q or None, request.args.get("cursor"))
    return _page(view, q, page, Form({"days": ""}))


def _view() -> str:
    asked = request.args.get("view", "held")
    return asked if asked in VIEWS else "held"


def _page(view: str, q: str, page: Any, form: Form) -> Any:
    news, notify_away = _news(page.items)
    policy = clients().booking.custody_policy()
    return render_template(
        "pages/manage/custody.html",
        page=page,
        view=view,
        q=q,
        views=[(name, view_name(name)) for name in VIEWS],
        counts=clients().booking.custody_summary(),
        names=names_of(one.person_id for one in page.items),
        reminded={one.id: reminded(news.get(one.id, ())) for one in page.items},
        notify_away=notify_away,
        policy=policy,
        fates=[(name, fate_name(name)) for name in FATES],
        form=form,
        latest=(dates.today() + timedelta(days=365)).isoformat(),
        earliest=(dates.today() + timedelta(days=1)).isoformat(),
    ), form.status


def _news(items: Sequence[Custody]) -> tuple[dict[str, tuple[CustodyNews, ...]], bool]:
    ids = [one.id for one in items]
    if not ids:
        return NO_NEWS, False
    return attempt(lambda: clients().notify.custody_news(ids), NO_NEWS)


@blueprint.post("/manage/custody/<uuid:custody_id>/<act>")
@needs("coordinator")
def decide(custody_id: Any, act: str) -> Any:
    """Put the decision off, or make it."""
    key = request.form.get("idempotency_key", "")
    body = {"dispose": _disposal, "put-off": _later}.get(act, lambda: abort(404))()
    if body is None:
        notice(_("请先选好日期。"), "bad")
    else:
        with telling():
            found = clients().booking.act_on_custody(str(custody_id), act, body, key)
            notice(
                _("%(tag)s 已记下：%(fate)s。", tag=found.tag, fate=fate_name(found.fate))
                if found.fate
                else _("%(tag)s 继续保管。", tag=found.tag)
            )
    return redirect(safe_next(request.form.get("back"), "/manage/custody"), 303)


def _disposal() -> dict[str, Any]:
    return {"fate": request.form.get("fate", ""), "note": request.form.get("note", "").strip()}


def _later() -> dict[str, Any] | None:
    try:
        day = date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        return None
    until = dates.day_start(day) + timedelta(hours=time(20).hour)
    return {"until": clock.iso(until)}


@blueprint.post("/manage/custody/policy")
@needs("coordinator")
def custody_policy() -> Any:
    """Change how many days a repair counts as the same one, and until one decides."""
    form = Form.posted_or()
    body = {name: form.whole(name) for name in ("rework_days", "disposal_days")}
    if form.require(*body):
        with form.sending():
            clients().booking.set_custody_policy(body, form.whole("version") or 0)
            notice(_("规则已保存。"))
            return redirect("/manage/custody", 303)
    page = clients().booking.shelf("held")
    return _page("held", "", page, form)


@blueprint.get("/manage/custody.csv")
@needs("coordinator")
def custody_csv() -> Any:
    """The same list for a spreadsheet: UTF-8 with BOM, nothing in it is a formula."""
    items = clients().booking.whole_shelf(_view(), request.args.get("q"))
    news: dict[str, tuple[CustodyNews, ...]] = {}
    for start in range(0, len(items), 100):
        news |= _news(items[start : start + 100])[0]
    names = names_of(one.person_id for one in items)
    content = "\ufeff" + _table([_row(one, names, news) for one in items])
    headers = {"Content-Disposition": f'attachment; filename="custody-{dates.today()}.csv"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _row(one: Custody, names: Names, news: dict[str, tuple[CustodyNews, ...]]) -> list[str]:
    told = reminded(news.get(one.id, ()))
    things = [accessory(code) for code in one.accessories]
    return [
        one.tag, one.number, names.full(one.person_id) or one.name or "",
        category(one.category_id).replace("\u200b", ""), one.brand, one.shelf, custody_state(one.state),
        _moment(one.stored_at), _moment(one.ready_at), str(told.times), _moment(told.last),
        _("、").join([*things, *([one.accessories_note] if one.accessories_note else [])]),
        _moment(one.ended_at), fate_name(one.fate) if one.fate else "", one.fate_note,
    ]  # fmt: skip


def _table(rows: Iterable[list[str]]) -> str:
    head = [
        _("牌号"), _("号码"), _("谁"), _("物品"), _("品牌"), _("位置"), _("状态"), _("寄存"),
        _("可以取起"), _("提醒次数"), _("最近提醒"), _("一起留下的"), _("离开时间"), _("怎么处理了"), _("处理的说明"),
    ]  # fmt: skip
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, *([harmless(cell) for cell in row] for row in rows)])
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _moment(instant: datetime | None) -> str:
    return f"{dates.local(instant):%Y-%m-%d %H:%M}" if instant else ""
