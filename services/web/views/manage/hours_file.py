"""Hours as a table for a spreadsheet: what the same filters find, with every figure it follows from."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from flask import Response

from services.web import dates
from services.web.clients import clients
from services.web.clients.hours import HoursLine
from services.web.i18n import _
from services.web.names import Names, names_of
from services.web.show import text
from services.web.signin import needs
from services.web.views.hours import rounding
from services.web.views.manage.base import blueprint
from services.web.views.manage.custody import harmless
from services.web.views.manage.hours import asked_for

MOST = 20_000
AT_ONCE = 200


@blueprint.get("/manage/hours.csv")
@needs("coordinator")
def hours_csv() -> Response:
    """UTF-8 with BOM, nothing in it is a formula; minutes are exact, the policy stands at each line."""
    policies = {one.version: rounding(one) for one in clients().roster.policies()[0]}
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(_head())
    for lines in _all():
        names = names_of(one.person_id for one in lines)
        for one in lines:
            row = _row(one, names, policies.get(one.policy_version, ""))
            table.writerow([harmless(cell) for cell in row])
    headers = {"Content-Disposition": f'attachment; filename="hours-{dates.today()}.csv"'}
    content = "\ufeff" + out.getvalue()
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _all() -> Iterator[tuple[HoursLine, ...]]:
    _form, wanted = asked_for()
    cursor, given = None, 0
    while wanted is not None and given < MOST:
        page = clients().roster.hours_page(**wanted, limit=AT_ONCE, cursor=cursor)
        yield page.items
        given, cursor = given + len(page.items), page.next_cursor
        if not cursor:
            return


def _head() -> list[str]:
    return [
        _("谁"), _("场次"), _("角色"), _("签到"), _("签退"), _("不算的分钟"), _("分钟"),
        _("第几条"), _("原来的分钟"), _("更正的原因"), _("忘记签退"), _("异议"), _("试运行"),
        _("取整规则"),
    ]  # fmt: skip


def _row(one: HoursLine, names: Names, policy: str) -> list[str]:
    last = one.entries[-1] if one.entries else None
    said = {"open": _("等待处理"), "upheld": _("同意"), "declined": _("维持")}
    return [
        names.full(one.person_id) or "", text(one.session_title), text(one.role),
        _moment(one.checked_in_at), _moment(one.checked_out_at), str(one.pause_minutes),
        str(one.minutes), str(one.version),
        str(one.entries[0].minutes) if one.entries else "", last.reason if last else "",
        _("是") if one.closed_by_rule else "", said[one.objections[-1].state] if one.objections else "",
        _("是") if one.trial else "", policy,
    ]  # fmt: skip


def _moment(instant: datetime) -> str:
    return f"{dates.local(instant):%Y-%m-%d %H:%M}"
