"""The worker process of catalog: the relay."""

from services.catalog.app import create_worker
from services.catalog.settings import read_settings
from shared.bus import connect_bus


def main() -> None:
    """Work until told to stop."""
    settings = read_settings()
    create_worker(settings, connect_bus(settings.bus_url)).run_forever()


if __name__ == "__main__":
    main()
