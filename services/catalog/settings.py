"""Settings of catalog: what every service needs, and nothing more."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import BaseSettings, fields_from_env


@dataclass(frozen=True, kw_only=True)
class Settings(BaseSettings):
    """What catalog needs to know."""


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Read catalog's settings from the environment."""
    return Settings(**fields_from_env("catalog", env))
