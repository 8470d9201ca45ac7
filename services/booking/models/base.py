"""The declarative base of booking's tables."""

from shared.database import declarative_base

Base = declarative_base()
