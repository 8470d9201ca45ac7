"""Refusals about the weekly ranking."""

from shared.errors import NotFound


class NoSuchWeek(NotFound):
    """No list of this week was published, or it is kept no longer."""

    code = "no_such_week"
    zh = "没有这一周的排行：还没有公布，或者已经过了保存的时间。"
    en = "There is no list of this week: not published yet, or kept no longer."
