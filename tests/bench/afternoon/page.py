"""The report of an afternoon as one page that needs nothing else: figures, and waits beside what was told."""

from collections.abc import Sequence
from dataclasses import asdict
from html import escape

from tests.bench.afternoon.plan import Afternoon
from tests.bench.afternoon.record import Record, Wait
from tests.bench.afternoon.report import NAMES, Figures

WIDTH, HEIGHT, LEFT, BOTTOM = 1000, 360, 46, 28
STYLE = """
body{font:16px/1.6 system-ui,sans-serif;max-width:1040px;margin:2rem auto;padding:0 1rem;color:#1d2b2a;background:#f7f5f0}
table{border-collapse:collapse;margin:1rem 0}.s{font-size:14px;white-space:pre-line}td{padding:2px 18px 2px 0}td+td{text-align:right;font-weight:600}
svg{width:100%;height:auto;background:#fff;border:1px solid #e4e0d6;border-radius:12px}text{font-size:12px;fill:#55635f}
.in{stroke:#0b6e63}.out{stroke:#b53c08}.range{stroke-width:5;stroke-opacity:.28}.dot{fill:#1d2b2a}.dot.out{fill:#b53c08}
"""


def written(afternoon: Afternoon, record: Record, found: Figures, what: str) -> str:
    """Return the page. `what` says from which devices, which seed, on which deployment."""
    flat = {name: value for name, value in asdict(found).items() if not isinstance(value, dict)}
    flat |= {f"browser {name}": value for name, value in found.browser.items()}
    kinds = [[NAMES[kind], *one.values()] for kind, one in found.kinds.items()]
    heads = ["", "people", "p50 min", "p90 min", "longest min", "share in range"]
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>One busy afternoon</title>"
        f"<style>{STYLE}</style><h1>One busy afternoon</h1><p>{escape(what)}</p>"
        f"{_drawing(afternoon, record)}"
        f"<p>Each bar is a range that somebody was told when they arrived, each dot the wait that came "
        f"of it; orange ones lie outside.</p>{_table([heads, *kinds])}"
        f"{_table([[name.replace('_', ' '), value] for name, value in flat.items()])}"
        f"<p class=s>{escape(Figures.__doc__ or '')}</p></html>"
    )


def _table(rows: Sequence[Sequence[object]]) -> str:
    lines = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _drawing(afternoon: Afternoon, record: Record) -> str:
    waits = [one for one in record.waits if one.told and one.since_told is not None]
    most = max([60.0, *(one.since_told or 0.0 for one in waits)])
    opens, closes = afternoon.opens, afternoon.closes
    middle = opens + (closes - opens) / 2

    def x(one: Wait) -> float:
        part = ((one.recorded or opens) - opens).total_seconds() / (closes - opens).total_seconds()
        return round(LEFT + 20 + part * (WIDTH - LEFT - 40), 1)

    def y(minutes: float) -> float:
        return round(HEIGHT - BOTTOM - minutes / most * (HEIGHT - BOTTOM - 12), 1)

    marks = []
    for one in waits:
        low, high = one.told or (0, 0)
        waited = one.since_told or 0.0
        state = "in" if low <= waited <= high else "out"
        marks.append(
            f'<path class="range {state}" d="M{x(one)} {y(low)}V{y(high)}"/>'
            f'<circle class="dot {state}" cx="{x(one)}" cy="{y(waited)}" r="2.6"/>'
        )
    grid = "".join(
        f'<path d="M{LEFT} {y(at)}H{WIDTH - 8}" stroke="#e4e0d6"/><text x="6" y="{y(at) + 4}">{at} min</text>'
        for at in range(0, int(most) + 1, 15)
    )
    hours = "".join(
        f'<text x="{LEFT + 20 + part * (WIDTH - LEFT - 40)}" y="{HEIGHT - 8}">{label}</text>'
        for part, label in (
            (0.0, f"{opens:%H:%M}"),
            (0.5, f"{middle:%H:%M}"),
            (0.96, f"{closes:%H:%M}"),
        )
    )
    title = "Waits and the ranges that were told"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">{grid}{hours}{"".join(marks)}</svg>'
