"""Operator commands of catalog: what every service has."""

import json
import sys
from collections.abc import Sequence

from services.catalog.app import create_app, open_database
from services.catalog.consumers import HANDLERS
from services.catalog.settings import read_settings
from shared import commands
from shared.inbox import Consumer
from shared.settings import configure_clock


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (`openapi` prints the description of the API); return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    settings = read_settings()
    configure_clock(settings)
    database = open_database(settings)
    if given == ["openapi"]:
        client = create_app(settings, database).test_client()
        described = client.get("/api/catalog/v1/openapi.json").get_json()
        print(json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True))
        return 0
    return commands.run("catalog", database, Consumer("catalog", database, HANDLERS), given)


if __name__ == "__main__":
    raise SystemExit(main())
