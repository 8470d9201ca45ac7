"""What the page of imports asks of booking: look at a file, take it, take a batch back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.web.clients.base import Client, Json, read, read_all


@dataclass(frozen=True)
class Line:
    """A line of the file with a remark: new | known | own | invalid."""

    line: int
    id: str
    state: str
    said: tuple[Any, ...]


@dataclass(frozen=True)
class Import:
    """What came, or would come, of a file: lines by state, those with a remark."""

    counts: Json
    first: date | None
    last: date | None
    lines: tuple[Line, ...]
    batch_id: str | None = None


@dataclass(frozen=True)
class Batch:
    """A file that was taken in."""

    id: str
    name: str
    records: int
    first: date
    last: date
    imported_at: datetime
    undone_at: datetime | None = None


class ImportCalls(Client):
    """Booking's calls about imports of records."""

    def record_imports(self) -> tuple[Batch, ...]:
        """Files taken in, the latest first."""
        return read_all(Batch, self.get("/record-imports")["items"])

    def import_records(self, name: str, encoded: str, *, dry_run: bool, key: str | None) -> Import:
        """Take a file's bytes (base64), or say what that would do."""
        body = {"name": name, "csv_base64": encoded, "dry_run": dry_run}
        return read(Import, self.post("/record-imports", body, key=key))

    def undo_import(self, batch_id: str, key: str) -> None:
        """Take a batch back."""
        self.post(f"/record-imports/{batch_id}/undo", key=key)
