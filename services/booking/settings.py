"""What booking needs to know to run, read from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.settings import BaseSettings, fields_from_env


@dataclass(frozen=True, kw_only=True)
class Settings(BaseSettings):
    """What an Open Repair Data export says of us, beside what every service needs.

    Without a group of its own the export names each session's title as the group.
    """

    ords_provider: str = "修好"
    ords_code: str = "xiuhao"
    ords_country: str = "CHN"
    ords_group: str = ""

    @property
    def photo_folder(self) -> Path:
        """Where re-encoded photos lie: never below a web root."""
        return self.data_dir / "photos"


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings of booking."""
    return Settings(
        **fields_from_env("booking", env),
        ords_provider=env.get("ORDS_PROVIDER") or "修好",
        ords_code=env.get("ORDS_CODE") or "xiuhao",
        ords_country=env.get("ORDS_COUNTRY") or "CHN",
        ords_group=env.get("ORDS_GROUP", ""),
    )
