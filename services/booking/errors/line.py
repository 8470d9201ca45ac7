"""Refusals of the line on the day: arrivals, calls, benches."""

from shared.errors import Invalid, Refusal


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


class NotASpan(Invalid):
    """A question about another crew is about a while that is still to come."""

    code = "not_a_span"
    zh = "结束时间要晚于开始时间，而且还没有过去。"
    en = "The end must be later than the start, and still to come."


class NotInState(Refusal):
    """Somebody else was quicker, or the act does not fit what has happened."""

    code = "not_in_state"
    zh = "号码 {number} 现在是“{now_zh}”，不能这样做。"
    en = "Number {number} is {now_en} now; this cannot be done."
