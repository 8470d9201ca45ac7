"""The table for the unit's own platform, at roster."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from services.web.clients.base import Client, Json, Text, read


@dataclass(frozen=True)
class Column:
    """A column: what it holds, and its heading."""

    code: str
    head: str


@dataclass(frozen=True)
class Layout:
    """Which columns the table has, in their order."""

    version: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Served:
    """One service."""

    person_id: str
    minutes: int
    checked_in_at: datetime
    checked_out_at: datetime
    session_title: Text
    venue_name: Text
    role: Text


class HandoverCalls(Client):
    """Roster's part about the table (staff)."""

    def handover_layout(self) -> Layout:
        """The layout that holds."""
        return read(Layout, self.get("/handover/layout"))

    def save_handover_layout(self, columns: list[Json], version: int) -> None:
        """Take over columns, as the layout was seen at `version`."""
        self.put("/handover/layout", {"columns": columns}, version=version)

    def handover_lines(self, first: date, last: date, most: int) -> Iterator[tuple[Served, ...]]:
        """What was served between two days, page by page, up to about `most` lines."""
        cursor, given = None, 0
        while given < most:
            params: Json = {"first": first.isoformat(), "last": last.isoformat(), "limit": 200}
            if cursor:
                params["cursor"] = cursor
            page = self.page(Served, "/handover/lines", params=params)
            yield page.items
            given, cursor = given + len(page.items), page.next_cursor
            if not cursor:
                return
