"""An offering: something people can book or serve at, with the policies its sessions start from."""

from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base
from shared.database import Id, Json

REPAIR, TRAINING, SERVICE = KINDS = ("repair", "training", "service")
ACTIVE, ARCHIVED = STATES = ("active", "archived")
HELPERS = {
    REPAIR: {"zh": "维修志愿者", "en": "Repair volunteer"},
    TRAINING: {"zh": "讲师", "en": "Trainer"},
    SERVICE: {"zh": "服务志愿者", "en": "Service volunteer"},
}
RECEPTION = {"zh": "接待", "en": "Reception"}


class Offering(Base):
    """Something people can book (repair), enrol in (training) or come to (service)."""

    __tablename__ = "offering"
    __table_args__ = (
        CheckConstraint("kind IN ('repair', 'training', 'service')", name="kind"),
        CheckConstraint("state IN ('active', 'archived')", name="state"),
        CheckConstraint("minutes_per_device > 0 AND devices_per_bench > 0", name="pace"),
        CheckConstraint("max_devices > 0 AND cancel_cutoff_minutes >= 0", name="limits"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[dict[str, Any]] = mapped_column(Json)
    summary: Mapped[dict[str, Any]] = mapped_column(Json)
    skill: Mapped[str | None] = mapped_column(String(60))
    categories: Mapped[list[int]] = mapped_column(Json)
    minutes_per_device: Mapped[int]
    devices_per_bench: Mapped[int]
    max_devices: Mapped[int]
    cancel_cutoff_minutes: Mapped[int]
    staffing: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default=ACTIVE)

    @property
    def suggested_staffing(self) -> list[dict[str, Any]]:
        """Return the roles a session of this offering needs, its own ones or the usual ones."""
        return self.staffing or self.staffing_for(benches=2)

    def staffing_for(self, benches: int) -> list[dict[str, Any]]:
        """Return the roles for a session with so many benches, without times."""
        if self.staffing:
            return self.staffing
        needed = max(1, benches) if self.kind == REPAIR else 1
        helpers = {
            "role": HELPERS[self.kind],
            "skill": self.skill,
            "needed": needed,
            "at_most": max(needed, 2 if self.kind != REPAIR else needed),
        }
        reception = {"role": RECEPTION, "skill": None, "needed": 1, "at_most": 2}
        return [helpers, reception] if self.kind == REPAIR else [helpers]
