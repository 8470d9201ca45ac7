"""Refusals of a ticket: its state, its outcome."""

from shared.errors import Invalid, Refusal


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
