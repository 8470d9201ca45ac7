"""The hand-over table: hours for the unit's own platform as CSV or XLSX, with the columns that it wants."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.handover import Column, Layout, Served
from services.web.forms import Form
from services.web.i18n import _
from services.web.names import Names, names_of
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import blueprint, overtaken, watching
from services.web.views.manage.custody import harmless
from services.web.views.manage.service_records import days_of, last_month

MOST = 20_000
SHOWN = 5
WORDS = {
    "name": "姓名",
    "day": "服务日期",
    "came": "开始时间",
    "left": "结束时间",
    "minutes": "分钟",
    "hours": "小时（两位小数）",
    "project": "项目",
    "place": "地点",
    "role": "岗位",
    "person_id": "系统里的编号",
}
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("/manage/handover", methods=["GET", "POST"])
@needs("coordinator")
def handover() -> Any:
    """Choose the columns and days, look at the first lines, take the file."""
    layout = clients().roster.handover_layout()
    form = Form.posted_or({**_typed(layout), **last_month(), **request.args})
    changes: list[tuple[str, str]] = []
    if form.posted:
        saved = _save(form, layout, changes)
        if saved:
            return saved
    first, last = days_of(form)
    found = next(clients().roster.handover_lines(first, last, SHOWN), ()) if form.ok else ()
    shown = found[:SHOWN]
    names = names_of(one.person_id for one in shown)
    return render_template(
        "pages/manage/handover.html",
        form=form,
        layout=layout,
        changes=changes,
        words={code: _(label) for code, label in WORDS.items()},
        order=_order(form),
        rows=[[_cell(one, column.code, names) for column in layout.columns] for one in shown],
    ), form.status if form.posted else 200


@blueprint.get("/manage/handover.<kind>")
@needs("coordinator")
def handover_file(kind: str) -> Response:
    """The table as a file: UTF-8 with BOM or a workbook, nothing in it is a formula."""
    form = Form(request.args.to_dict())
    first, last = days_of(form)
    if kind not in ("csv", "xlsx") or not form.ok:
        abort(404)
    columns = clients().roster.handover_layout().columns
    make, type = (_csv, CSV) if kind == "csv" else (_xlsx, XLSX)
    name = f"service-hours-{first}-{last}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(make(columns, _rows(columns, first, last)), content_type=type, headers=headers)


def _save(form: Form, layout: Layout, changes: list[tuple[str, str]]) -> Any:
    columns = [
        {"code": code, "head": form.text(f"head-{code}") or _(WORDS[code])} for code in _order(form)
    ]
    columns = [one for one in columns if one["code"] in form.all("column")]
    if not columns:
        form.add_error("column", _("至少选一列。"))
        return None

    def explain() -> None:
        newest = clients().roster.handover_layout()
        labels = {f"head-{code}": _(label) for code, label in WORDS.items()}
        changes.extend(overtaken(form, newest, labels, _typed(newest)))

    with watching(form, {"columns": "column"}, explain):
        clients().roster.save_handover_layout(columns, int(form["version"] or layout.version))
    if not form.ok:
        return None
    notice(_("列设置存好了。"))
    first, last = form["first"], form["last"]
    return redirect(url_for("manage.handover", first=first, last=last), 303)


def _typed(layout: Layout) -> dict[str, Any]:
    values: dict[str, Any] = {"version": layout.version}
    values["column"] = [one.code for one in layout.columns]
    for place, one in enumerate(layout.columns, start=1):
        values |= {f"head-{one.code}": one.head, f"place-{one.code}": place}
    return values


def _order(form: Form) -> list[str]:
    """The codes in the order that was typed; those without a place come last."""
    last = len(WORDS) + 1
    return sorted(WORDS, key=lambda code: form.whole(f"place-{code}") or last)


def _rows(columns: tuple[Column, ...], first: date, last: date) -> Iterator[list[Any]]:
    for lines in clients().roster.handover_lines(first, last, MOST):
        names = names_of(one.person_id for one in lines)
        for one in lines:
            yield [_cell(one, column.code, names) for column in columns]


def _cell(one: Served, code: str, names: Names) -> Any:
    came, left = dates.local(one.checked_in_at), dates.local(one.checked_out_at)
    cells: dict[str, Any] = {
        "name": names.full(one.person_id) or "",
        "day": came.date().isoformat(),
        "came": f"{came:%Y-%m-%d %H:%M}",
        "left": f"{left:%Y-%m-%d %H:%M}",
        "minutes": one.minutes,
        "hours": round(one.minutes / 60, 2),
        "project": one.session_title.zh,
        "place": one.venue_name.zh,
        "role": one.role.zh,
        "person_id": one.person_id,
    }
    return cells[code]


def _csv(columns: tuple[Column, ...], rows: Iterator[list[Any]]) -> bytes:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow([harmless(one.head) for one in columns])
    for row in rows:
        table.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(columns: tuple[Column, ...], rows: Iterator[list[Any]]) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("服务时长")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 18)
    bold = book.add_format({"bold": True, "bottom": 1})
    for number, one in enumerate(columns):
        sheet.write_string(0, number, harmless(one.head), bold)
    for line, row in enumerate(rows, start=1):
        for number, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, number, harmless(cell))
            else:
                sheet.write_number(line, number, cell)
    book.close()
    return file.getvalue()
