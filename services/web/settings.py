"""Settings of the web front: where the services are, and which proxy is trusted."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import BaseSettings, fields_from_env, number

SERVICES = ("catalog", "booking", "roster", "notify", "identity")


@dataclass(frozen=True, kw_only=True)
class Settings(BaseSettings):
    """The shared settings, and one address per service ("" where it is given in-process)."""

    service_urls: Mapping[str, str]
    live_url: str = ""
    trusted_proxies: int = 0


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the front's settings from the environment."""
    urls = {name: env.get(f"{name.upper()}_URL", "") for name in SERVICES}
    return Settings(
        **fields_from_env("web", env),
        service_urls={name: url for name, url in urls.items() if url},
        live_url=env.get("LIVE_URL", ""),
        trusted_proxies=number(env, "TRUSTED_PROXIES", 0),
    )
