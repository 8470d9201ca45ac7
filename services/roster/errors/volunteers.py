"""What the roster refuses about volunteers: limits, levels, briefings, sign-offs, their time."""

from shared.errors import Forbidden, Invalid, NotFound, Refusal


class WeekFull(Refusal):
    """The volunteer has as many shifts in that week as they want at most."""

    code = "week_full"
    zh = "这一周的班次已经到了设定的上限（{most} 个）。想多接，可以先在“我的时间”里改上限。"
    en = (
        "That week already has the most shifts that were asked for ({most})."
        " To take more, change the limit under “My time”."
    )


class NewcomerAlone(Refusal):
    """A newcomer serves together with somebody experienced, the whole time."""

    code = "newcomer_alone"
    zh = "头几次要和老志愿者一起。这个时间还没有老志愿者，等有人接了再来，或者问协调员。"
    en = (
        "The first few times you serve together with somebody experienced. Nobody experienced is on"
        " at that time yet: look again when somebody is, or ask the coordinator."
    )


class RestTooShort(Refusal):
    """Another shift lies nearer than the rest that the volunteer asked for."""

    code = "rest_too_short"
    zh = "和前后的班次之间不够设定的休息时间（{hours} 小时）。"
    en = "This leaves less rest between shifts than was asked for ({hours} h)."


class TooLongInARow(Refusal):
    """With the shifts next to it the stretch would be longer than the volunteer asked for."""

    code = "too_long_in_a_row"
    zh = "和相连的班次加起来，连续服务会超过设定的 {hours} 小时。"
    en = "Together with the shifts next to it this would be more than {hours} h in a row."


class LevelTooLow(Refusal):
    """The shift asks for more practice in the skill than the volunteer has."""

    code = "level_too_low"
    zh = "这个班次需要“{skill_zh}”{needed} 级，你现在是 {held} 级。"
    en = "This shift needs “{skill_en}” at level {needed}; yours is level {held}."


class SkillExpires(Refusal):
    """The skill is granted, but not until the shift is over."""

    code = "skill_expires"
    zh = "到这个班次时，“{skill_zh}”技能已经过期。请找协调员或资深志愿者重新确认。"
    en = (
        "The skill “{skill_en}” has expired by the time of this shift."
        " Please have it confirmed again by a coordinator or a senior volunteer."
    )


class BriefingMissing(Refusal):
    """A needed briefing has not been read in its newest version."""

    code = "briefing_missing"
    zh = "接班次前，请先看一遍《{title_zh}》，在“我的 › 安全须知”里。"
    en = "Before you take a shift, please read “{title_en}” (My page › Briefings)."


class TimesOverlap(Refusal):
    """Two entries about the same hours of a day would contradict each other."""

    code = "times_overlap"
    zh = "这一天的这段时间已经有一条了。要改的话，先删掉原来那条。"
    en = "There is an entry for these hours of that day already. To change it, remove that one first."


class TooManyEntries(Refusal):
    """There is an end to what one person may enter."""

    status = 422
    code = "too_many_entries"
    zh = "最多 {most} 条，请先删掉一些旧的。"
    en = "At most {most} entries; please remove some old ones first."


class UnreadableTimetable(Invalid):
    """The file cannot be read as a timetable at all."""

    code = "unreadable_timetable"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(fields={"content_base64": (zh, en)})


class NotYoursToSign(Forbidden):
    """Only staff, and who is senior in the skill, sign others off; senior levels only staff."""

    code = "not_yours_to_sign"
    zh = "只有协调员，或这项技能的资深志愿者（3 级）可以确认；3 级只能由协调员确认。"
    en = (
        "Only coordinators, and volunteers of level 3 in this skill, may sign off;"
        " level 3 itself only coordinators."
    )


class NotOneself(Refusal):
    """Nobody signs off themselves."""

    code = "not_oneself"
    zh = "不能给自己确认技能，请找另一位。"
    en = "Nobody signs off themselves; please ask somebody else."


class BriefingChanged(Refusal):
    """There is a newer version than the one that was read."""

    code = "briefing_changed"
    zh = "这份须知刚刚更新了，请看一遍新的再确认。"
    en = "This briefing has just been updated. Please read the new one, then confirm."


class ExpiryPast(Invalid):
    """A skill is granted until a day ahead."""

    def __init__(self) -> None:
        texts = ("有效期要在今天以后。", "It must hold beyond today.")
        super().__init__(fields={"expires_at": texts})


class NoSuchEntry(NotFound):
    """There is no such entry, or it is somebody else's."""


class NoSuchBriefing(NotFound):
    """There is no such briefing."""
