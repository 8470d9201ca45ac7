"""Notify's web process: `gunicorn services.notify.wsgi:app`."""

from services.notify.app import create_app
from services.notify.settings import read_settings
from shared.settings import configure_clock
from shared.telemetry import set_up_logging

settings = read_settings()
set_up_logging(settings.log_level)
configure_clock(settings)
app = create_app(settings)
