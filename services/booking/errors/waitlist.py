"""Refusals of the waitlist: room that is there, offers that are over."""

from shared.errors import Invalid, Refusal


class RoomLeft(Refusal):
    """Nobody needs to wait for a place that is free."""

    code = "room_left"
    zh = "想要的时段现在就有空位，直接预约吧。"
    en = "There is room at a time you want. You can book it now."


class WaitsAlready(Refusal):
    """One place on the waitlist of a session is enough."""

    code = "waits_already"
    zh = "你已经在这一场的候补名单上了。"
    en = "You are on the waitlist of this session already."


class NotWaiting(Refusal):
    """The place on the waitlist has ended."""

    code = "not_waiting"
    zh = "这个候补已经结束了。"
    en = "This place on the waitlist has ended."


class OfferOver(Refusal):
    """The offer was for a while only, or was never made."""

    code = "offer_over"
    zh = "这个名额已经不再为你保留了。"
    en = "This place is no longer kept for you."


class OtherCount(Invalid):
    """An offer holds as many places as were asked for."""

    code = "other_count"
    zh = "保留的是 {devices} 件的名额，请正好填 {devices} 件。"
    en = "Room for {devices} is kept for you. Please give exactly that many devices."


class NoSuchTime(Invalid):
    """A wish that is no time of this session."""

    code = "no_such_time"
    zh = "这一场没有这个时段。"
    en = "This session has no such time."


class TooLateToWait(Refusal):
    """Nothing that could still be offered would be of use."""

    code = "too_late_to_wait"
    zh = "这一场马上开始，来不及候补了，可以直接来现场取号。"
    en = "The session is about to begin: too late to wait for a place. You can come and take a number."


class WithOneself(Refusal):
    """Two are two people."""

    code = "with_oneself"
    zh = "这是你自己的邀请，请发给想一起来的人。"
    en = "This is your own invitation. Send it to the person who wants to come along."


class TwoAlready(Refusal):
    """Somebody else has agreed before."""

    code = "two_already"
    zh = "已经有人和 TA 一起候补了。"
    en = "Somebody else waits together with them already."


class HasAnOffer(Refusal):
    """An offer is answered before anything changes."""

    code = "has_an_offer"
    zh = "TA 刚好有一个名额在等确认，等 TA 答复以后再一起候补。"
    en = "A place is kept for them right now. You can wait together once they have answered."


class NotTogether(Refusal):
    """There is nobody to part from."""

    code = "not_together"
    zh = "你现在是一个人在候补。"
    en = "You are waiting on your own."
