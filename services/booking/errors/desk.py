"""Refusals around the desk without a connection, and the displays."""

from shared.errors import Refusal


class NobodyOfThatNumber(Refusal):
    """An offline act names a number that this session has not given."""

    code = "no_such_number"
    zh = "这一场没有 {number} 这个号。"
    en = "This session has not given the number {number}."


class NothingToRepair(Refusal):
    """An outcome needs a device that is not dealt with yet."""

    code = "no_open_device"
    zh = "{number} 没有还要修的物品了。"
    en = "Number {number} has no device left to repair."


class OtherOutcome(Refusal):
    """The device has another outcome already."""

    code = "other_outcome"
    zh = "{number} 已经有结果：{now_zh}。"
    en = "Number {number} has an outcome already: {now_en}."


class CalledElsewhere(Refusal):
    """Another desk has called the same number to another bench."""

    code = "called_elsewhere"
    zh = "{number} 已经被叫到 {bench} 号工位。"
    en = "Number {number} was called to bench {bench} already."


class ActOfAnother(Refusal):
    """An act's id belongs to whoever made it, in the session it was made in."""

    code = "act_of_another"
    zh = "这一条是别人记下的，不能改用你的名义送。"
    en = "Somebody else made this entry; it cannot be sent in your name."


class DecidedAlready(Refusal):
    """A conflict is decided once."""

    code = "decided_already"
    zh = "这一条刚才已经有人处理了。"
    en = "Somebody has decided this one a moment ago."


class TooManyDisplays(Refusal):
    """A session has room for fifty displays."""

    code = "too_many_displays"
    zh = "这一场登记的投屏太多了，请先去掉不用的。"
    en = "Too many displays are registered for this session; remove unused ones first."
