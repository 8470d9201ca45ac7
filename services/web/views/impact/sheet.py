"""The one-page report for the publicity team: figures, the course over time, kinds of devices, the method.

It is made here and not in booking: its words are the pages' words in both languages, its figures are the
answer of the same call that the page shows.
"""

from flask import current_app

from services.web import categories, dates
from services.web.clients.impact import CategorySums, Impact, Rate
from services.web.i18n import _, _n, lang
from services.web.views.impact import charts
from services.web.views.impact.paper import (
    A4,
    BOLD,
    FAINT,
    GO,
    GO_SOFT,
    INK,
    LINE,
    MISSING,
    SOFT,
    Paper,
)
from services.web.views.periods import Period, dated

EDGE = 44.0
ROOM = A4[0] - 2 * EDGE
BAND = 118.0
MOST_KINDS = 9
WHITE = "#ffffff"


def report(found: Impact, period: Period) -> bytes:
    """Draw the page."""
    paper = Paper(
        f"{_('一起修好了多少')} · {period.words}",
        "en" if lang() == "en" else "zh-CN",
        _("修好 · 工程训练中心志愿服务"),
    )
    _head(paper, period)
    y = _figures(paper, found, BAND + 34)
    if found.course:
        y = _course(paper, found, y + 22)
        _kinds(paper, found, y + 26)
    else:
        paper.text(EDGE, y + 34, _("这段时间还没有结果"), 12, colour=SOFT)
    _foot(paper, found, period)
    return paper.finished()


def _head(paper: Paper, period: Period) -> None:
    paper.box((0, 0, A4[0], BAND), GO)
    paper.text(EDGE, 44, _("修好 · 工程训练中心志愿服务"), 11, colour=WHITE)
    paper.text(EDGE, 80, _("一起修好了多少"), 27, font=BOLD, colour=WHITE)
    paper.text(EDGE, 101, period.printed, 11, colour=WHITE)


def _figures(paper: Paper, found: Impact, y: float) -> float:
    """The number that matters, large, and four beside it."""
    width = paper.text(EDGE, y + 40, f"{found.fixed:,}", 54, font=BOLD, colour=GO)
    paper.text(EDGE + width + 10, y + 22, _("件物品修好了"), 13, font=BOLD)
    paper.text(EDGE + width + 10, y + 40, _n("共 %(n)s 件", found.devices), 11, colour=SOFT)
    y += 62
    weight = found.kilograms
    people = _n("%(n)s 场", found.sessions)
    around = f"{charts.weight(weight.low)}–{charts.weight(weight.high)}" if weight.usual else ""
    cells = [
        (_("修好率"), charts.percent(found.rate), _range_words(found.rate)),
        (_("继续在用的重量"), _("约 %(n)s 千克", n=charts.weight(weight.usual)), around),
        (_("帮到的人"), f"{found.people:,}", people),
        (_("动手修的志愿者"), f"{found.volunteers:,}", _trained(found)),
    ]
    room = ROOM / len(cells)
    for at, (label, value, below) in enumerate(cells):
        x = EDGE + at * room
        paper.rule(x, y, room - 14, GO)
        paper.text(x, y + 16, label, 9, colour=SOFT)
        paper.text(x, y + 37, value, 17, font=BOLD)
        paper.text(x, y + 52, below, 9, colour=SOFT)
    return y + 56


def _range_words(rate: Rate) -> str:
    return charts.percent_range(rate) if rate.of else ""


def _trained(found: Impact) -> str:
    return f"{_('参加培训')} {_n('%(n)s 人次', found.trained)}" if found.trained else ""


def _course(paper: Paper, found: Impact, y: float) -> float:
    """Bars over time: what was fixed filled, the rest outlined."""
    title = {"day": _("按天"), "week": _("按周"), "month": _("按月")}[found.step]
    paper.text(EDGE, y, title, 13, font=BOLD)
    _legend(paper, y)
    left, height = EDGE + 26, 132.0
    chart = charts.bars(found.course, found.step, ROOM - 26, height)
    base = y + 16 + height
    for up, count in chart.lines:
        paper.rule(left, base - up, chart.width, LINE)
        paper.text(left - 6, base - up + 3, f"{count:,}", 8, colour=FAINT, align="right")
    for bar in chart.bars:
        if bar.rest:
            paper.box(
                (left + bar.x, base - bar.fixed - bar.rest, bar.width, bar.rest), WHITE, FAINT
            )
        if bar.fixed:
            paper.box((left + bar.x, base - bar.fixed, bar.width, bar.fixed), GO)
    for x, words in chart.marks:
        paper.text(left + x, base + 13, words, 8, colour=FAINT, align="middle")
    return base + 14


def _legend(paper: Paper, y: float) -> None:
    right = A4[0] - EDGE
    width = paper.text(right, y, _("没有修好"), 9, colour=SOFT, align="right")
    paper.box((right - width - 13, y - 8, 9, 9), WHITE, FAINT)
    right -= width + 26
    width = paper.text(right, y, _("修好了"), 9, colour=SOFT, align="right")
    paper.box((right - width - 13, y - 8, 9, 9), GO)


def _kinds(paper: Paper, found: Impact, y: float) -> None:
    """The kinds brought most, their share as a range."""
    paper.text(EDGE, y, _("各类物品"), 13, font=BOLD)
    paper.text(A4[0] - EDGE, y, _("修好／一共"), 9, colour=SOFT, align="right")
    shown = found.categories[:MOST_KINDS]
    for at, one in enumerate(shown):
        _kind(paper, one, y + 21 + at * 20)
    rest = found.categories[MOST_KINDS:]
    if rest:
        words = _n("还有 %(n)s 类", len(rest))
        sums = f"{sum(one.fixed for one in rest)} / {sum(one.devices for one in rest)}"
        line = y + 21 + len(shown) * 20
        paper.text(EDGE, line, words, 9.5, colour=SOFT)
        paper.text(A4[0] - EDGE, line, sums, 9.5, colour=SOFT, align="right")


def _kind(paper: Paper, one: CategorySums, y: float) -> None:
    bar, width = EDGE + 178, 190.0
    name = categories.category(one.category_id).replace("\u200b", "")
    paper.text(EDGE, y, name, 9.5)
    paper.rule(bar, y - 3, width)
    rate = one.rate
    if rate.share is not None:
        paper.box((bar + rate.low * width, y - 7, (rate.high - rate.low) * width, 8), GO_SOFT, GO)
        paper.box((bar + rate.share * width - 1.25, y - 9, 2.5, 12), GO)
    paper.text(bar + width + 12, y, charts.percent(rate), 9.5, font=BOLD)
    paper.text(bar + width + 48, y, _range_words(rate), 8, colour=SOFT)
    paper.text(A4[0] - EDGE, y, f"{one.fixed} / {one.devices}", 9.5, colour=INK, align="right")


def _foot(paper: Paper, found: Impact, period: Period) -> None:
    words = [
        _("修好率只算结果明确的物品，横条是 95% 的范围；重量按各类物品的平均重量估算，没有称过。")
    ]
    if found.kilograms.unweighed:
        words.append(_n("%(n)s 件属于“其他”，没有重量，不在里面。", found.kilograms.unweighed))
    words.append(_("类别和平均重量：Open Repair Alliance，CC BY-SA 4.0。"))
    if paper.missing:
        words.append(_("%(mark)s：这个字字体里没有。", mark=MISSING))
    text = (" " if lang() == "en" else "").join(words)
    count = len(paper.broken(text, ROOM, 8.5))
    y = A4[1] - 46 - count * 8.5 * 1.55
    paper.rule(EDGE, y - 14, ROOM)
    y = paper.lines(EDGE, y, ROOM, text, size=8.5)
    address = current_app.config["SETTINGS"].public_url.split("://")[-1]
    paper.text(EDGE, y + 6, f"{address}/impact", 8.5, colour=GO)
    paper.text(A4[0] - EDGE, y + 6, _made(), 8.5, colour=FAINT, align="right")


def _made() -> str:
    return _("%(day)s 制", day=dated(dates.today()))
