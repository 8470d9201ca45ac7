"""Alembic's environment of notify."""

from services.notify.models import Base
from shared.migrations import run

run(Base.metadata)
