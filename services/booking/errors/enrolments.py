"""Refusals of a seat in a training."""

from shared.errors import Refusal


class NoSeatsHere(Refusal):
    """The other way round."""

    code = "book_instead"
    zh = "这个场次需要预约时段，不能直接报名。"
    en = "This session is joined by booking a slot, not by enrolling."


class AlreadyEnrolled(Refusal):
    """One enrolment per person and session."""

    code = "already_enrolled"
    zh = "你已经报名（或在候补中）了。"
    en = "You are already enrolled or on the waitlist."


class NotSeated(Refusal):
    """Attendance is marked for people with a seat."""

    code = "not_seated"
    zh = "只有报名成功的人才能登记签到。"
    en = "Attendance can be marked only for people who have a seat."
