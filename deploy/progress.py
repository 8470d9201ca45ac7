"""How far a long command is: a bar on a terminal, elsewhere a line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from tqdm import tqdm

EVERY = 15.0  # seconds between two lines
Update = Callable[[int], object]


class Lines:
    """Writes how many of `total` are done when the last line is old enough, and at the end."""

    def __init__(
        self, out: TextIO, total: int, unit: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._out, self._total, self._unit, self._now = out, total, unit, now
        self._done, self._begun = 0, now()
        self._said = self._begun

    def update(self, many: int) -> None:
        """So many more are done."""
        self._done += many
        at = self._now()
        if at - self._said < EVERY and self._done < self._total:
            return
        self._said = at
        part = self._done / self._total if self._total else 1.0
        seconds = at - self._begun
        line = f"{self._done:>6} of {self._total} {self._unit}  {part:4.0%}  {seconds:6.0f} s"
        self._out.write(f"{line}\n")
        self._out.flush()


@contextmanager
def shown(out: TextIO, total: int, unit: str) -> Iterator[Update]:
    """Give the function that says how many more are done."""
    if not out.isatty():
        yield Lines(out, total, f"{unit}s").update
        return
    with tqdm(total=total, unit=unit, file=out) as bar:
        yield bar.update
