"""Refusals that an offering's policy makes: too soon, closed days, limits, a waiver not agreed to."""

from shared.errors import Conflict, Invalid, Refusal


class TooSoon(Refusal):
    """The minimum notice before a slot has begun."""

    code = "too_soon"
    zh = "这个时段要提前 {notice_zh} 预约，现在来不及了。请选晚一点的时段，或者直接来现场取号。"
    en = (
        "This slot has to be booked {notice_en} ahead. Please choose a later one, or come and take"
        " a number."
    )


class ClosedThatDay(Refusal):
    """A blackout day, a holiday or an exam week of the offering."""

    code = "closed_that_day"
    zh = "这一天不开放预约：{why_zh}。请选别的日子。"
    en = "No booking on that day: {why_en}. Please choose another day."


class WeekLimit(Refusal):
    """As many bookings of the offering in one week as one person may hold."""

    code = "week_limit"
    zh = "这个服务每人每周最多 {most} 个预约，这一周你已经约满了。可以选别的周，或先取消一个。"
    en = (
        "At most {most} a week for each person, and you have them for that week. Choose another"
        " week, or cancel one first."
    )


class TermLimit(Refusal):
    """As many bookings of the offering in one term as one person may hold."""

    code = "term_limit"
    zh = "这个服务每人每学期最多 {most} 个预约，你已经用完了。急用的话，请联系前台。"
    en = (
        "At most {most} a term for each person, and you have used them. If it is urgent, please ask"
        " the front desk."
    )


class WaiverNeeded(Invalid):
    """The current version of the waiver has not been agreed to."""

    code = "waiver_needed"
    zh = "预约前请先读一遍须知并勾选同意。"
    en = "Please read the terms and tick that you agree before you book."


class WaiverChanged(Conflict):
    """Another version was shown than the one that holds now."""

    code = "waiver_changed"
    zh = "须知刚刚更新了，请再看一遍新的内容。"
    en = "The terms have just changed. Please read the new ones."


class TooLateToMove(Refusal):
    """The cut-off for moving has passed."""

    code = "too_late_to_move"
    zh = "改时间要在 {until} 之前，现在改不了了。来不了可以取消，或联系前台。"
    en = "It could be moved until {until}. You can cancel it, or ask the front desk."


class BadPolicy(Invalid):
    """Fields of a policy do not fit together."""

    code = "bad_policy"
