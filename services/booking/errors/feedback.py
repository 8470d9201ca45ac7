"""Refusals of feedback and reworks."""

from shared.errors import Invalid, Refusal


class NothingToSay(Refusal):
    """Only of a device that was repaired can one say whether it still works."""

    code = "nothing_to_say_yet"
    zh = "这件还没有修好的记录，等有了结果再来说说。"
    en = "There is no repair on record yet; please come back once there is an outcome."


class NotARework(Invalid):
    """The earlier repair does not fit."""

    code = "not_a_rework"
    zh = "选的那次维修对不上，请重新选一下。"
    en = "The earlier repair does not fit; please choose again."


class ReworkOpen(Refusal):
    """The device is back already."""

    code = "rework_open"
    zh = "这件的返修已经登记过了。"
    en = "This device is registered as a rework already."
