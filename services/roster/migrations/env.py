"""Alembic's environment of the roster."""

from services.roster.models import Base
from shared.migrations import run

run(Base.metadata)
