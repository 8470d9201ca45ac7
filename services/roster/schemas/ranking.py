"""Shapes of the weekly ranking: taking part, the weeks, a week's list. No ids of people in it."""

from marshmallow import fields

from services.roster.models.ranking import NAME_MOST
from shared.schemas import Instant, PersonText, Schema


class TakePartSchema(Schema):
    """Whether to take part, under a code; leaving takes one off every list."""

    takes_part = fields.Boolean(required=True)


class RankingNameSchema(Schema):
    """Take part under this name: the front vouches that it is the person's own."""

    name = PersonText(NAME_MOST, least=1, required=True)


class OwnPlaceSchema(Schema):
    """What stands of me on the list of a week."""

    first_day = fields.Date(required=True)
    minutes = fields.Integer(required=True)


class MyPartSchema(Schema):
    """Whether and how I take part, and where I stand on lists that are kept."""

    takes_part = fields.Boolean(required=True)
    name = fields.String(allow_none=True, required=True, metadata={"description": "null: a code"})
    code = fields.String(allow_none=True, required=True)
    since = Instant(allow_none=True, required=True)
    next_at = Instant(required=True, metadata={"description": "when the next list is published"})
    places = fields.List(fields.Nested(OwnPlaceSchema), required=True)


class RankingWeekSchema(Schema):
    """A week that was published."""

    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    published_at = Instant(required=True)
    people = fields.Integer(required=True)


class RankingWeeksSchema(Schema):
    """The weeks that are kept, newest first, and when the next one is published."""

    items = fields.List(fields.Nested(RankingWeekSchema), required=True)
    next_at = Instant(required=True)


class PlacedSchema(Schema):
    """One line: ties share a rank, and ranks count only those who take part."""

    rank = fields.Integer(required=True)
    name = fields.String(allow_none=True, required=True, metadata={"description": "null: a code"})
    code = fields.String(required=True)
    minutes = fields.Integer(required=True)
    mine = fields.Boolean(required=True)


class MyPlaceSchema(Schema):
    """My own line, also where it is not among those given, and what the ledger says of the week now."""

    rank = fields.Integer(required=True)
    minutes = fields.Integer(required=True)
    minutes_now = fields.Integer(required=True)


class RankingSchema(RankingWeekSchema):
    """A week's list as it was published, without who has left since."""

    items = fields.List(fields.Nested(PlacedSchema), required=True)
    mine = fields.Nested(MyPlaceSchema, allow_none=True, required=True)
    corrected = fields.Integer(
        required=True, metadata={"description": "how many lines the ledger says otherwise by now"}
    )
