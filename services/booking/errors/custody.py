"""Refusals of custody: taking a device in, giving it out, deciding about it."""

from shared.errors import Forbidden, Invalid, Refusal


class KeptAlready(Refusal):
    """The device lies here already."""

    code = "kept_already"
    zh = "这件物品已经寄存在这里了。"
    en = "This device is kept here already."


class NotHere(Refusal):
    """Only what somebody has brought can be kept."""

    code = "device_not_here"
    zh = "这件物品还没有送到，或已经取消，不能寄存。"
    en = "This device has not been brought, or was cancelled; it cannot be kept."


class KeptHere(Refusal):
    """What is kept is fetched with its code."""

    code = "kept_here"
    zh = "这件物品寄存着，牌号 {tag}。请在“取件”里凭取件码交还。"
    en = "This device is kept here under the tag {tag}. Hand it back under Pick-up, with its code."


class NotInCustody(Refusal):
    """The act does not fit how the device stands."""

    code = "not_in_custody"
    zh = "{tag} 现在是“{now_zh}”，不能这样做。"
    en = "{tag} is {now_en} now; this cannot be done."


class WrongPickUpCode(Invalid):
    """The code is not the one of this device."""

    code = "wrong_pick_up_code"
    zh = "取件码不对。请和对方手机或凭条上的再核对一次。"
    en = "This is not the pick-up code. Please compare with the phone or the paper once more."


class CoordinatorMustLook(Forbidden):
    """Without the code a coordinator has to look at a card."""

    code = "coordinator_must_look"
    zh = "没有取件码时，请协调员核对证件后交还。"
    en = "Without the code, a coordinator checks a card and hands the device back."


class TooLateToUndo(Refusal):
    """A hand-back can be undone for an hour."""

    code = "too_late_to_undo"
    zh = "交还已经超过一小时，不能撤销。"
    en = "The device was handed back more than an hour ago; this cannot be undone."


class TooEarlyToDispose(Refusal):
    """The owner still has time."""

    code = "too_early_to_dispose"
    zh = "要保管到 {day}，到时才能决定怎么处理。"
    en = "It is kept until {day}; what becomes of it can be decided then."


class UndecidedDay(Invalid):
    """A date to keep something until lies ahead, within a year."""

    code = "keep_until_out_of_range"
    zh = "请选一年以内、今天以后的日期。"
    en = "Choose a day after today, within a year."
