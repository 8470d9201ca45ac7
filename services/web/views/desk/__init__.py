"""The coordinator's desk: one line, benches, calls and outcomes on one screen."""

from services.web.views.desk import conflicts, offline, paper
from services.web.views.desk.acts import blueprint

__all__ = ["blueprint", "conflicts", "offline", "paper"]
