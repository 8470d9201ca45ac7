"""Volunteers needed: the entries of a session's staffing, and whether they fit it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from services.catalog.models.offering import REPAIR, Offering
from shared.clock import iso, parse

Text = tuple[str, str]
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Need:
    """Volunteers needed for a stretch of a session; it becomes a shift.

    ``position`` is its key within the session: it stays with the entry when others are taken out,
    so that the people of a shift stay on theirs. ``level`` is the least level of ``skill``.
    """

    role: Mapping[str, str]
    skill: str | None
    needed: int
    at_most: int
    starts_at: datetime
    ends_at: datetime
    position: int
    level: int = 1

    @classmethod
    def from_json(cls, data: Mapping[str, Any], index: int) -> "Need":
        """Read the stored shape; entries from before they had a position have that of the list."""
        return cls(
            role=data["role"],
            skill=data["skill"],
            needed=data["needed"],
            at_most=data["at_most"],
            starts_at=parse(data["starts_at"]),
            ends_at=parse(data["ends_at"]),
            position=data.get("position", index),
            level=data.get("level", 1),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the shape in which it is stored and announced."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**own, "starts_at": iso(self.starts_at), "ends_at": iso(self.ends_at)}


def check_needs(
    needs: Sequence[Need], session: Stretch, offering: Offering, wrong: dict[str, Text]
) -> None:
    """Add to ``wrong``, by field, what does not fit about the volunteers needed in a session."""
    for position, need in enumerate(needs):
        path = f"staffing.{position}"
        if "ends_at" in wrong:
            pass  # times that hang on a wrong end say nothing new
        elif need.ends_at <= need.starts_at:
            wrong[f"{path}.ends_at"] = (
                "班次的结束时间要晚于开始时间。",
                "A shift has to end after it starts.",
            )
        elif need.starts_at < session[0] or need.ends_at > session[1]:
            wrong[f"{path}.starts_at"] = (
                "班次要在场次的时间之内。",
                "A shift has to lie inside its session.",
            )
        if need.at_most < need.needed:
            wrong[f"{path}.at_most"] = (
                "上限不能小于需要的人数。",
                "At most cannot be less than needed.",
            )
        if need.level > 1 and not need.skill:
            wrong[f"{path}.level"] = (
                "不限技能的班次不能要求级别。",
                "A shift without a skill cannot ask for a level.",
            )
    if len({need.position for need in needs}) < len(needs):
        wrong["staffing"] = (
            "两个班次的编号（position）一样。",
            "Two shifts have the same position.",
        )
    skills = {need.skill for need in needs}
    if offering.kind == REPAIR and not ({offering.skill} & skills if offering.skill else skills):
        wrong["staffing"] = (
            "维修场次至少需要一位会修的志愿者，否则没有名额可约。",
            "A repair session needs at least one volunteer with its skill, or nothing can be booked.",
        )
