"""The web process of the front."""

from services.web.app import create_app
from services.web.settings import read_settings

app = create_app(read_settings())
