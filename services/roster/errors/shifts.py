"""What the roster refuses about shifts, assignments and attendance."""

from shared.errors import Forbidden, Invalid, NotFound, Refusal


class NotAVolunteer(Forbidden):
    """Only people with the role volunteer take shifts."""

    code = "role_missing"
    zh = "只有志愿者可以接班次。想成为志愿者，请联系协调员。"
    en = "Only volunteers take shifts. Please ask a coordinator to become one."


class SkillMissing(Refusal):
    """The shift asks for a skill that the volunteer has not been granted."""

    code = "skill_missing"
    zh = "这个班次需要“{skill_zh}”技能，目前还没有给你登记。"
    en = "This shift needs the skill “{skill_en}”, which you have not been granted yet."


class Overlaps(Refusal):
    """The volunteer has another shift at that time."""

    code = "overlaps"
    zh = "这段时间你已经有另一个班次了。"
    en = "You already have another shift at that time."


class ShiftFull(Refusal):
    """Every place of the shift is taken."""

    code = "full"
    zh = "这个班次刚好满员了，看看别的班次吧。"
    en = "This shift is full now. Please look at the other shifts."


class PlacesKept(Refusal):
    """The places left are kept for people to whom the shift is offered."""

    code = "places_kept"
    zh = "剩下的位置正在问别的志愿者。他们来不了的话，会再放出来。"
    en = "The places left are being offered to others. If they cannot come, they open again."


class AlreadyStarted(Refusal):
    """The shift has begun; only staff add people now."""

    code = "already_started"
    zh = "这个班次已经开始了。想加入的话，请到现场找协调员。"
    en = "This shift has already started. To join in, please see the coordinator on site."


class ShiftOver(Refusal):
    """The shift has ended."""

    code = "over"
    zh = "这个班次已经结束了。"
    en = "This shift is over."


class ShiftCancelled(Refusal):
    """The shift no longer takes place."""

    code = "cancelled"
    zh = "这个班次已经取消。"
    en = "This shift has been cancelled."


class AlreadyTaken(Refusal):
    """The volunteer is on this shift already."""

    code = "already_taken"
    zh = "你已经在这个班次里了。"
    en = "You are on this shift already."


class TooLateToDrop(Refusal):
    """A volunteer gives a shift back before the cut-off; later the coordinator must know."""

    code = "too_late_to_drop"
    zh = "开始前 {hours} 小时内不能自己退班了。来不了没关系，请尽快告诉协调员，他们会帮你安排。"
    en = (
        "Within {hours} hours of the start you cannot drop the shift yourself. If you cannot come,"
        " that is all right: please tell the coordinator soon, they will arrange it."
    )


class NotDroppable(Refusal):
    """Only an accepted assignment that has not been served can be dropped."""

    code = "not_droppable"
    zh = "这个排班已经不能退了：它已经退掉、签到过或者结束了。"
    en = "This assignment can no longer be dropped: it was dropped, attended or is over."


class NotCheckedIn(Refusal):
    """Checking out needs a check-in."""

    code = "not_checked_in"
    zh = "还没有签到，不能签退。"
    en = "There is no check-in yet, so there is nothing to check out of."


class AlreadyCheckedIn(Refusal):
    """One check-in per assignment."""

    code = "already_checked_in"
    zh = "已经签到过了。"
    en = "Already checked in."


class AlreadyCheckedOut(Refusal):
    """One check-out per assignment; only one that was closed by rule may be put right by staff."""

    code = "already_checked_out"
    zh = "已经签退过了。"
    en = "Already checked out."


class NotStarted(Refusal):
    """Nobody is absent from a shift that has not begun."""

    code = "not_started"
    zh = "班次还没开始，不能记缺勤。"
    en = "The shift has not started yet, so nobody is absent."


class Malformed(Refusal):
    """A message does not have the shape that its type promises."""

    code = "malformed"
    zh = "消息内容不完整：{what}"
    en = "The message does not have its shape: {what}"


class NotExpected(Refusal):
    """Who dropped a shift, or was released from it, cannot check in or be marked absent."""

    code = "not_expected"
    zh = "这个排班已经不在有效状态了。"
    en = "This assignment is no longer live."


class WrongWallCode(Refusal):
    """The code is not the one the wall shows now."""

    status = 422
    code = "wrong_wall_code"
    zh = "二维码已经更新，请重新扫描现场大屏上的码。"
    en = "The code has changed. Please scan the one on the wall display again."

    def __init__(self) -> None:
        super().__init__(fields={"wall_code": (self.zh, self.en)})


class OutOfBounds(Refusal):
    """A check-in or check-out lies within the session, give or take the grace, and not ahead."""

    status = 422
    code = "out_of_bounds"
    zh = "时间要在本场次前后 {minutes} 分钟之内，不能晚于现在，签退也不能早于签到。"
    en = (
        "The time must lie within the session, give or take {minutes} minutes, not in the future,"
        " and a check-out not before its check-in."
    )

    def __init__(self, minutes: int) -> None:
        texts = (self.zh.format(minutes=minutes), self.en.format(minutes=minutes))
        super().__init__(fields={"occurred_at": texts}, minutes=minutes)


class UnknownSkill(Invalid):
    """Only skills on the list can be granted."""

    def __init__(self, codes: list[str]) -> None:
        names = ", ".join(codes)
        texts = (f"没有这样的技能：{names}", f"There is no such skill: {names}")
        super().__init__(fields={"skills": texts})


class PersonNeeded(Invalid):
    """Staff who are no volunteers themselves must say who takes the shift."""

    def __init__(self) -> None:
        texts = ("请选择要安排的志愿者。", "Please choose the volunteer to assign.")
        super().__init__(fields={"person_id": texts})


class OfferExpired(Refusal):
    """An offer is answered until its deadline, by the database's clock."""

    code = "offer_expired"
    zh = "回复的时间过了，名额已经给了下一位。还有别的班次在等人。"
    en = "The time to answer is over, and the place went on to the next one. Other shifts need people."


class OfferEnded(Refusal):
    """An offer is answered once; it may also be taken back."""

    code = "offer_ended"
    zh = "这个邀请已经结束了：回复过，或者协调员收回了。"
    en = "This offer has ended: it was answered, or the coordinator took it back."


class AlreadyOffered(Refusal):
    """One open offer per person and shift."""

    code = "already_offered"
    zh = "已经在问这位志愿者了，等回复就好。"
    en = "This volunteer is being asked already; please wait for the answer."


class TooLateToOffer(Refusal):
    """Within half an hour of the start nobody can be asked with a deadline."""

    code = "too_late_to_offer"
    zh = "快开始了，来不及等回复。请直接安排，或者打电话问。"
    en = "It starts too soon to wait for an answer. Please assign somebody, or phone."


class NothingToFill(Refusal):
    """Asking makes sense while people are missing and there is time to answer."""

    code = "nothing_to_fill"
    zh = "这个班次不缺人，或者快开始了，来不及一个个问。"
    en = "Nobody is missing on this shift, or it starts too soon to ask one by one."


class HasPlace(Refusal):
    """One stands by for a shift that is full."""

    code = "has_place"
    zh = "现在有空位，直接接就好。"
    en = "There is a place now: just take it."


class NobodyToStandIn(Refusal):
    """A stand-in has the skill, is not on the shift, and has no other one then."""

    code = "nobody_to_stand_in"
    zh = (
        "现在没有能替你的人：会这项技能的都在班上或者那时有别的班次。请告诉协调员，他们会帮你安排。"
    )
    en = (
        "Nobody could take your place now: everybody with this skill is on the shift or on another"
        " one then. Please tell the coordinator, they will arrange it."
    )


class NobodyToSwap(Refusal):
    """Somebody on the wanted shift could take the asker's: skill, time, limits."""

    code = "nobody_to_swap"
    zh = "那个班次上现在没有能和你换的人。可以换一个班次看看，或者找人替。"
    en = "Nobody on that shift could swap with you now. Try another one, or look for a stand-in."


class CannotSwapNow(Refusal):
    """Whoever asked cannot take the other shift any more."""

    code = "cannot_swap_now"
    zh = "换不成了：对方这段时间有了别的安排。你的班次没有变。"
    en = "This swap is no longer possible: the other person has other plans now. Your shift stays."


class NoSuchOffer(NotFound):
    """There is no such offer, or it is somebody else's."""


class NoSuchShift(NotFound):
    """There is no such shift."""


class NoSuchAssignment(NotFound):
    """There is no such assignment, or it is somebody else's."""


class NoSuchVolunteer(NotFound):
    """The roster knows no such volunteer."""

    code = "no_such_volunteer"
    zh = "没有找到这位志愿者。刚登记的人要过几秒才会出现在这里。"
    en = "There is no such volunteer. People registered just now appear here after some seconds."


class NoSuchSession(NotFound):
    """The roster knows no such session."""
