"""`make secrets`: the passwords of a compose deployment, each in a file of its own, made once."""

import os
import secrets
import sys
from pathlib import Path

from deploy.processes import ROOT, SERVICES


def main() -> int:
    """Write what is missing into `SECRETS` (default var/secrets)."""
    folder = Path(os.environ.get("SECRETS") or ROOT / "var" / "secrets")
    made = write(folder)
    print(f"{folder}: {made} files made, the others were there")
    return 0


def write(folder: Path) -> int:
    """Make the missing files; containers read them as another user, so the folder guards them."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    administrator, bus = secrets.token_hex(16), secrets.token_hex(16)
    together = [  # files that repeat one password are made together or not at all
        {
            "postgres-password": administrator,
            "database-admin-url": f"postgresql://postgres:{administrator}@postgres:5432/postgres",
        },
        {
            "rabbitmq-users": f"default_user = xiuhao\ndefault_pass = {bus}\n",
            "bus-url": f"amqp://xiuhao:{bus}@rabbitmq:5672/",
        },
        *({f"{service}-database-url": _address(service)} for service in SERVICES),
    ]
    return sum(_write_all(folder, files) for files in together)


def _address(service: str) -> str:
    name = f"xiuhao_{service}"
    return f"postgresql+psycopg://{name}:{secrets.token_hex(16)}@postgres:5432/{name}"


def _write_all(folder: Path, files: dict[str, str]) -> int:
    if all((folder / name).exists() for name in files):
        return 0
    for name, text in files.items():
        path = folder / name
        path.write_text(text)
        path.chmod(0o444)
    return len(files)


if __name__ == "__main__":
    sys.exit(main())
