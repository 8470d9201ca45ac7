"""The shapes of notify's requests and answers."""

from marshmallow import fields, validate

from services.notify.models.contact import KINDS, LOCALES
from services.notify.models.delivery import STATES
from services.notify.queries.deliveries import UNTOLD
from shared.schemas import Instant, PageQuery, Schema, page_of

IDS_AT_ONCE = 200
Id36 = validate.Length(min=1, max=36)


class ContactSchema(Schema):
    """Where a person can be reached; a null address means: in the app only."""

    person_id = fields.String(dump_only=True)
    email = fields.Email(required=True, allow_none=True, validate=validate.Length(max=254))
    locale = fields.String(required=True, validate=validate.OneOf(LOCALES))


class WishesSchema(Schema):
    """Which kinds of news come by mail; kinds left out stay as they are."""

    booking = fields.Boolean()
    training = fields.Boolean()
    shift = fields.Boolean()
    reminder = fields.Boolean()
    turn = fields.Boolean()


class PreferencesSchema(Schema):
    """A person's wishes; the inbox in the app always has everything."""

    mail = fields.Nested(WishesSchema, required=True)


class InboxItemSchema(Schema):
    """One message in the reader's language; ``link`` is a path on the front."""

    id = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    title = fields.String(required=True)
    body = fields.String(required=True)
    link = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)


class InboxSchema(page_of(InboxItemSchema)):  # type: ignore[misc]  # a class made at run time
    """A page of the inbox and how many messages are unread in all."""

    unread = fields.Integer(required=True)


class ReadSchema(Schema):
    """Which messages were read: ``ids``, or ``all``."""

    ids = fields.List(
        fields.String(validate=Id36), load_default=list, validate=validate.Length(max=IDS_AT_ONCE)
    )
    all = fields.Boolean(load_default=False)


class UnreadSchema(Schema):
    """How many messages are unread."""

    unread = fields.Integer(required=True)


class DeliveryQuery(PageQuery):
    """Which deliveries; state ``untold`` is failed, unknown or skipped."""

    state = fields.String(load_default=None, validate=validate.OneOf([*STATES, UNTOLD]))
    session_id = fields.String(load_default=None, validate=Id36)
    person_id = fields.String(load_default=None, validate=Id36)


class DeliverySchema(Schema):
    """One message to one person on one channel, and why it has not arrived, if so."""

    id = fields.String(required=True)
    occasion = fields.String(required=True)
    template = fields.String(required=True)
    title = fields.String(required=True)
    person_id = fields.String(required=True)
    channel = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    reason = fields.String(required=True, allow_none=True)
    reason_text = fields.String(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)
    attempts = fields.Integer(required=True)
    session_id = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    due_at = Instant(required=True)
    next_at = Instant(required=True)
    sent_at = Instant(required=True, allow_none=True)


class DeliveriesSchema(page_of(DeliverySchema)):  # type: ignore[misc]  # a class made at run time
    """A page of deliveries, and how the mails of the session (or all mails) stand."""

    counts = fields.Dict(
        keys=fields.String(validate=validate.OneOf(STATES)),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many mails stand in each state; every state is there"},
    )


class MessageSchema(Schema):
    """A named message; only those that the front may send."""

    person_id = fields.String(required=True, validate=Id36)
    template = fields.String(required=True, validate=validate.Length(min=1, max=40))
    params = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.Length(max=500)), required=True
    )


class MessageTakenSchema(Schema):
    """The message was taken up; it is sent by the worker."""

    occasion = fields.String(required=True)


class EmptySchema(Schema):
    """A request without content."""


class FeedSchema(Schema):
    """The secret of a person's calendar; the address is /api/notify/v1/feeds/<token>.ics."""

    token = fields.String(required=True)


class CustodyNewsQuery(Schema):
    """Which devices in custody: ids with commas between, at most 200."""

    custody_ids = fields.String(required=True, validate=validate.Length(1, IDS_AT_ONCE * 37))


class CustodyNewsItem(Schema):
    """One message about a device; ``days`` 0 is the news that it can be fetched."""

    custody_id = fields.String(required=True)
    days = fields.Integer(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    reason_text = fields.String(required=True, allow_none=True)
    due_at = Instant(required=True)
    sent_at = Instant(required=True, allow_none=True)


class CustodyNewsSchema(Schema):
    """What was said about some devices, the earliest first."""

    items = fields.List(fields.Nested(CustodyNewsItem), required=True)
