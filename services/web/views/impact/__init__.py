"""What came of it all: the public page, the coordinator's, and one printed page."""

from services.web.views.impact.page import blueprint

__all__ = ["blueprint"]
