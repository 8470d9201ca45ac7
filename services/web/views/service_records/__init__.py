"""Records of service hours: the volunteer's own, the sheet as PDF, and the page that a printed code leads to."""

from services.web.views.service_records.pages import blueprint

__all__ = ["blueprint"]
