"""A session: one dated run of an offering at a venue, and the series it may belong to."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.catalog.errors import AlreadyCancelled, AlreadyOver
from services.catalog.models.base import Base
from services.catalog.models.need import Need
from services.catalog.models.offering import Offering
from services.catalog.models.plan import FIRST_COME, Plan
from services.catalog.models.venue import Venue
from shared.clock import now
from shared.database import Id, Json, UtcDateTime

DRAFT, PUBLISHED, CANCELLED = STATES = ("draft", "published", "cancelled")
THIS, FOLLOWING, ALL = SCOPES = ("this", "following", "all")
POLICIES = (
    "categories",
    "minutes_per_device",
    "devices_per_bench",
    "max_devices",
    "cancel_cutoff_minutes",
)


class Series(Base):
    """Sessions that were made together and repeat weekly in their venue's zone."""

    __tablename__ = "series"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    zone: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Session(Base):
    """One dated run. Published ones never overlap at a venue: the database refuses it.

    Policies are copied from the offering when it is published, so that what was promised to those
    who booked stays. ``detached`` marks an occurrence of a series that was moved by itself.
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="duration"),
        CheckConstraint("booking_closes_at > booking_opens_at", name="window"),
        CheckConstraint("state IN ('draft', 'published', 'cancelled')", name="state"),
        CheckConstraint("benches >= 0 AND seats >= 0", name="room"),
        CheckConstraint("kind <> 'repair' OR (slot_minutes > 0 AND benches > 0)", name="repair"),
        Index("ix_session_starts_at_id", "starts_at", "id"),
        Index("ix_session_venue_id_starts_at", "venue_id", "starts_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    series_id: Mapped[str | None] = mapped_column(Id, ForeignKey("series.id"), index=True)
    position: Mapped[int | None]
    detached: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    programme_id: Mapped[str | None] = mapped_column(Id, ForeignKey("programme.id"), index=True)
    offering_id: Mapped[str] = mapped_column(Id, ForeignKey("offering.id"), index=True)
    venue_id: Mapped[str] = mapped_column(Id, ForeignKey("venue.id"))
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[dict[str, Any]] = mapped_column(Json)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    slot_minutes: Mapped[int | None]
    benches: Mapped[int]
    seats: Mapped[int]
    booking_opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    booking_closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    categories: Mapped[list[int]] = mapped_column(Json)
    minutes_per_device: Mapped[int]
    devices_per_bench: Mapped[int]
    max_devices: Mapped[int]
    cancel_cutoff_minutes: Mapped[int]
    staffing: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    positions_used: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    opening: Mapped[str] = mapped_column(String(12), default=FIRST_COME, server_default=FIRST_COME)
    opens_when_staffed: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    reason: Mapped[dict[str, Any] | None] = mapped_column(Json)
    trial: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    offering: Mapped[Offering] = relationship(lazy="joined", innerjoin=True)
    venue: Mapped[Venue] = relationship(lazy="joined", innerjoin=True)

    @property
    def summary(self) -> dict[str, Any]:
        """Return what the offering says about itself."""
        return self.offering.summary

    @property
    def venue_name(self) -> dict[str, Any]:
        """Return the venue's name."""
        return self.venue.name

    @property
    def venue_place(self) -> dict[str, Any]:
        """Return where the venue is."""
        return self.venue.place

    @property
    def zone(self) -> str:
        """Return the zone the session is shown in."""
        return self.venue.zone

    @property
    def is_published(self) -> bool:
        """Tell whether other services know this session as one that takes place."""
        return self.state == PUBLISHED

    @property
    def needs(self) -> tuple[Need, ...]:
        """Return the volunteers needed, in the order in which they were entered."""
        return tuple(Need.from_json(need, index) for index, need in enumerate(self.staffing))

    @property
    def next_position(self) -> int:
        """Return the position of the next new entry; those of entries taken out do not come again."""
        return max(self.positions_used or 0, *(need.position + 1 for need in self.needs), 0)

    @property
    def announced_staffing(self) -> list[dict[str, Any]]:
        """Return the volunteers needed as others read them."""
        return [need.to_json() for need in self.needs]

    @property
    def plan(self) -> Plan:
        """Return what a coordinator decides about this session."""
        return Plan(
            title=self.title,
            programme_id=self.programme_id,
            venue_id=self.venue_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            slot_minutes=self.slot_minutes,
            benches=self.benches,
            seats=self.seats,
            booking_opens_at=self.booking_opens_at,
            booking_closes_at=self.booking_closes_at,
            staffing=self.needs,
            opening=self.opening or FIRST_COME,
            opens_when_staffed=bool(self.opens_when_staffed),
        )

    def follow(self, plan: Plan, venue: Venue) -> None:
        """Take over a plan at its venue, in a new version."""
        self.version = (self.version or 0) + 1
        self.venue = venue
        for name in ("title", "programme_id", "starts_at", "ends_at", "slot_minutes"):
            setattr(self, name, getattr(plan, name))
        self.benches, self.seats = plan.benches, plan.seats
        self.opening, self.opens_when_staffed = plan.opening, plan.opens_when_staffed
        self.booking_opens_at = plan.booking_opens_at
        self.booking_closes_at = plan.booking_closes_at
        self.staffing = [need.to_json() for need in plan.staffing]
        self.positions_used = self.next_position

    def publish(self) -> None:
        """Let it take place, with the offering's policies as they are now."""
        self.copy_policies(self.offering)
        self.state, self.published_at = PUBLISHED, now()
        self.version += 1

    def copy_policies(self, offering: Offering) -> None:
        """Take over the offering's policies as they are now."""
        for name in POLICIES:
            setattr(self, name, getattr(offering, name))

    def check_changeable(self) -> None:
        """Refuse a change of what is cancelled or over."""
        if self.state == CANCELLED:
            raise AlreadyCancelled
        if self.ends_at <= now():
            raise AlreadyOver
