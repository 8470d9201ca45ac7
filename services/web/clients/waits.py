"""What the coordinator's page asks of booking about told waiting ranges."""

from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Client, Page, Text, read_all


@dataclass(frozen=True)
class WaitScore:
    """One session: people told a range, called inside it, told none; widths in minutes."""

    session_id: str
    title: Text
    starts_at: datetime
    told: int
    inside: int
    untold: int
    share: float | None
    width: float
    naive_width: float


class WaitCalls(Client):
    """Booking's calls about waiting ranges."""

    def wait_scores(self, from_: str, to: str, cursor: str | None = None) -> Page:
        """Scores of sessions that began in [from, to), the latest first."""
        params = {"from": from_, "to": to, "cursor": cursor, "limit": 100}
        answer = self.get("/wait-scores", params=params)
        return Page(read_all(WaitScore, answer["items"]), answer["next_cursor"])
