"""Refusals of catalog: each names the rule that was broken, in both languages."""

from shared.errors import Conflict, Invalid, NotFound


class NoSuchOffering(NotFound):
    """There is no such offering."""

    code = "no_such_offering"
    zh = "没有找到这个服务项目。"
    en = "There is no such offering."


class NoSuchVenue(NotFound):
    """There is no such venue."""

    code = "no_such_venue"
    zh = "没有找到这个场地。"
    en = "There is no such venue."


class NoSuchProgramme(NotFound):
    """There is no such programme."""

    code = "no_such_programme"
    zh = "没有找到这个主题活动。"
    en = "There is no such programme."


class NoSuchSession(NotFound):
    """There is no such session, or it is a draft that is not shown yet."""

    code = "no_such_session"
    zh = "没有找到这个场次。"
    en = "There is no such session."


class NoSuchTerm(NotFound):
    """There is no such term."""

    code = "no_such_term"
    zh = "没有找到这个学期。"
    en = "There is no such term."


class BadTerm(Invalid):
    """Fields of a term do not fit together, or it overlaps with another one."""

    code = "bad_term"


class BadSession(Invalid):
    """Fields of a session do not fit together or do not fit its venue."""

    code = "bad_session"


class NotADraft(Conflict):
    """Only a draft can be published."""

    code = "not_a_draft"
    zh = "这个场次已经发布或取消，不能再发布。"
    en = "This session was published or cancelled before; it cannot be published again."


class AlreadyCancelled(Conflict):
    """A cancelled session stays cancelled."""

    code = "already_cancelled"
    zh = "这个场次已经取消。可以复制它，另开一场。"
    en = "This session is cancelled. You can copy it into a new one."


class AlreadyOver(Conflict):
    """What is over can no longer be published, changed or cancelled."""

    code = "already_over"
    zh = "这个场次已经结束，不能再改。"
    en = "This session is over and cannot change any more."


class OfferingStays(Conflict):
    """A session keeps the offering it was planned with."""

    code = "offering_stays"
    zh = "场次不能换服务项目，请另开一场。"
    en = "A session keeps its offering. Please plan another one."


class KindStays(Conflict):
    """An offering keeps its kind: its sessions were planned by it."""

    code = "kind_stays"
    zh = "服务项目不能换类型，请另建一个。"
    en = "An offering keeps its kind. Please add another one."


class VenueTaken(Conflict):
    """Two published sessions never overlap at one venue."""

    code = "venue_taken"
    zh = "{venue}在 {when} 已经有“{title}”，时间重叠了。请换个时间或场地。"
    en = "{venue_en} is taken {when} by “{title_en}”. Please choose another time or venue."


class VenueTooSmall(Conflict):
    """A published session needs what the venue would no longer have."""

    code = "venue_too_small"
    zh = "“{title}”（{when}）需要 {benches} 个工位、{seats} 个座位，请先改那一场。"
    en = (
        "“{title_en}” ({when}) needs {benches} benches and {seats} seats;"
        " please change that session first."
    )


class Archived(Conflict):
    """What is archived is not offered for new sessions and does not change."""

    code = "archived"
    zh = "已经归档，不能再改。"
    en = "This is archived and cannot change any more."


class NoSuchTemplate(NotFound):
    """There is no such staffing template."""

    code = "no_such_template"
    zh = "没有找到这个班次模板。"
    en = "There is no such staffing template."


class NoSuchStaffingChange(NotFound):
    """There is no such change of staffing."""

    code = "no_such_staffing_change"
    zh = "没有找到这次批量修改。"
    en = "There is no such change."


class NothingChanges(Conflict):
    """A change of many sessions has to change at least one."""

    code = "nothing_changes"
    zh = "这些场次本来就是这样，没有什么要改。"
    en = "These sessions are like that already; nothing changes."


class BadStaffingChange(Invalid):
    """What is asked of many sessions does not fit one of them, or is not said fully."""

    code = "bad_staffing_change"


class AlreadyUndone(Conflict):
    """A change is taken back once."""

    code = "already_undone"
    zh = "这次批量修改已经撤销过了。"
    en = "This change was undone already."


class TooLateToUndo(Conflict):
    """A change of many sessions can be taken back for a day."""

    code = "too_late_to_undo"
    zh = "超过 {hours} 小时，不能整个撤销了。请一场一场改。"
    en = (
        "After {hours} hours it cannot be undone as a whole. Please change the sessions one by one."
    )


class BadQuiz(Invalid):
    """Questions, choices and figures of a quiz do not fit together."""

    code = "bad_quiz"


class NoQuizHere(Conflict):
    """Only what teaches something is followed by a quiz."""

    code = "no_quiz_here"
    zh = "只有培训才有小测验。"
    en = "Only trainings have a quiz."
