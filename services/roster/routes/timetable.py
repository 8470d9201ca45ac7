"""A volunteer's class timetable over HTTP: what a file would come to, importing it, forgetting it."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.schemas.timetable import TimetableFileSchema, TimetableSchema
from services.roster.use_cases import timetable as use_cases
from shared.auth import current_person
from shared.http import Blueprint, once, transaction

blueprint = Blueprint("timetable", __name__, description="课表 · lessons from a file")


@blueprint.route("/availability/mine/timetable", methods=["POST"])
@blueprint.arguments(TimetableFileSchema)
@blueprint.response(200, TimetableSchema)
@blueprint.alt_response(422, description="no timetable at all; single bad lines are only listed")
def import_timetable(body: dict[str, Any]) -> Response:
    """Put a file's lessons in place of the asker's, or (dry run) only say what it would come to."""
    person_id = current_person().id
    work = partial(
        use_cases.import_timetable,
        person_id=person_id,
        content=body["content_base64"],
        dry_run=body["dry_run"],
    )
    return once(work, TimetableSchema(), 200)


@blueprint.route("/availability/mine/timetable", methods=["DELETE"])
@blueprint.response(204)
def remove_timetable() -> None:
    """Forget the asker's lessons."""
    with transaction() as session:
        use_cases.remove_timetable(session, current_person().id)
