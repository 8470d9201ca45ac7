"""What the roster refuses about hours: closed periods, corrections, objections, reviews, policies."""

from collections.abc import Sequence

from shared.errors import Conflict, InBoth, Invalid, NotFound, Refusal


class PeriodClosed(Refusal):
    """A closed month or quarter takes nothing but corrections."""

    code = "period_closed"
    zh = "这个月的时长已经关账，不能再签到、签退或记缺勤。记错了的话，由协调员写明原因来更正。"
    en = (
        "The hours of this month are closed: no check-ins, check-outs or absences any more."
        " What is wrong is put right by a coordinator, with a reason."
    )


class NoSuchHours(NotFound):
    """Nothing was recorded of this assignment, or it is somebody else's."""


class NoSuchPeriod(NotFound):
    """There is no such month or quarter."""


class NoSuchObjection(NotFound):
    """There is no such objection."""


class OwnHours(Refusal):
    """Nobody corrects, or decides about, what they served themselves."""

    code = "own_hours"
    zh = "这是你自己的时长，请另一位协调员来处理。"
    en = "These are your own hours. Please ask another coordinator."


class ReasonNeeded(Invalid):
    """A correction says why."""

    def __init__(self) -> None:
        super().__init__(fields={"reason": ("请写明为什么更正。", "Please say why.")})


class PauseTooLong(Invalid):
    """Nobody pauses for longer than they are there."""

    def __init__(self) -> None:
        texts = ("不算的时间比整段时间还长。", "The pause is longer than the whole stretch.")
        super().__init__(fields={"pause_minutes": texts})


class StillThere(Refusal):
    """Who is checked in checks out first; then there is something to correct."""

    code = "still_there"
    zh = "还没有签退。请先签退，再更正。"
    en = "There is no check-out yet. Check out first, then correct."


class NotOver(Refusal):
    """Before the shift has ended there is nothing to correct."""

    code = "not_over"
    zh = "班次还没结束，按平常的办法签到、签退就好。"
    en = "The shift is not over yet; please check in and out as usual."


class ObjectionClosed(Refusal):
    """The time in which one may object is over."""

    code = "objection_closed"
    zh = "提异议的时间过了（记录后 {days} 天内）。还有疑问的话，请直接找协调员。"
    en = (
        "The time to object is over ({days} days after it was recorded)."
        " If something is wrong, please talk to a coordinator."
    )


class AlreadyObjected(Refusal):
    """One objection per entry."""

    code = "already_objected"
    zh = "这一条你已经提过异议了，处理结果会告诉你。"
    en = "You have objected to this entry already; you will hear what was decided."


class AlreadyDecided(Refusal):
    """A decision stands."""

    code = "already_decided"
    zh = "这条异议已经有人处理过了。"
    en = "This objection has been decided already."


class TooManyObjections(Refusal):
    """There is an end to what one person may have open."""

    code = "too_many_objections"
    zh = "你有 {most} 条异议还在处理，先等等结果吧。"
    en = "{most} of your objections wait for a decision. Please wait for those first."


class PeriodNotOver(Refusal):
    """A period is reviewed when it has ended."""

    code = "period_not_over"
    zh = "这段时间还没过完，过完了才能自查。"
    en = "This period is not over yet; it is checked when it has ended."


class SamePerson(Refusal):
    """The cross-check is another person's."""

    code = "same_person"
    zh = "自查是你做的，互查要请另一位协调员。"
    en = "You did the self-check. The cross-check is for another coordinator."


class ChangedSince(Refusal):
    """The ledger has entries that whoever looked last has not seen."""

    code = "changed_since"
    zh = "上次检查之后账上又多了 {more} 条。请重新自查，再互查。"
    en = "The ledger has {more} more entries since it was looked at. Please check again from the start."


class NotNow(Conflict):
    """The review is at another step."""

    code = "another_step"
    zh = "这一步现在做不了：可能有人刚做过，请看最新的情况。"
    en = "This step is not due now: somebody may have just done it. Please look again."


class PointsOpen(Refusal):
    """What is open stands in the way."""

    code = "points_open"
    zh = "还有没处理完的：{points}。"
    en = "Some points are still open: {points}."

    def __init__(self, points: Sequence[tuple[str, str]]) -> None:
        words = InBoth("；".join(zh for zh, _ in points), "; ".join(en for _, en in points))
        super().__init__(points=words)


class PolicyPast(Invalid):
    """A policy holds from today on at the earliest: what was shown stays as it was shown."""

    def __init__(self) -> None:
        texts = ("最早从今天起生效。", "It can hold from today at the earliest.")
        super().__init__(fields={"valid_from": texts})


class AnswerNeeded(Invalid):
    """Who decides says why."""

    def __init__(self) -> None:
        super().__init__(
            fields={
                "answer": ("请写几句理由，对方会看到。", "Please say why; the volunteer reads it.")
            }
        )


class RightNeeded(Invalid):
    """An objection that is upheld leads to a correction."""

    def __init__(self) -> None:
        texts = ("同意的话，请填对的时间。", "If you agree, please say which times are right.")
        super().__init__(fields={"right": texts})
