"""One change of the staffing of many sessions: what was asked, and how each of them was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base
from services.catalog.models.need import Need
from services.catalog.models.staffing_template import need_of
from shared.database import Id, Json, UtcDateTime

SET, ADD, REMOVE, TEMPLATE = OPS = ("set", "add", "remove", "template")
UNDO_FOR = timedelta(hours=24)


class StaffingChange(Base):
    """`sessions` are [{id, version, before}]: the version it made, the staffing it found."""

    __tablename__ = "staffing_change"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    edit: Mapped[dict[str, Any]] = mapped_column(Json)
    sessions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def count(self) -> int:
        """Return how many sessions it changed."""
        return len(self.sessions)

    @property
    def undo_until(self) -> datetime:
        """Return until when it can be taken back."""
        return self.made_at + UNDO_FOR


@dataclass(frozen=True)
class StaffingWish:
    """What shall be done to the staffing of sessions; an entry is found by its role and skill.

    ``set`` gives entries other numbers or another level (None: as it is), ``remove`` takes them out,
    ``add`` adds entries that a session lacks, ``template`` leaves exactly the given entries.
    """

    op: str
    role: str = ""
    skill: str | None = None
    needed: int | None = None
    at_most: int | None = None
    level: int | None = None
    entries: Sequence[Mapping[str, Any]] = ()

    def done_to(
        self, needs: Sequence[Need], starts_at: datetime, ends_at: datetime, fresh: int
    ) -> tuple[Need, ...]:
        """Return a session's staffing afterwards; new entries get positions from ``fresh`` on."""
        if self.op == SET:
            return tuple(self._set(need) if self._means(need) else need for need in needs)
        if self.op == REMOVE:
            return tuple(need for need in needs if not self._means(need))
        known = {_name(need.role, need.skill): need.position for need in reversed(needs)}
        laid, kept = [], list(needs) if self.op == ADD else []
        for entry in self.entries:
            name = _name(entry["role"], entry.get("skill"))
            if self.op == ADD and name in known:
                continue
            position = known.pop(name, None)
            if position is None:
                position, fresh = fresh, fresh + 1
            laid.append(need_of(entry, starts_at, ends_at, position))
        return (*kept, *laid)

    def _means(self, need: Need) -> bool:
        return _name(need.role, need.skill) == (self.role, self.skill or None)

    def _set(self, need: Need) -> Need:
        needed = need.needed if self.needed is None else self.needed
        at_most = need.at_most if self.at_most is None else self.at_most
        if self.at_most is None:
            at_most = max(at_most, needed)  # asking for more may not fail for an old upper bound
        level = need.level if self.level is None else self.level
        return replace(need, needed=needed, at_most=at_most, level=level)


def _name(role: Mapping[str, str], skill: str | None) -> tuple[str, str | None]:
    return role["zh"], skill or None
