"""The worker process: relay, consumer, and the timers that send what is due."""

from services.notify.app import create_worker
from services.notify.settings import read_settings
from shared.bus import connect_bus


def main() -> None:
    """Run until asked to stop."""
    settings = read_settings()
    create_worker(settings, connect_bus(settings.bus_url)).run_forever()


if __name__ == "__main__":
    main()
