"""Refusals about places at risk and about a draw, named by the rule in the way."""

from shared.errors import Invalid, Refusal


class NotAtRisk(Refusal):
    """The volunteers came back, or everybody has a place by now."""

    code = "not_at_risk"
    zh = "这个时段已经没有超出的预约了，不用再处理。"
    en = "Nothing in this slot is at risk any more; there is nothing to do."


class NotDisplaced(Refusal):
    """Only a place that the session chose can be accepted."""

    code = "not_displaced"
    zh = "这个预约没有被调整过，不需要确认。"
    en = "This booking was not moved by us; there is nothing to accept."


class DrawOpen(Refusal):
    """In the first minute everybody goes into the draw."""

    code = "draw_open"
    zh = "这一场的第一分钟不分先后：请到抽签页登记，60 秒内登记的人机会一样。"
    en = "The first minute of this session is a draw: enter on its draw page within 60 seconds."


class DrawSoon(Refusal):
    """The minute is over, the draw is being made."""

    code = "draw_running"
    zh = "正在抽签，马上就有结果；抽完还有空位的话，先到先得。"
    en = "The draw is being made. What is left after it goes first come, first served."


class NoDraw(Refusal):
    """The session is booked first come, first served."""

    code = "no_draw"
    zh = "这一场不抽签，先到先得，直接预约就好。"
    en = "There is no draw for this session: just book a slot."


class DrawNotOpen(Refusal):
    """Entries are taken for one minute after the opening."""

    code = "draw_not_open"
    zh = "抽签登记从 {opens} 开始，只有 60 秒，到时候再来。"
    en = "Entries are taken for 60 seconds from {opens}."


class DrawClosed(Refusal):
    """The minute is over."""

    code = "draw_closed"
    zh = "登记的 60 秒已经过去了。抽完还有空位的话，先到先得。"
    en = "The 60 seconds are over. What is left after the draw goes first come, first served."


class WishesUnknown(Invalid):
    """A wish must be a slot of the session, each once."""

    code = "wishes_unknown"
    zh = "请从这一场的时段里选，每个时段选一次。"
    en = "Choose from the slots of this session, each of them once."
