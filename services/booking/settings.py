"""What booking needs to know to run, read from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.settings import BaseSettings, fields_from_env


@dataclass(frozen=True, kw_only=True)
class Settings(BaseSettings):
    """Booking needs nothing beyond what every service does."""

    @property
    def photo_folder(self) -> Path:
        """Where re-encoded photos lie: never below a web root."""
        return self.data_dir / "photos"


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings of booking."""
    return Settings(**fields_from_env("booking", env))
