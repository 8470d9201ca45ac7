"""What the roster refuses about calls for help."""

from shared.errors import NotFound, Refusal


class NoHelpNow(Refusal):
    """Help joins a running shift that lasts half an hour more at least."""

    code = "no_help_now"
    zh = "现在没有正在进行的班次，或者快结束了，来不及请人帮忙。"
    en = "No shift runs now, or it ends too soon for help to arrive."


class NobodyIdle(Refusal):
    """Asked is who wants to be asked, has the skill, and is free now."""

    code = "nobody_idle"
    zh = "现在没有空闲的志愿者可以问：愿意临时帮忙、会这项技能、这时有空的人都没有。"
    en = "There is nobody to ask: nobody who is willing to help out, has the skill and is free now."


class AlreadyAsking(Refusal):
    """One call per session at a time."""

    code = "already_asking"
    zh = "已经在求助了，等等回复。"
    en = "Help has been called for already; please wait for the answers."


class HelpFilled(Refusal):
    """The first to say yes come."""

    code = "help_filled"
    zh = "已经有够多的人说来了，这次不用赶过来。谢谢你！"
    en = "Enough people are coming already; no need to hurry over. Thank you!"


class HelpOver(Refusal):
    """A call ends when waiting eases, with the session, by hand or in time."""

    code = "help_over"
    zh = "这次求助已经结束了，不用赶过来。谢谢你！"
    en = "This call for help is over; no need to hurry over. Thank you!"


class HelpAnswered(Refusal):
    """One answer per person and call."""

    code = "help_answered"
    zh = "你已经回复过这次求助了。"
    en = "You have answered this call already."


class NoSuchHelp(NotFound):
    """There is no such ask, or it is somebody else's."""
