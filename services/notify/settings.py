"""Notify's settings: the plumbing's, and where mail goes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from shared.settings import BadSetting, BaseSettings, fields_from_env, number, secret

SCHEMES = ("smtp", "smtps", "drop")


@dataclass(frozen=True, kw_only=True)
class Settings(BaseSettings):
    """`smtp_url` is smtp[s]://[user:password@]host[:port][?starttls=1] or drop:///folder.

    `smtp_timeout` is in seconds, for each answer of the mail server.
    """

    smtp_url: str
    mail_from: str
    smtp_timeout: int = 20


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of this process from its environment."""
    base = fields_from_env("notify", env)
    host = urlsplit(base["public_url"]).hostname or "localhost"
    smtp_url = secret(env, "SMTP_URL") or f"drop://{Path(base['data_dir']).absolute()}/mail"
    if urlsplit(smtp_url).scheme not in SCHEMES:
        raise BadSetting("SMTP_URL is smtp://host:port, smtps://host:port or drop:///folder")
    return Settings(
        **base,
        smtp_url=smtp_url,
        mail_from=env.get("MAIL_FROM") or f"xiuhao@{host}",
        smtp_timeout=number(env, "SMTP_TIMEOUT", 20),
    )
