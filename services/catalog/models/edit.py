"""What an edit did to one session, entry by entry, so that the same can be done to its series."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from services.catalog.models.need import Need
from services.catalog.models.plan import Plan, plan_of, shape_of, wall

OF_TIME = frozenset(
    {"venue_id", "duration", "slot_minutes", "booking_opens_at", "booking_closes_at"}
)
Entry = tuple[Need, timedelta, timedelta]


@dataclass(frozen=True)
class StaffingEdit:
    """What an edit did to the staffing of one session, to be done to others of its series.

    Entries are (need, begin, end), the times as distances to the start on the venue's wall.
    """

    gone: frozenset[int]
    put: Mapping[int, Entry]
    new: tuple[Entry, ...]

    @classmethod
    def between(cls, before: Iterable[Entry], after: Iterable[Entry]) -> "StaffingEdit":
        """Tell what happened, entry by entry: found again by their position."""
        old = {entry[0].position: entry for entry in before}
        now = {entry[0].position: entry for entry in after}
        return cls(
            gone=frozenset(old.keys() - now.keys()),
            put={at: now[at] for at in now.keys() & old.keys() if _differ(now[at], old[at])},
            new=tuple(now[at] for at in now if at not in old),
        )

    def __bool__(self) -> bool:
        """Tell whether anything happened."""
        return bool(self.gone or self.put or self.new)

    def done_to(self, entries: Iterable[Entry], fresh: int) -> list[Entry]:
        """Return a staffing after the same edit; what it has of its own stays.

        New entries get positions from ``fresh`` on, so that nobody's shift becomes another one.
        """
        kept = [
            self.put.get(entry[0].position, entry)
            for entry in entries
            if entry[0].position not in self.gone
        ]
        return kept + [
            (replace(need, position=fresh + index), begin, end)
            for index, (need, begin, end) in enumerate(self.new)
        ]


def _differ(one: Entry, other: Entry) -> bool:
    """Tell whether two entries ask for different things, whatever the date."""
    (first, *away), (second, *there) = one, other
    alike = replace(first, starts_at=second.starts_at, ends_at=second.ends_at)
    return alike != second or away != there


@dataclass(frozen=True)
class Edit:
    """What differs between two plans of one session: fields, staffing, and how far it moved."""

    changed: Mapping[str, Any]
    staffing: StaffingEdit
    moved: timedelta

    @classmethod
    def between(cls, before: Plan, after: Plan, zone: str) -> "Edit":
        """Tell what was changed, with every time as its distance to the start."""
        old, new = shape_of(before, zone), shape_of(after, zone)
        staffing = StaffingEdit.between(old.pop("staffing"), new.pop("staffing"))
        changed = {name: new[name] for name in new if new[name] != old[name]}
        return cls(changed, staffing, wall(after.starts_at, zone) - wall(before.starts_at, zone))

    @property
    def is_of_time(self) -> bool:
        """Tell whether the session is at another time or place."""
        return bool(self.moved or {"duration", "venue_id"} & self.changed.keys())

    def done_to(self, plan: Plan, zone: str, *, detached: bool, fresh: int) -> Plan | None:
        """Return another session's plan after the same edit, None where it does not touch it.

        One that was moved by itself (``detached``) keeps its own times, venue and shifts.
        """
        shape = shape_of(plan, zone)
        changed = dict(self.changed)
        if detached:
            changed = {name: value for name, value in changed.items() if name not in OF_TIME}
        elif self.staffing:
            changed["staffing"] = self.staffing.done_to(shape["staffing"], fresh)
        moved = timedelta(0) if detached else self.moved
        if not changed and not moved:
            return None
        return plan_of(shape | changed, wall(plan.starts_at, zone) + moved, zone)
