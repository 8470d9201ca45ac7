"""The worker process of the roster: relay, consumer and timers."""

from services.roster.app import create_worker
from services.roster.settings import read_settings
from shared.bus import connect_bus


def main() -> None:
    """Work until told to stop."""
    settings = read_settings()
    create_worker(settings, connect_bus(settings.bus_url)).run_forever()


if __name__ == "__main__":
    main()
