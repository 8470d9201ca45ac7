"""The record on paper: who, which days, every service, the sum, who stands behind it, a code to verify it by.

Fields as in 民发〔2015〕149号 without identity documents; it says of itself that it is no such certificate.
"""

from collections.abc import Sequence

from flask import current_app

from services.web import dates
from services.web.clients.base import Text
from services.web.clients.service_records import Line, Record
from services.web.i18n import _, _n, lang
from services.web.views.impact.paper import (
    A4,
    BOLD,
    FAINT,
    GO,
    GO_SOFT,
    INK,
    LINE,
    MISSING,
    REGULAR,
    SOFT,
    Paper,
)
from services.web.views.periods import dated

EDGE = 48.0
ROOM = A4[0] - 2 * EDGE
FIRST_ROW, NEXT_ROW, LAST_ROW = 262.0, 110.0, 600.0
ROW = 21.0
QR_SIZE = 84.0
COLUMNS = (0.0, 92.0, 234.0, 340.0)  # day, project, place, role; minutes stand at the right edge


def sheets(records: Sequence[Record]) -> bytes:
    """Draw one or more records, each on pages of its own."""
    title = _("志愿服务时长记录单")
    one = records[0].number if len(records) == 1 else _n("%(n)s 份", len(records))
    language = "en" if lang() == "en" else "zh-CN"
    paper = Paper(f"{title} · {one}", language, _("修好 · 工程训练中心志愿服务"))
    for at, record in enumerate(records):
        if at:
            paper.canvas.showPage()
        _draw(paper, record)
    return paper.finished()


def verify_address(record: Record) -> str:
    """The public address that the code on the sheet leads to."""
    base = str(current_app.config["SETTINGS"].public_url).rstrip("/")
    return f"{base}/verify/{record.code}"


def _draw(paper: Paper, record: Record) -> None:
    pages = _pages(record.lines)
    for number, lines in enumerate(pages, start=1):
        if number > 1:
            paper.canvas.showPage()
        paper.missing = set()
        _head(paper, record, f"{number} / {len(pages)}")
        top = NEXT_ROW
        if number == 1:
            _who(paper, record)
            top = FIRST_ROW
        y = _table(paper, lines, top)
        if number == len(pages):
            _sum(paper, record, y + 12)
            _behind(paper, record)
        _foot(paper)


def _pages(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """The lines, parted into what fits on the first page and on each one after it."""
    first = int((LAST_ROW - FIRST_ROW) // ROW)
    rest = int((LAST_ROW - NEXT_ROW) // ROW)
    return [lines[:first], *(lines[at : at + rest] for at in range(first, len(lines), rest))]


def _head(paper: Paper, record: Record, page: str) -> None:
    paper.text(EDGE, 62, _("志愿服务时长记录单"), 20, font=BOLD)
    paper.text(EDGE, 82, _("编号 %(n)s", n=record.number), 11, colour=GO)
    paper.text(A4[0] - EDGE, 82, page, 9, colour=FAINT, align="right")
    if record.state != "valid":
        words = {"replaced": _("已换发"), "revoked": _("已作废")}[record.state]
        paper.text(A4[0] / 2 + 30, 62, words, 20, font=BOLD, colour="#a8201a")
    paper.rule(EDGE, 92, ROOM, GO)


def _who(paper: Paper, record: Record) -> None:
    printed = record.printed
    rows = [
        (_("姓名"), printed.name or "—", BOLD, 15),
        (_("志愿者编号"), printed.volunteer_number or "—", REGULAR, 11),
        (_("服务起止"), f"{dated(record.first_day)} – {dated(record.last_day)}", REGULAR, 11),
        (_("开具日期"), dated(dates.local_day(record.issued_at)), REGULAR, 11),
    ]
    y = 118.0
    for label, value, font, size in rows:
        paper.text(EDGE, y, label, 9, colour=SOFT)
        paper.text(EDGE + 92, y, value, size, font=font)
        y += 27
    _code(paper, verify_address(record), A4[0] - EDGE - QR_SIZE, 104)
    paper.text(A4[0] - EDGE, 104 + QR_SIZE + 12, _("扫码核验"), 8, colour=SOFT, align="right")


def _code(paper: Paper, address: str, x: float, y: float) -> None:
    import segno

    matrix = segno.make(address, error="m", micro=False).matrix
    dot = QR_SIZE / len(matrix)
    for down, row in enumerate(matrix):
        for right, dark in enumerate(row):
            if dark:  # a hair wider than a dot, so that printers leave no white lines between
                paper.box((x + right * dot, y + down * dot, dot * 1.03, dot * 1.03), "#000000")


def _table(paper: Paper, lines: Sequence[Line], top: float) -> float:
    words = (_("日期"), _("项目"), _("地点"), _("岗位"))
    paper.box((EDGE, top - 24, ROOM, ROW), GO_SOFT)
    for left, label in zip(COLUMNS, words, strict=True):
        paper.text(EDGE + left + 6, top - 10, label, 9, font=BOLD)
    paper.text(A4[0] - EDGE - 6, top - 10, _("分钟"), 9, font=BOLD, align="right")
    y = top
    for line in lines:
        cells = (dated(line.day), _words(line.project), _words(line.place), _words(line.role))
        ends = (*COLUMNS[1:], ROOM - 46)
        for left, right, cell in zip(COLUMNS, ends, cells, strict=True):
            shown = paper.broken(cell, right - left - 10, 9)
            text = shown[0] + ("…" if len(shown) > 1 else "")
            paper.text(EDGE + left + 6, y + 10, text, 9, colour=INK)
        paper.text(A4[0] - EDGE - 6, y + 10, str(line.minutes), 9, align="right")
        paper.rule(EDGE, y + ROW - 4, ROOM, LINE)
        y += ROW
    return y


def _sum(paper: Paper, record: Record, y: float) -> None:
    right = A4[0] - EDGE - 6
    paper.text(EDGE + 6, y + 8, _n("共 %(n)s 次服务", len(record.lines)), 11, font=BOLD)
    total = _("合计 %(time)s（%(n)s 分钟）", time=dates.duration(record.minutes), n=record.minutes)
    paper.text(right, y + 8, total, 12, font=BOLD, align="right")
    if record.printed.policies and record.counted_minutes != record.minutes:
        versions = _("、").join(str(one) for one in record.printed.policies)
        counted = dates.duration(record.counted_minutes)
        words = _("按取整办法第 %(v)s 版计 %(time)s", v=versions, time=counted)
        paper.text(right, y + 26, words, 10, colour=SOFT, align="right")


def _behind(paper: Paper, record: Record) -> None:
    printed = record.printed
    cells = [
        (_("组织单位"), printed.organiser),
        (_("负责人"), printed.responsible),
        (_("经办人"), printed.handler),
        (_("联系方式"), printed.contact),
    ]
    top = 668.0
    paper.rule(EDGE, top - 20, ROOM, LINE)
    for at, (label, value) in enumerate(cells):
        x, y = EDGE + (at % 2) * ROOM / 2, top + (at // 2) * 34
        paper.text(x, y, label, 8.5, colour=SOFT)
        paper.text(x, y + 15, value or "—", 11)
    if printed.note:
        paper.lines(EDGE, top + 74, ROOM, f"{_('备注')}：{printed.note}", size=9)


def _foot(paper: Paper) -> None:
    words = [
        _("本单由签到、签退和更正记录生成，只写实际服务的分钟，不含路上时间。"),
        _("它不是《志愿服务记录证明》；单位如有自己的平台，以平台为准。"),
    ]
    if paper.missing:
        points = " ".join(f"U+{ord(one):04X}" for one in sorted(paper.missing))
        words.append(_("%(mark)s：字体里没有的字（%(points)s）。", mark=MISSING, points=points))
    text = (" " if lang() == "en" else "").join(words)
    count = len(paper.broken(text, ROOM, 8))
    paper.lines(EDGE, A4[1] - 34 - (count - 1) * 8 * 1.55, ROOM, text, size=8, colour=FAINT)


def _words(value: Text) -> str:
    return value.en if lang() == "en" and value.en else value.zh
