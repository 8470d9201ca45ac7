"""Who is there when: accepted, present and needed volunteers per stretch of time and skill."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True)
class Need:
    """A shift as far as counting goes: ``needed`` volunteers with ``skill`` in [start, end)."""

    starts_at: datetime
    ends_at: datetime
    skill: str | None
    needed: int


@dataclass(frozen=True)
class Service:
    """A volunteer on a shift: promised in [start, end), present from check-in to check-out."""

    starts_at: datetime
    ends_at: datetime
    skill: str | None
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None

    @property
    def leaves_at(self) -> datetime:
        """Return when the volunteer stops counting: at check-out, or at the shift's end."""
        out = self.checked_out_at or self.ends_at
        return max(self.starts_at, min(out, self.ends_at))

    @property
    def comes_at(self) -> datetime | None:
        """Return from when the volunteer is present within the shift, if they came."""
        if self.checked_in_at is None:
            return None
        return min(max(self.checked_in_at, self.starts_at), self.leaves_at)

    def accepted_at(self, instant: datetime) -> bool:
        """Tell whether the volunteer is promised at ``instant``."""
        return self.starts_at <= instant < self.leaves_at

    def present_at(self, instant: datetime) -> bool:
        """Tell whether the volunteer is there at ``instant``."""
        return self.comes_at is not None and self.comes_at <= instant < self.leaves_at


@dataclass(frozen=True)
class Interval:
    """A stretch [start, end) in which the counts of one skill do not change."""

    starts_at: datetime
    ends_at: datetime
    skill: str | None
    accepted: int
    present: int
    needed: int


def staffing_intervals(needs: Iterable[Need], services: Iterable[Service]) -> list[Interval]:
    """Return the counts of every skill, sorted by time, without overlap within one skill.

    Stretches that no shift covers are left out; neighbours with equal counts are one.
    """
    by_skill: dict[str | None, tuple[list[Need], list[Service]]] = defaultdict(lambda: ([], []))
    for need in needs:
        by_skill[need.skill][0].append(need)
    for service in services:
        by_skill[service.skill][1].append(service)
    found = [
        interval
        for skill, (mine, theirs) in by_skill.items()
        for interval in _of_one_skill(skill, mine, theirs)
    ]
    return sorted(found, key=lambda interval: (interval.starts_at, interval.skill or ""))


def _of_one_skill(
    skill: str | None, needs: Sequence[Need], services: Sequence[Service]
) -> list[Interval]:
    edges = _edges(needs, services)
    intervals: list[Interval] = []
    for start, end in pairwise(edges):
        covering = [need for need in needs if need.starts_at <= start < need.ends_at]
        if not covering and not any(s.starts_at <= start < s.ends_at for s in services):
            continue
        interval = Interval(
            start,
            end,
            skill,
            accepted=sum(service.accepted_at(start) for service in services),
            present=sum(service.present_at(start) for service in services),
            needed=sum(need.needed for need in covering),
        )
        _append(intervals, interval)
    return intervals


def _edges(needs: Sequence[Need], services: Sequence[Service]) -> list[datetime]:
    edges = {edge for need in needs for edge in (need.starts_at, need.ends_at)}
    for service in services:
        edges |= {service.starts_at, service.ends_at, service.leaves_at}
        if service.comes_at is not None:
            edges.add(service.comes_at)
    return sorted(edges)


def _append(intervals: list[Interval], new: Interval) -> None:
    last = intervals[-1] if intervals else None
    if last and last.ends_at == new.starts_at and _counts(last) == _counts(new):
        intervals[-1] = Interval(last.starts_at, new.ends_at, new.skill, *_counts(new))
    else:
        intervals.append(new)


def _counts(interval: Interval) -> tuple[int, int, int]:
    return interval.accepted, interval.present, interval.needed
