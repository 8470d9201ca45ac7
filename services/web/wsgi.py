"""The web process of the front."""

from services.web.app import create_app
from services.web.settings import read_settings
from shared.settings import configure_clock

settings = read_settings()
configure_clock(settings)
app = create_app(settings)
