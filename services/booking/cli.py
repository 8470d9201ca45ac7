"""Operator commands of booking: `python -m services.booking.cli migrate | dead-letters | …`."""

import json
import sys
from collections.abc import Sequence

from services.booking.app import create_app, open_database
from services.booking.consumers import HANDLERS
from services.booking.settings import read_settings
from shared.commands import run
from shared.inbox import Consumer


def main(arguments: Sequence[str]) -> int:
    """Run one command; `openapi` prints the description of the API."""
    settings = read_settings()
    database = open_database(settings)
    if list(arguments) == ["openapi"]:
        client = create_app(settings, database).test_client()
        described = client.get("/api/booking/v1/openapi.json").get_json()
        print(json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True))
        return 0
    return run("booking", database, Consumer("booking", database, HANDLERS), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
