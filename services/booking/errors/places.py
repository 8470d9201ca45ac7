"""Refusals of a slot or an appointment, named by the rule in the way."""

from shared.errors import Invalid, Refusal


class SlotFull(Refusal):
    """Somebody else took the last place."""

    code = "slot_full"
    zh = "这个时段刚刚约满了，请换一个时段。"
    en = "This slot has just been fully booked. Please choose another one."


class NotEnoughRoom(Refusal):
    """Fewer places are left than devices are brought."""

    code = "not_enough_room"
    zh = "这个时段只剩 {free} 件的名额，请少带几件或换一个时段。"
    en = "This slot has room for {free} more only. Bring fewer devices or choose another slot."


class WaitingForVolunteers(Refusal):
    """Nobody is accepted for this slot yet."""

    code = "waiting_for_volunteers"
    zh = "这个时段还在等待志愿者接单，暂时不能预约。"
    en = "This slot is still waiting for volunteers and cannot be booked yet."


class SlotPast(Refusal):
    """The slot has begun."""

    code = "slot_past"
    zh = "这个时段已经开始，不能再预约。"
    en = "This slot has already begun and can no longer be booked."


class NotOpenYet(Refusal):
    """The booking window has not opened."""

    code = "booking_not_open_yet"
    zh = "预约还没有开始，{opens} 开放。"
    en = "Booking has not opened yet. It opens at {opens}."


class BookingClosed(Refusal):
    """The booking window is over."""

    code = "booking_closed"
    zh = "预约已在 {closed} 截止。"
    en = "Booking closed at {closed}."


class SessionCancelled(Refusal):
    """The session does not take place."""

    code = "session_cancelled"
    zh = "这个场次已经取消。"
    en = "This session has been cancelled."


class SessionStarted(Refusal):
    """The session has begun."""

    code = "session_started"
    zh = "活动已经开始，现在不能再改报名。"
    en = "The session has begun; enrolments can no longer be changed."


class NoSlotsHere(Refusal):
    """Seats are enrolled for, slots are booked."""

    code = "enrol_instead"
    zh = "这个场次凭报名参加，不用预约时段。"
    en = "This session is joined by enrolling, not by booking a slot."


class AlreadyBooked(Refusal):
    """One live appointment per person and session."""

    code = "already_booked"
    zh = "你在这个场次已经有一个预约了，可以在“我的”里改时间或加物品。"
    en = "You already have a booking in this session. You can move it from your own page."


class Overlapping(Refusal):
    """A person is in one place at a time."""

    code = "overlapping_booking"
    zh = "这个时间和你的另一个预约重叠了。"
    en = "This time overlaps with another booking of yours."


class TooManyDevices(Invalid):
    """More devices than one booking may hold."""

    code = "too_many_devices"
    zh = "一次最多带 {most} 件。"
    en = "You can bring at most {most} devices at a time."


class CategoryRefused(Invalid):
    """A device of a kind that is not repaired here."""

    code = "category_refused"
    zh = "有物品不在这个场次的维修范围内。"
    en = "One of the devices is of a kind that is not repaired in this session."


class TooLate(Refusal):
    """The cut-off before the start has passed."""

    code = "too_late"
    zh = "取消要在 {until} 之前，现在不能自行取消了；来不了请联系前台。"
    en = "It could be cancelled until {until}. If you cannot come, please ask the front desk."


class NotLive(Refusal):
    """What is already over cannot be changed."""

    code = "not_live"
    zh = "这个预约已经取消或已经开始办理，不能再改。"
    en = "This booking has been cancelled or is already being served; it cannot be changed."


class SameSlot(Refusal):
    """The appointment is there already."""

    code = "same_slot"
    zh = "预约已经在这个时段了。"
    en = "The booking is already in this slot."
