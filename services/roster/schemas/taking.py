"""Shapes of taking shifts: what is for me, and who dropped late."""

from typing import Any

from marshmallow import fields, validate

from services.roster.queries.for_me import FITS, SUITS
from services.roster.queries.swaps import Swap
from services.roster.schemas.shifts import ShiftSchema
from shared.schemas import Instant, LocalText, PageQuery, Schema, page_of


class ForMeQuery(PageQuery):
    """Which shifts: how they fit, within how many days, of which kind, only where people are missing."""

    fit = fields.String(load_default=SUITS, validate=validate.OneOf(FITS))
    days = fields.Integer(load_default=None, validate=validate.Range(1, 400))
    kind = fields.String(
        load_default=None, validate=validate.OneOf(["repair", "training", "service"])
    )
    short = fields.Boolean(load_default=False)


class CountsSchema(Schema):
    """How many shifts there are of each fit."""

    suits = fields.Integer(required=True)
    other = fields.Integer(required=True)
    cannot = fields.Integer(required=True)


class ForMeSchema(page_of(ShiftSchema)):  # type: ignore[misc]  # a class made at run time
    """A page of one fit, how many there are of each, and whether the asker told any free hours."""

    counts = fields.Nested(CountsSchema, required=True)
    time_known = fields.Boolean(required=True)


class StandbySchema(Schema):
    """The shift that somebody stands by for."""

    id = fields.String(required=True)


class SwapSchema(Schema):
    """A shift that could be had in exchange; `people` says how many would be asked, not who."""

    shift_id = fields.String(required=True)
    session_id = fields.String(required=True)
    session_title = LocalText(required=True)
    venue_name = LocalText(required=True)
    zone = fields.String(required=True)
    role = LocalText(required=True)
    skill = fields.String(allow_none=True, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    people = fields.Integer(required=True)

    def get_attribute(self, obj: Swap, attr: str, default: Any) -> Any:
        """Read a field of the swap, of its shift or its session."""
        match attr:
            case "people":
                return obj.people
            case "session_title":
                return obj.session.title
            case "venue_name" | "zone":
                return getattr(obj.session, attr)
            case "shift_id":
                return obj.shift.id
            case _:
                return getattr(obj.shift, attr)


class WantedSwapSchema(Schema):
    """Which shift is wanted in exchange."""

    shift_id = fields.UUID(required=True)


SwapPage = page_of(SwapSchema)


class LateQuery(Schema):
    """Since how many days."""

    days = fields.Integer(load_default=60, validate=validate.Range(1, 400))
