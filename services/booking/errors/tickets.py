"""Refusals of a ticket: its state, its outcome, its safety test, its way home."""

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


class UnknownCode(Invalid):
    """Findings and actions come from the list."""

    code = "unknown_repair_code"
    zh = "有的选项已经不在清单里，请重新选一下。"
    en = "Some of these are not on the list; please choose again."


class CostOfTheirOwn(Invalid):
    """The centre's cost is noted only for the centre's parts: the repair is free."""

    code = "cost_only_of_the_centre"
    zh = "只有中心出的零件才记成本；维修免费，不向任何人收费。"
    en = "A cost is noted only for the centre's own parts; the repair is free of charge."


class DeviceGone(Refusal):
    """The device has left with its owner."""

    code = "device_handed_back"
    zh = "这件物品已经交还了。如果是点错，请先撤销“已交还”。"
    en = "This device has been handed back. If that was a wrong tap, undo the hand-back first."


class NotGone(Refusal):
    """There is no hand-back to undo."""

    code = "not_handed_back"
    zh = "这件物品还没有交还，没有可以撤销的。"
    en = "This device has not been handed back; there is nothing to undo."


class PowerUnknown(Refusal):
    """Somebody has to look whether the device needs the mains."""

    code = "power_unknown"
    zh = "请先看一下：这件物品接不接市电？"
    en = "Please look first: does this device run on the mains?"


class NotTested(Refusal):
    """A mains device goes back only after a recorded safety test."""

    code = "not_tested"
    zh = "市电设备要先做安全测试、录下读数，通过了才能交还。"
    en = "A mains device needs a recorded safety test; it goes back once it has passed."


class TestFailed(Refusal):
    """A device that failed goes back only disabled, with an acknowledgement."""

    code = "test_failed"
    zh = "最近一次安全测试没有通过。修好再测；或者剪断插头，让对方签名后作为“不安全、已停用”取走。"
    en = (
        "The last safety test failed. Mend it and test again; or cut the plug off, let the owner "
        "sign, and hand it back as not safe and disabled."
    )


class NothingToDisable(Refusal):
    """Only a device that failed its test is handed back disabled."""

    code = "not_failed"
    zh = "这件物品没有未通过的安全测试，不用作为“已停用”交还。"
    en = "This device has not failed a safety test; there is no need to hand it back disabled."


class NotAcknowledged(Invalid):
    """Whoever takes an unsafe device writes their name."""

    code = "not_acknowledged"
    zh = "请让取走的人在这里写下名字，表示知道它不安全。"
    en = "Whoever takes it writes their name here, to say that they know it is not safe."


class MayNotTest(Refusal):
    """Safety tests are made by volunteers who were granted that skill."""

    status = 403
    code = "not_a_tester"
    zh = "安全测试要由有“电气安全检测”技能的志愿者来做。"
    en = "Safety tests are made by volunteers with the skill for electrical safety."


class MayNotJudge(Refusal):
    """Saying that a device is not a mains device takes away its safety test."""

    status = 403
    code = "not_a_judge"
    zh = "改成“不接市电”就不用安全测试了，请有“电气安全检测”技能的志愿者或协调员来改。"
    en = (
        "A device that is not on the mains needs no safety test, so this is for a volunteer with "
        "the skill for electrical safety, or a coordinator, to say."
    )


class ReadingsMissing(Invalid):
    """Without these readings nobody can say that the device is safe."""

    code = "readings_missing"
    zh = "还差读数。已经有一项不合格时，后面的可以不测。"
    en = "Readings are missing. They may be left out only once another one has failed."


class LimitsUnusable(Invalid):
    """Limits have to be of use: a number for each class that is measured."""

    code = "limits_unusable"
    zh = "这些限值还不能用，请看标出的几处。"
    en = "These limits cannot be used yet; please look at the marked fields."
