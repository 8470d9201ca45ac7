"""What the roster refuses about proposals: asking for one, changing its plan, publishing it."""

from shared.errors import Invalid, NotFound, Refusal


class NoSuchProposal(NotFound):
    """There is no such proposal."""


class NoSuchCell(NotFound):
    """Nobody of that name is on that shift of the plan."""

    code = "no_such_cell"
    zh = "方案里这个位置刚刚变了，请看一下最新的方案。"
    en = "This place of the plan has just changed. Please look at the newest plan."


class ProposalBusy(Refusal):
    """While a plan is being looked for, nobody changes it."""

    code = "proposal_busy"
    zh = "正在求解，完成或停止后才能修改。"
    en = "The search is still running. The plan can be changed once it is done or stopped."


class ProposalEnded(Refusal):
    """A plan that was published or discarded is history."""

    code = "proposal_ended"
    zh = "这个方案已经发布或放弃，不能再改。可以另做一个。"
    en = "This proposal was published or discarded and cannot be changed. You can make another one."


class NothingRuns(Refusal):
    """Only a search that runs can be stopped."""

    code = "nothing_runs"
    zh = "没有正在进行的求解：它刚刚完成了。"
    en = "No search is running: it has just ended."


class NoShiftsAhead(Invalid):
    """A proposal needs shifts in its days."""

    code = "no_shifts_ahead"

    def __init__(self) -> None:
        texts = (
            "这些天里没有还没开始的班次。请换一段日期，或者先发布场次。",
            "There is no shift ahead in these days. Please choose other days, or publish sessions first.",
        )
        super().__init__(fields={"from_on": texts})


class BadDays(Invalid):
    """A proposal is for one day at least, and a term at most."""

    code = "bad_days"

    def __init__(self, most: int) -> None:
        texts = (
            f"结束日期不能早于开始日期，最多 {most} 天。",
            f"It must not end before it begins, and last {most} days at most.",
        )
        super().__init__(fields={"until_on": texts})


class RuleInTheWay(Refusal):
    """A rule that taking a shift knows too keeps this person off: it would be refused when published."""

    code = "rule_in_the_way"
    zh = "排不上：{why_zh}。"
    en = "This cannot be planned: {why_en}."


class NeedsWord(Refusal):
    """What speaks against it is advice: it can be done all the same, on purpose."""

    code = "needs_word"
    zh = "请确认：{why_zh}。仍要安排的话，请再确认一次。"
    en = "Please confirm: {why_en}. If you still want it, confirm once more."


class NothingPlanned(Refusal):
    """A session without planned people has nothing to publish."""

    code = "nothing_planned"
    zh = "这场没有待发布的排班。"
    en = "Nothing is planned in this session that has not been published."
