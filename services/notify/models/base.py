"""The declarative base of notify's tables."""

from shared.database import declarative_base

Base = declarative_base()
