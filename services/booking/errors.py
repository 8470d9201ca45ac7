"""The rules of booking, named by what is said when one of them stands in the way."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.errors import Invalid, Refusal


def local(moment: datetime, zone: str) -> str:
    """Write an instant as a person at the venue reads it: 11-22 14:30."""
    return f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


class MalformedMessage(Refusal):
    """An event does not have the shape its type promises."""

    code = "malformed_message"
    zh = "收到的消息格式不对：{problem}"
    en = "A message does not have its promised shape: {problem}"


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


class NoSeatsHere(Refusal):
    """The other way round."""

    code = "book_instead"
    zh = "这个场次需要预约时段，不能直接报名。"
    en = "This session is joined by booking a slot, not by enrolling."


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


class AlreadyEnrolled(Refusal):
    """One enrolment per person and session."""

    code = "already_enrolled"
    zh = "你已经报名（或在候补中）了。"
    en = "You are already enrolled or on the waitlist."


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


class PhotoMissing(Invalid):
    """A photo that was never uploaded, is somebody else's, or is gone."""

    code = "photo_missing"
    zh = "有照片没有上传成功，请重新添加。"
    en = "A photo did not arrive. Please add it again."


class PhotoUnreadable(Invalid):
    """These bytes are no picture we can read."""

    code = "photo_unreadable"
    zh = "无法读取这张照片，请用 JPEG、PNG 或 WebP 格式。"
    en = "This photo cannot be read. Please use JPEG, PNG or WebP."


class PhotoTooLarge(Invalid):
    """More bytes or pixels than we decode."""

    status = 413
    code = "photo_too_large"
    zh = "照片太大了：最多 12 MB、4000 万像素。"
    en = "The photo is too large: at most 12 MB and 40 megapixels."


class TooLate(Refusal):
    """The cut-off before the start has passed."""

    code = "too_late"
    zh = "距离开始不足 {minutes} 分钟，不能自行更改了；来不了请联系前台。"
    en = "It is less than {minutes} minutes before the start. Please ask the front desk."


class NotLive(Refusal):
    """What is already over cannot be changed."""

    code = "not_live"
    zh = "这个预约已经取消或已经开始办理，不能再改。"
    en = "This booking has been cancelled or is already being served; it cannot be changed."


class NotSeated(Refusal):
    """Attendance is marked for people with a seat."""

    code = "not_seated"
    zh = "只有报名成功的人才能登记签到。"
    en = "Attendance can be marked only for people who have a seat."


class SameSlot(Refusal):
    """The appointment is there already."""

    code = "same_slot"
    zh = "预约已经在这个时段了。"
    en = "The booking is already in this slot."


class NotTheDay(Refusal):
    """Arrivals are taken from three hours before a session until half a day after it."""

    code = "not_the_day"
    zh = "这个场次的签到在 {opens} 到 {closes} 之间办理。"
    en = "Arrivals for this session are taken between {opens} and {closes}."


class WallCodeOver(Refusal):
    """The code on the wall changes each minute."""

    code = "wall_code_over"
    zh = "墙上的码已经换了，请再扫一次。"
    en = "The code on the wall has changed. Please scan it again."


class NoBookingHere(Refusal):
    """Nobody with this code, number or account is expected in this session."""

    code = "no_booking_here"
    zh = "本场次没有找到这个预约。可以核对号码，或者现场取号。"
    en = "No such booking in this session. Check the number, or take a walk-in number."


class BookedAlready(Refusal):
    """Who has a booking checks in with it."""

    code = "booked_already"
    zh = "在本场次已有 {time} 的预约，直接签到就好，不用再取号。"
    en = (
        "There is a booking for {time} in this session: check in with it, no walk-in number needed."
    )


class InLineAlready(Refusal):
    """One live place per person."""

    code = "in_line_already"
    zh = "已经在排队了，一个人同时只排一个队。"
    en = "Already in line: one place per person at a time."


class NobodyWaiting(Refusal):
    """The line is empty."""

    code = "nobody_waiting"
    zh = "现在没有人在等。"
    en = "Nobody is waiting right now."


class BenchBusy(Refusal):
    """One visit, and one device, at a bench."""

    code = "bench_busy"
    zh = "{bench} 号工位还有人，请先办完或换一个工位。"
    en = "Bench {bench} is still in use. Finish there first, or choose another bench."


class NoSuchBench(Invalid):
    """The session has fewer benches."""

    code = "no_such_bench"
    zh = "本场次只有 1–{benches} 号工位。"
    en = "This session has benches 1 to {benches}."


class NotInState(Refusal):
    """Somebody else was quicker, or the act does not fit what has happened."""

    code = "not_in_state"
    zh = "号码 {number} 现在是“{now_zh}”，不能这样做。"
    en = "Number {number} is {now_en} now; this cannot be done."


class DeviceNotInState(Refusal):
    """The act does not fit the device's state."""

    code = "device_not_in_state"
    zh = "这件物品现在是“{now_zh}”，不能这样做。"
    en = "This device is {now_en} now; this cannot be done."


class BarrierWithoutEnd(Invalid):
    """Open Repair Data: a barrier says why a device is at its end of life."""

    code = "barrier_without_end_of_life"
    zh = "只有“无法修复”才填写原因。"
    en = "A barrier goes only with End of life."
