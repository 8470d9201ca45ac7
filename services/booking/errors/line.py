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


class OnlySnoozed(Refusal):
    """Everybody in line asked for a few minutes."""

    code = "only_snoozed"
    zh = "在等的人都说过要稍等一会儿；最早的是 {number}，{time} 以后可以叫。要现在叫，请点这个号。"
    en = (
        "Everybody in line has asked for a few minutes; the first is {number}, from {time} on. "
        "To call now, choose that number."
    )


class NotLateYet(Refusal):
    """Coming later is said shortly before, and while the turn is still kept."""

    code = "not_late_yet"
    zh = "{opens} 到 {closes} 之间可以说会晚到。"
    en = "You can say that you are late between {opens} and {closes}."


class PutOffEnough(Refusal):
    """A turn can be put off a few times only."""

    code = "put_off_enough"
    zh = "已经推迟过几次了，不能再推迟。请到前台说一声。"
    en = "This has been put off as often as possible. Please tell the desk."


class SnoozedAlready(Refusal):
    """A few minutes are running."""

    code = "snoozed_already"
    zh = "已经让别人先修了，可以随时回来。"
    en = "Others are going first already; you can come back at any time."


class NotSnoozed(Refusal):
    """There is nothing to take back."""

    code = "not_snoozed"
    zh = "现在就在队里，没有推迟。"
    en = "Nothing was put off: you are in line."


class OtherLineClosed(Refusal):
    """The other session does not take people from this line."""

    code = "other_line_closed"
    zh = "那个场次现在不收人，请另选一个。"
    en = "That session does not take people now. Please choose another one."


class OtherLineCategory(Refusal):
    """The other session does not repair one of the devices."""

    code = "other_line_category"
    zh = "那个场次不修这类物品：{category_zh}。"
    en = "That session does not repair this kind of device: {category_en}."


class SwitchedEnough(Refusal):
    """Queues are switched a few times only."""

    code = "switched_enough"
    zh = "已经换过 {times} 次队了，请到前台说一声。"
    en = "Queues have been switched {times} times already. Please tell the desk."


class OtherOffering(Refusal):
    """Who waits for parts comes back to a session of the same offering."""

    code = "other_offering"
    zh = "等配件的维修要回到同一个服务项目的场次。"
    en = "A repair that waits for parts goes on in a session of the same offering."


class NotUndoable(Refusal):
    """Something stands on the act, or it was too long ago."""

    code = "not_undoable"
    zh = "不能撤销：{why_zh}"
    en = "This cannot be undone: {why_en}"
