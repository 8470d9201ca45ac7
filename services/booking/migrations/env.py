"""Alembic's environment of booking."""

from services.booking.models import Base
from shared.migrations import run

run(Base.metadata)
