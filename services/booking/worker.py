"""Booking's worker process: `python -m services.booking.worker`."""

from services.booking.app import create_worker
from services.booking.settings import read_settings
from shared.bus import connect_bus


def main() -> None:
    """Relay, consume and keep time until told to stop."""
    settings = read_settings()
    create_worker(settings, connect_bus(settings.bus_url)).run_forever()


if __name__ == "__main__":
    main()
