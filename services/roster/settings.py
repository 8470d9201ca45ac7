"""Settings of the roster service: the suite's own, and none beside them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import BaseSettings, fields_from_env


@dataclass(frozen=True, kw_only=True)
class Settings(BaseSettings):
    """What the roster needs to know at start."""


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the roster's settings from ``env``; raise ``BadSetting`` where one makes no sense."""
    return Settings(**fields_from_env("roster", env))
