"""Shapes of objections, decisions and absences."""

from operator import attrgetter
from typing import Any

from marshmallow import fields, validate

from services.roster.models import Objection
from services.roster.models.objection import DECLINED, UPHELD, WAITS, WORDS_MOST
from services.roster.queries.absences import ATTENDANCE, AbsenceView
from shared.clock import now
from shared.schemas import Instant, LocalText, PageQuery, PersonText, Schema, page_of

STATES = (WAITS, UPHELD, DECLINED)


class ObjectionSchema(Schema):
    """What a volunteer said against an entry (`about` is its number; 0: an absence), and the answer."""

    id = fields.String(required=True)
    assignment_id = fields.String(required=True)
    person_id = fields.String(required=True)
    about = fields.Integer(required=True)
    month = fields.String(required=True)
    words = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    raised_at = Instant(required=True)
    answer = fields.String(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)


class ListedObjectionSchema(ObjectionSchema):
    """An objection in the list of those that wait, with what it is about."""

    session_title = LocalText(required=True)
    role = LocalText(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)

    def get_attribute(self, obj: Objection, attr: str, default: Any) -> Any:
        """Read a field of the objection, its shift or its session."""
        match attr:
            case "session_title":
                return obj.assignment.session.title
            case "role":
                return obj.assignment.shift.role
            case "starts_at" | "ends_at":
                return getattr(obj.assignment, attr)
            case _:
                return getattr(obj, attr)


class ObjectionQuery(PageQuery):
    """Which objections: those that wait, where nothing is said."""

    state = fields.String(load_default=WAITS, validate=validate.OneOf(STATES))


class NewObjectionSchema(Schema):
    """What a volunteer says against the entry that was `seen` (0: against an absence)."""

    words = PersonText(WORDS_MOST, least=1, lines=True, required=True)
    seen = fields.Integer(required=True)


class AbsenceSchema(Schema):
    """Somebody on a shift who did not come, whom nobody marked yet, or who has not checked out."""

    assignment_id = fields.String(required=True)
    session_id = fields.String(required=True)
    person_id = fields.String(required=True)
    session_title = LocalText(required=True)
    role = LocalText(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    state = fields.String(required=True)
    excused = fields.Boolean(required=True, allow_none=True)
    reason = fields.String(required=True)
    noted_at = Instant(required=True, allow_none=True)
    objections = fields.List(fields.Nested(ObjectionSchema), required=True)
    object_until = Instant(required=True, allow_none=True)
    can_object = fields.Boolean(required=True)

    def get_attribute(self, obj: AbsenceView, attr: str, default: Any) -> Any:
        """Read a field of the assignment, its absence, shift or session."""
        if attr == "can_object":
            return obj.can_object(now())
        if attr in ("excused", "reason", "noted_at"):
            return getattr(obj.absence, attr, "" if attr == "reason" else None)
        if attr in ("objections", "object_until"):
            return getattr(obj, attr)
        return attrgetter(PATHS.get(attr, f"assignment.{attr}"))(obj)


PATHS = {
    "assignment_id": "assignment.id",
    "session_title": "assignment.session.title",
    "role": "assignment.shift.role",
}


class AbsenceQuery(PageQuery):
    """Of which month, and who: absent, not marked yet, or checked in and not out."""

    month = fields.String(required=True)
    kind = fields.String(load_default="absent", validate=validate.OneOf(ATTENDANCE))


class SetAbsenceSchema(Schema):
    """Whether an absence has a reason, and which."""

    excused = fields.Boolean(load_default=False)
    reason = PersonText(WORDS_MOST, lines=True, load_default="")


ListedObjectionPage = page_of(ListedObjectionSchema)
AbsencePage = page_of(AbsenceSchema)
