"""The web process of identity."""

from services.identity.app import create_app
from services.identity.settings import read_settings
from shared.settings import configure_clock
from shared.telemetry import set_up_logging

settings = read_settings()
set_up_logging(settings.log_level)
configure_clock(settings)
app = create_app(settings)
