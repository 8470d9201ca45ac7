"""Taking in records of others as Open Repair Data: look first, then take, and take back whole."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.past_record import ImportBatch, PastRecord
from services.booking.queries.ords_rows import Line, read_lines
from shared import audit
from shared.database import insert_for, suite_time
from shared.errors import NotFound
from shared.ids import new_id

AT_ONCE = 500
MOST_SHOWN = 300


@dataclass
class Import:
    """What came, or would come, of a file; `batch_id` only where something was taken."""

    lines: list[Line]
    batch_id: str | None = None
    counts: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        states = [line.state for line in self.lines]
        self.counts = {state: states.count(state) for state in ("new", "known", "own", "invalid")}

    @property
    def shown(self) -> list[Line]:
        """Lines of which there is something to say, the first of them."""
        return [line for line in self.lines if line.said or line.state != "new"][:MOST_SHOWN]

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of what is new."""
        days = [line.values["day"] for line in self.lines if line.state == "new"]
        return (min(days), max(days)) if days else None


def look(session: Session, content: bytes, own: str, zone: str) -> Import:
    """Say what an import would do; nothing is changed. `own` is the code that our own ids begin with."""
    lines = read_lines(content, suite_time(session).astimezone(ZoneInfo(zone)).date())
    open_ones = [line for line in lines if line.state == "new"]
    known = _known(session, [line.id for line in open_ones])
    for line in open_ones:
        if line.id.startswith(f"{own}-"):
            line.state = "own"
            line.hint("这是我们自己的记录，已经在这里", "this is a record of ours; it is here")
        elif line.id in known:
            line.state = "known"
            line.hint("以前导入过", "it was imported before")
    return Import(lines)


def take(
    session: Session, content: bytes, name: str, *, own: str, zone: str, actor_id: str
) -> Import:
    """Take what is new of a file, as one batch; a file without anything new is refused.

    An id that somebody else takes in the same moment is theirs: the database keeps each once.
    """
    found = look(session, content, own, zone)
    if found.days is None:
        raise errors.NothingNew
    batch = ImportBatch(
        id=new_id(),
        name=name,
        records=0,
        first=found.days[0],
        last=found.days[1],
        by=actor_id,
        imported_at=suite_time(session),
    )
    session.add(batch)
    session.flush()
    new = [line.values | {"batch_id": batch.id} for line in found.lines if line.state == "new"]
    for begin in range(0, len(new), AT_ONCE):
        statement = insert_for(session, PastRecord).on_conflict_do_nothing(index_elements=["id"])
        session.execute(statement, new[begin : begin + AT_ONCE])
    taken = select(func.count()).where(PastRecord.batch_id == batch.id)
    batch.records = session.scalar(taken) or 0
    session.flush()
    audit.record(session, actor_id, "records.import", batch.id)
    return Import(found.lines, batch.id)


def undo(session: Session, id: str, actor_id: str) -> ImportBatch:
    """Take a batch back whole; what it brought is gone, that it was there stays."""
    open_one = (ImportBatch.id == id) & ImportBatch.undone_at.is_(None)
    at = suite_time(session)
    done = session.execute(update(ImportBatch).where(open_one).values(undone_at=at))
    if done.rowcount != 1:  # type: ignore[attr-defined]  # DML result
        if session.get(ImportBatch, id) is None:
            raise NotFound
        raise errors.UndoneAlready
    session.execute(delete(PastRecord).where(PastRecord.batch_id == id))
    audit.record(session, actor_id, "records.undo_import", id)
    return session.get_one(ImportBatch, id, populate_existing=True)


def _known(session: Session, ids: list[str]) -> set[Any]:
    found: set[Any] = set()
    for begin in range(0, len(ids), AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        found |= set(session.scalars(select(PastRecord.id).where(PastRecord.id.in_(some))))
    return found
