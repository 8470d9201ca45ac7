"""Alembic's environment of identity."""

from services.identity.models import Base
from shared.migrations import run

run(Base.metadata)
