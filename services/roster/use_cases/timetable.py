"""Importing a class timetable: what a file would come to, and putting it in place of the old one."""

import base64
import binascii
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from services.roster.errors import UnreadableTimetable
from services.roster.models import Lesson
from services.roster.models.availability import MOST_LESSONS
from services.roster.models.timetable import Timetable
from services.roster.queries.availability import term_near, terms
from services.roster.use_cases.availability import ZONE, enter_volunteer
from services.roster.use_cases.timetable_csv import read_csv
from services.roster.use_cases.timetable_ics import read_ics
from shared import audit
from shared.database import suite_time
from shared.ids import new_id

MOST_BYTES = 512 * 1024
_BLIND = {"synchronize_session": False}


def import_timetable(session: Session, person_id: str, content: str, *, dry_run: bool) -> Timetable:
    """Read a file (base64; iCalendar or CSV) and, unless it is a dry run, replace the timetable.

    Lines that cannot be used are left out and listed; raises ``UnreadableTimetable`` for a file
    that is no timetable at all, and where nothing of it could be used.
    """
    found = read_timetable(session, decoded(content), ZONE)
    if len(found.lessons) > MOST_LESSONS:
        raise UnreadableTimetable(
            f"一共最多 {MOST_LESSONS} 节课。", f"At most {MOST_LESSONS} lessons in all."
        )
    if dry_run:
        return found
    if not found.lessons:
        raise UnreadableTimetable("没有一节课读得出来。", "Not one lesson could be read.")
    enter_volunteer(session, person_id)
    _clear(session, person_id)
    rows = [{"id": new_id(), "person_id": person_id, **_columns(one)} for one in found.lessons]
    session.execute(insert(Lesson), rows)
    audit.record(session, person_id, "timetable.imported", person_id)
    return found


def remove_timetable(session: Session, person_id: str) -> None:
    """Forget somebody's lessons."""
    enter_volunteer(session, person_id)
    _clear(session, person_id)
    audit.record(session, person_id, "timetable.removed", person_id)


def read_timetable(session: Session, text: str, place: ZoneInfo) -> Timetable:
    """Read a timetable in either format."""
    today = suite_time(session).astimezone(place).date()
    if "BEGIN:VCALENDAR" in text[:4096].upper():
        return read_ics(text, terms(session), today, place)
    return read_csv(text, term_near(session, today))


def decoded(content: str) -> str:
    """Return the text of a base64 file: UTF-8 with or without BOM, else GB18030 (Chinese Excel)."""
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise UnreadableTimetable(
            "文件没有完整上传。", "The file did not arrive whole."
        ) from problem
    if len(raw) > MOST_BYTES:
        raise UnreadableTimetable(
            f"文件太大，最多 {MOST_BYTES // 1024} KB。",
            f"The file is too large, {MOST_BYTES // 1024} KB at most.",
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableTimetable(
        "看不懂文件的编码。请存成 UTF-8 的 CSV，或者用课表应用导出的 .ics。",
        "The file's encoding is not known. Please save it as CSV in UTF-8, or export an .ics file.",
    )


def _clear(session: Session, person_id: str) -> None:
    mine = delete(Lesson).where(Lesson.person_id == person_id)
    session.execute(mine.execution_options(**_BLIND))


def _columns(one: object) -> dict[str, object]:
    values = dict(vars(one))
    values["from_minute"], values["to_minute"] = values.pop("span")
    values["weeks"] = list(values["weeks"]) if values["weeks"] else None
    return values
