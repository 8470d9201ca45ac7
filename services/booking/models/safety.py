"""The electrical safety test of a mains device: limits with their source, readings, pass or fail.

Limits of version 1 (docs/decisions/0011-safety-test.md): EN 50678:2020, the European procedure for
equipment after repair (before it DIN VDE 0701-0702:2008), for appliances with a lead of up to 5 m:
protective conductor at most 0.3 Ω; insulation at 500 V DC at least 1 MΩ (class I), 2 MΩ (II),
0.25 MΩ (III); protective conductor current at most 3.5 mA (I), touch current at most 0.5 mA (II).
IEC TS 63457-1:2025 is its counterpart for household appliances; IEC 62638 was the project that became
EN 50678. In China GB 4706.1 (IEC 60335-1) limits new appliances to 0.75 mA (portable class I) and
0.25 mA (class II), GB/T 3787 hand tools in use to 2, 7 and 1 MΩ. A unit sets its own as a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json, UtcDateTime

SKILL = "electrical_safety"
CLASSES = ("I", "II", "III")
RIGHT, WRONG, NOT_POLARISED = "right", "wrong", "not_polarised"
POLARITIES = (RIGHT, WRONG, NOT_POLARISED)
PASSED, FAILED = "passed", "failed"
LIMITS = ("earth_ohm", "insulation_mohm", "leakage_ma")
MOST_READING = 10_000.0

# What a passed test must show; a NULL reading makes its line false, never unknown.
_PASSES = (
    "visual_ok AND polarity <> 'wrong'"
    " AND (protection_class <> 'I' OR polarity = 'right')"
    " AND (protection_class <> 'I' OR COALESCE(earth_ohm <= earth_limit, false))"
    " AND (insulation_mohm IS NULL OR COALESCE(insulation_mohm >= insulation_limit, false))"
    " AND (protection_class = 'III' OR insulation_omitted OR insulation_mohm IS NOT NULL)"
    " AND (protection_class = 'III' OR COALESCE(leakage_ma <= leakage_limit, false))"
)


class SafetyLimit(Base):
    """The limits of one protection class in one version; versions are added, never changed."""

    __tablename__ = "safety_limit"
    __table_args__ = (
        CheckConstraint("protection_class IN ('I', 'II', 'III')", name="class"),
        CheckConstraint("protection_class <> 'I' OR earth_ohm IS NOT NULL", name="earth"),
        CheckConstraint("protection_class = 'III' OR leakage_ma IS NOT NULL", name="leakage"),
    )

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    protection_class: Mapped[str] = mapped_column(String(3), primary_key=True)
    earth_ohm: Mapped[float | None]
    insulation_mohm: Mapped[float]
    leakage_ma: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(400))
    created_by: Mapped[str] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SafetyTest(Base):
    """Readings against the limits of their day; written once, never changed: a retest is a new row.

    `failed` names what did not hold: visual | polarity | earth | insulation | leakage. The database
    refuses a pass that the readings do not bear out.
    """

    __tablename__ = "safety_test"
    __table_args__ = (
        CheckConstraint("protection_class IN ('I', 'II', 'III')", name="class"),
        CheckConstraint("polarity IN ('right', 'wrong', 'not_polarised')", name="polarity"),
        CheckConstraint(f"NOT passed OR ({_PASSES})", name="passed"),
        ForeignKeyConstraint(
            ["limits_version", "protection_class"],
            ["safety_limit.version", "safety_limit.protection_class"],
        ),
        UniqueConstraint("id", "ticket_id", "passed"),
        Index("ix_safety_test_ticket_id_number", "ticket_id", "number", unique=True),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("ticket.id"))
    number: Mapped[int]
    protection_class: Mapped[str] = mapped_column(String(3))
    visual_ok: Mapped[bool]
    polarity: Mapped[str] = mapped_column(String(14))
    earth_ohm: Mapped[float | None]
    insulation_mohm: Mapped[float | None]
    insulation_omitted: Mapped[bool]
    leakage_ma: Mapped[float | None]
    limits_version: Mapped[int]
    earth_limit: Mapped[float | None]
    insulation_limit: Mapped[float]
    leakage_limit: Mapped[float | None]
    passed: Mapped[bool]
    failed: Mapped[list[Any]] = mapped_column(Json)
    instrument: Mapped[str] = mapped_column(String(80))
    instrument_serial: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(1000), default="")
    tester_id: Mapped[str] = mapped_column(Id)
    tested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Readings:
    """What was seen and measured: Ω, MΩ (the end of the range where it says "more"), mA.

    `insulation_omitted`: electronics that the 500 V of the insulation test would harm; then the
    leakage current alone speaks for the insulation (EN 50678, 5.3).
    """

    protection_class: str
    visual_ok: bool
    polarity: str
    earth_ohm: float | None = None
    insulation_mohm: float | None = None
    insulation_omitted: bool = False
    leakage_ma: float | None = None


def verdict(given: Readings, limit: SafetyLimit) -> list[str]:
    """Return what does not hold of the readings that are there; empty where everything does."""
    earth, insulation, leakage = given.earth_ohm, given.insulation_mohm, given.leakage_ma
    lead = given.polarity == RIGHT or (given.polarity != WRONG and given.protection_class != "I")
    held: Mapping[str, bool] = {
        "visual": given.visual_ok,
        "polarity": lead,
        "earth": limit.earth_ohm is None or earth is None or earth <= limit.earth_ohm,
        "insulation": insulation is None or insulation >= limit.insulation_mohm,
        "leakage": limit.leakage_ma is None or leakage is None or leakage <= limit.leakage_ma,
    }
    return [name for name, holds in held.items() if not holds]


def missing(given: Readings) -> list[str]:
    """Return the readings without which nobody can say that this device is safe."""
    wanted = {
        "earth_ohm": given.protection_class == "I" and given.earth_ohm is None,
        "insulation_mohm": given.protection_class != "III"
        and given.insulation_mohm is None
        and not given.insulation_omitted,
        "leakage_ma": given.protection_class != "III" and given.leakage_ma is None,
    }
    return [name for name, is_missing in wanted.items() if is_missing]
