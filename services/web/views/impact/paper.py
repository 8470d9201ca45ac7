"""Paper for printed pages: reportlab's canvas with our colours, an embedded Chinese font, measured text.

Coordinates are points from the top left, as one reads. The heavy library is imported on use.
"""

import io
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parents[2] / "fonts"
REGULAR, BOLD = "NotoSansSC-Regular", "NotoSansSC-Bold"
MISSING = "〓"  # the printer's mark for a character that is not in the case
A4 = (595.28, 841.89)
Frame = tuple[float, float, float, float]
INK, SOFT, FAINT = "#1d2b2a", "#55635f", "#66716c"
GO, GO_SOFT, LINE, PAPER = "#0b6e63", "#e2f1ee", "#d9d4c8", "#f7f5f0"


@cache
def _holds(font: str) -> frozenset[int]:
    """The characters of a font; registers it with reportlab."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    made = TTFont(font, str(FONTS / f"{font}.subset.ttf"))
    pdfmetrics.registerFont(made)
    return frozenset(made.face.charToGlyph)


class Paper:
    """One A4 page that is being drawn."""

    def __init__(self, title: str, lang: str, author: str) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._file = io.BytesIO()
        self.canvas: Any = Canvas(self._file, pagesize=A4, lang=lang, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setCreator(author)
        self.missing: set[str] = set()

    def printable(self, text: str, font: str = REGULAR) -> str:
        """The text with 〓 for what the font does not hold; what that was is noted."""
        held = _holds(font)
        self.missing |= {one for one in text if ord(one) not in held}
        return "".join(one if ord(one) in held else MISSING for one in text)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 10,
        *,
        font: str = REGULAR,
        colour: str = INK,
        align: str = "left",
    ) -> float:
        """Write one line on the base line `y`; return its width."""
        shown = self.printable(text, font)
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        width = float(self.canvas.stringWidth(shown, font, size))
        left = {"left": x, "right": x - width, "middle": x - width / 2}[align]
        self.canvas.drawString(left, A4[1] - y, shown)
        return width

    def lines(
        self, x: float, y: float, width: float, text: str, *, size: float = 9, colour: str = SOFT
    ) -> float:
        """Write a paragraph into a column, broken between Han or words; return where the next line stands."""
        for line in self.broken(text, width, size):
            self.text(x, y, line, size, colour=colour)
            y += size * 1.55
        return y

    def broken(self, text: str, width: float, size: float) -> list[str]:
        """The lines of a paragraph."""
        _holds(REGULAR)
        found, line = [], ""
        for piece in _pieces(text):
            if line and self._width(line + piece.rstrip(), size) > width:
                found.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        return [*found, line.rstrip()]

    def box(self, frame: Frame, fill: str | None, edge: str = "") -> None:
        """Draw a rectangle: left, top, width, height."""
        x, y, width, height = frame
        if fill:
            self.canvas.setFillColor(fill)
        if edge:
            self.canvas.setStrokeColor(edge)
            self.canvas.setLineWidth(0.7)
        self.canvas.rect(
            x, A4[1] - y - height, width, height, stroke=int(bool(edge)), fill=int(bool(fill))
        )

    def rule(self, x: float, y: float, width: float, colour: str = LINE) -> None:
        """Draw a line to the right."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(0.6)
        self.canvas.line(x, A4[1] - y, x + width, A4[1] - y)

    def finished(self) -> bytes:
        """The file."""
        self.canvas.showPage()
        self.canvas.save()
        return self._file.getvalue()

    def _width(self, text: str, size: float) -> float:
        return float(self.canvas.stringWidth(text, REGULAR, size))


CLOSING = set("，。；：、！？）》”’%")


def _pieces(text: str) -> list[str]:
    """Where a line may break: after a space, before or after a Han, never before closing punctuation."""
    found: list[str] = []
    for one in text:
        wide = ord(one) > 0x2E7F
        joins = found and (
            one in CLOSING
            or (not wide and not found[-1][-1].isspace() and ord(found[-1][-1]) <= 0x2E7F)
            or one.isspace()
        )
        if joins:
            found[-1] += one
        else:
            found.append(one)
    return found
