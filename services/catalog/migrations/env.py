"""Alembic's environment of catalog."""

from services.catalog.models import Base
from shared.migrations import run

run(Base.metadata)
