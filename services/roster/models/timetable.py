"""What an imported timetable comes to: lessons as drafts, and the lines that could not be used."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.roster.models.availability import TITLE_MOST
from services.roster.models.term import Term

Span = tuple[int, int]
Text = tuple[str, str]
SHOWN = 120  # how much of a line is shown again


class BadLine(Exception):
    """A line, or an event, that cannot be used; the rest of the file can."""

    def __init__(self, zh: str, en: str, line: int | None = None) -> None:
        super().__init__(en)
        self.why, self.line = (zh, en), line


@dataclass(frozen=True)
class LeftOut:
    """A line of the file that was left out: where, what stands there, and why."""

    line: int
    text: str
    why: Text


@dataclass(frozen=True)
class Draft:
    """A lesson as it was understood: weekly in some weeks of a term, or once on a date."""

    title: str
    span: Span
    term_id: str | None = None
    weekday: int | None = None
    weeks: tuple[int, ...] | None = None
    on_date: date | None = None


@dataclass
class Timetable:
    """A file as it was understood."""

    kind: str
    lessons: list[Draft] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, line: int, text: str, why: Text) -> None:
        """Note a line that is not imported."""
        shown = "".join(one if one.isprintable() else " " for one in text[:SHOWN]).strip()
        self.left_out.append(LeftOut(line, shown, why))


def clean_title(text: str) -> str:
    """Return a title on one line, without control characters, at most as long as is kept."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(printable.split())[:TITLE_MOST]


def drafts_of(
    title: str, dates: Iterable[tuple[date, Span]], terms: Sequence[Term], *, series: bool
) -> list[Draft]:
    """Return the lessons that dated occurrences of one title come to.

    What repeats within a term is weekly: the calendar moves it, or lets it fall out. What happens
    once, or outside the terms, stays on its date.
    """
    weeks: dict[tuple[str, int, Span], set[int]] = defaultdict(set)
    once: list[Draft] = []
    for on, span in dates:
        term = next((one for one in terms if one.starts_on <= on <= one.ends_on), None)
        if term is None:
            once.append(Draft(title, span, on_date=on))
        else:
            weeks[term.id, on.isoweekday(), span].add(term.week_of(on))
    starts = {term.id: term for term in terms}
    for (term_id, weekday, span), found in weeks.items():
        if series or len(found) > 1:
            once.append(Draft(title, span, term_id, weekday, tuple(sorted(found))))
        else:
            on = starts[term_id].date_of(found.pop(), weekday)
            once.append(Draft(title, span, on_date=on))
    return once
