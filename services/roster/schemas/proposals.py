"""Shapes of proposals: what is asked, how far it is, the plan with its reasons and gaps, what an edit says."""

from typing import Any

from marshmallow import fields, validate

from services.roster.models import Proposal, ProposedCell
from services.roster.models.proposal import MOST_SECONDS
from services.roster.planning import words
from services.roster.planning.reasons import Reason
from services.roster.planning.rules import RULES
from services.roster.queries.proposals import PlannedShift
from services.roster.schemas.shifts import ShiftFields, shift_attribute
from services.roster.use_cases.plan_edits import Choice
from shared.http import locale
from shared.schemas import Instant, PageQuery, Schema, page_of

SECONDS = validate.Range(min=1, max=MOST_SECONDS)
RULE_NAMES = ", ".join(rule.name for rule in RULES)


class ProposeSchema(Schema):
    """Ask for a proposal."""

    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, metadata={"description": "the last day, with"})
    zone = fields.String(load_default="Asia/Shanghai", validate=validate.Length(max=60))
    seconds = fields.Integer(load_default=30, validate=SECONDS)
    unknown_too = fields.Boolean(
        load_default=True,
        metadata={"description": "whether people who never said when they have time count as free"},
    )


class AgainSchema(Schema):
    """Look for a better plan."""

    seconds = fields.Integer(load_default=30, validate=SECONDS)


class ProgressSchema(Schema):
    """The best plan after so many seconds; ``gap`` is how far from the best possible it is at most, as a share."""

    seconds = fields.Float(required=True)
    short = fields.Integer(required=True, metadata={"description": "people missing below minima"})
    points = fields.Integer(required=True, metadata={"description": "lower is better"})
    gap = fields.Float(allow_none=True, required=True)


class ProposalSchema(Schema):
    """A proposal without its plan."""

    id = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata={"description": "waiting, solving, ready, failed, published or discarded"},
    )
    edition = fields.Integer(required=True, metadata={"description": "counts changes of the plan"})
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)
    zone = fields.String(required=True)
    seconds = fields.Integer(required=True)
    unknown_too = fields.Boolean(required=True)
    made_by = fields.String(required=True)
    made_at = Instant(required=True)
    solved = fields.Integer(required=True, metadata={"description": "how often it was solved"})
    solved_at = Instant(required=True, allow_none=True)
    stop_asked = fields.Boolean(required=True)
    progress = fields.List(fields.Nested(ProgressSchema), required=True)

    def get_attribute(self, obj: Proposal, attr: str, default: Any) -> Any:
        """Give the curve of progress its names."""
        if attr == "progress":
            names = ("seconds", "short", "points", "gap")
            return [dict(zip(names, point, strict=True)) for point in obj.progress]
        return getattr(obj, attr)


class ReasonSchema(Schema):
    """A reason: its code, and the sentence."""

    code = fields.String(required=True)
    text = fields.String(required=True)


class CellSchema(Schema):
    """Somebody on a shift of a plan."""

    shift_id = fields.String(required=True)
    person_id = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata={"description": "planned, out (they were asked), refused (see refusal)"},
    )
    locked = fields.Boolean(required=True)
    made_by = fields.String(required=True, metadata={"description": "solver or hand"})
    why = fields.List(fields.Nested(ReasonSchema), required=True)
    refusal = fields.String(allow_none=True, required=True)

    def get_attribute(self, obj: ProposedCell, attr: str, default: Any) -> Any:
        """Put reasons and a refusal into words."""
        if attr == "why":
            return [
                {"code": code, "text": words.reason(Reason(code, figures), locale())}
                for code, figures in obj.why
            ]
        if attr == "refusal":
            return obj.refusal["en" if locale() == "en" else "zh"] if obj.refusal else None
        return getattr(obj, attr)


class PlannedShiftSchema(ShiftFields):
    """A shift of a plan. ``gap_text`` says which rules stand in the way of filling it, as of the last search."""

    cells = fields.List(fields.Nested(CellSchema), required=True)
    on_it = fields.List(fields.String(), required=True, metadata={"description": "have it already"})
    offered = fields.List(fields.String(), required=True, metadata={"description": "are asked"})
    off = fields.List(fields.String(), required=True, metadata={"description": "kept off"})
    filled = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    gap_text = fields.String(allow_none=True, required=True)

    def get_attribute(self, obj: PlannedShift, attr: str, default: Any) -> Any:
        """Read a field from the plan, the rest from the shift."""
        match attr:
            case "on_it":
                return obj.accepted
            case "cells" | "offered" | "off" | "filled" | "missing":
                return getattr(obj, attr)
            case "gap_text":
                full = obj.filled >= obj.shift.at_most
                return None if full or obj.gap is None else words.ways(obj.gap.ways, locale())
            case _:
                return shift_attribute(obj.shift, attr)


class PersonHoursSchema(Schema):
    """Somebody's minutes in the term: served or taken, and planned here."""

    person_id = fields.String(required=True)
    have = fields.Integer(required=True)
    planned = fields.Integer(required=True)


class WeekSchema(Schema):
    """How a calendar week is covered, from its Monday on."""

    monday = fields.Date(required=True)
    shifts = fields.Integer(required=True)
    needed = fields.Integer(required=True)
    at_most = fields.Integer(required=True)
    filled = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    planned = fields.Integer(required=True, metadata={"description": "places not published yet"})


class PlanSchema(Schema):
    """A plan: the shifts of some days, every week in figures, everybody's hours."""

    proposal = fields.Nested(ProposalSchema, required=True)
    shifts = fields.List(fields.Nested(PlannedShiftSchema), required=True)
    weeks = fields.List(fields.Nested(WeekSchema), required=True)
    hours = fields.List(fields.Nested(PersonHoursSchema), required=True)


class PlanQuery(Schema):
    """Narrow the shifts to some days of the plan."""

    from_on = fields.Date(load_default=None)
    until_on = fields.Date(load_default=None)


class CellEdit(Schema):
    """A cell of the plan, by shift and person."""

    shift_id = fields.String(required=True)
    person_id = fields.String(required=True)


class PutEdit(CellEdit):
    """Put somebody on a shift; ``even_so`` answers a warning."""

    instead_of = fields.String(load_default=None, allow_none=True)
    moved_from = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "a shift of the plan that they give up for it"},
    )
    even_so = fields.Boolean(load_default=False)


class LockEdit(CellEdit):
    """Lock a cell, or let it go."""

    locked = fields.Boolean(required=True)


class ChoicesQuery(Schema):
    """In whose place."""

    instead_of = fields.String(load_default=None)


class ChoiceSchema(Schema):
    """Somebody who might be put on a shift of a plan."""

    person_id = fields.String(required=True)
    minutes = fields.Integer(required=True, metadata={"description": "in the term, this plan with"})
    broken = fields.List(
        fields.String(), required=True, metadata={"description": f"rules: {RULE_NAMES}"}
    )
    refused = fields.Boolean(required=True)
    time_unknown = fields.Boolean(required=True)
    text = fields.String(allow_none=True, required=True)

    def get_attribute(self, obj: Choice, attr: str, default: Any) -> Any:
        """Put what stands in the way into words."""
        if attr == "text":
            column = 1 if locale() == "en" else 0
            said = [words.RULES[rule][column] for rule in obj.broken]
            return ("；", "; ")[column].join(said) or None
        return getattr(obj, attr)


class ChoicesSchema(Schema):
    """Who could be put on a shift, best first."""

    items = fields.List(fields.Nested(ChoiceSchema), required=True)


class PublishedSchema(Schema):
    """What publishing a session came to."""

    cells = fields.List(fields.Nested(CellSchema), required=True)


ProposalPage = page_of(ProposalSchema)
ProposalQuery = PageQuery
