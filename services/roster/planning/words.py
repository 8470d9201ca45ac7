"""Reasons and gaps as sentences, in Chinese and English."""

from collections.abc import Iterable

from services.roster.planning.gaps import Gap, Way
from services.roster.planning.reasons import Reason

Text = tuple[str, str]

WEEKDAYS: tuple[Text, ...] = (
    ("周一", "Mondays"),
    ("周二", "Tuesdays"),
    ("周三", "Wednesdays"),
    ("周四", "Thursdays"),
    ("周五", "Fridays"),
    ("周六", "Saturdays"),
    ("周日", "Sundays"),
)

REASONS: dict[str, Text] = {
    "fixed": ("协调员指定", "set by the coordinator"),
    "only_one": (
        "其他人都排不开，只有 TA 可以来（有这项技能的共 {skilled} 人）",
        "the only one left who may come (of {skilled} with this skill)",
    ),
    "fewest_hours": (
        "能来的人里服务时长最少：{hours} 小时（另有 {others} 人能来，最少的 {next} 小时）",
        "fewest hours of those who could come: {hours} h ({others} more could, the next has {next} h)",
    ),
    "fewer_hours": (
        "服务时长 {hours} 小时，低于另外 {others} 位能来的人的平均数（{mean} 小时）",
        "{hours} h so far, below the mean of the {others} others who could come ({mean} h)",
    ),
    "on_balance": (
        "从整个学期看这样最均衡（另有 {others} 人能来，但排在别处更合适）",
        "the best balance over the whole term ({others} others could come, but suit other shifts better)",
    ),
    "few_free": (
        "{day}这个时间有空的人少：有这项技能的 {skilled} 人里只有 {free} 人",
        "free on {day}, as only {free} of {skilled} with this skill are at that time",
    ),
    "gladly": ("在 TA 自己填写的空闲时间里", "within the hours they offered themselves"),
    "kept": ("和上次的方案一致", "as in the last proposal"),
    "time_unknown": ("TA 还没填过自己的时间", "has not said yet when they have time"),
    "against": ("尽管{rule}", "although {rule}"),
    "guides": ("带 {newcomers} 位新志愿者", "is there for {newcomers} newcomer(s)"),
}

RULES: dict[str, Text] = {
    "skill": ("没有所需的技能、级别不够或技能已到期", "the skill is missing, too low or expires"),
    "availability": ("那段时间没空", "they are not free then"),
    "kept_off": ("协调员排除了这个班次", "the coordinator keeps them off this shift"),
    "overlap": ("同一时间已有别的班次", "they have another shift at that time"),
    "rest": ("两个班次之间休息不够", "there is too little rest between two shifts"),
    "in_a_row": ("连续服务时间会超过上限", "they would serve too long in a row"),
    "weekly_limit": ("本周的班次已到上限", "they have all the shifts they want that week"),
    "seats": ("这个岗位已经满员", "the role is full"),
    "pairing": (
        "新志愿者不能单独上岗，班上还没有老志愿者",
        "a newcomer is never alone, and nobody experienced is there",
    ),
}

NOBODY: Text = ("没有可以问的人了", "nobody is left to ask")
TOO_MUCH: Text = (
    "{n} 人可以来，但他们的服务时长已经偏多",
    "{n} could come, but would have far more hours than the others",
)
LETS_IN: Text = ("{rule}（否则有 {n} 人能来）", "{rule} (else {n} could come)")


def reason(of: Reason, language: str) -> str:
    """Return a reason as a sentence; `language` is zh or en."""
    n = _column(language)
    figures = dict(of.figures)
    if "weekday" in figures:
        figures["day"] = WEEKDAYS[int(figures["weekday"]) - 1][n]
    if "rule" in figures:
        figures["rule"] = RULES[str(figures["rule"])][n]
    return REASONS[of.code][n].format(**figures)


def gap(of: Gap, language: str) -> str:
    """Return what stands in the way of filling a place; the ways that let most people in first."""
    n = _column(language)
    if not of.ways:
        return NOBODY[n]
    return ("；", "; ")[n].join(_way(way, n) for way in of.ways)


def ways(of: Iterable[tuple[Iterable[str], int]], language: str) -> str:
    """Return ways to fill a place, given as rules and how many people each lets in, as `gap` does."""
    n = _column(language)
    said = [_lets_in(rules, count, n) for rules, count in of]
    return ("；", "; ")[n].join(said) if said else NOBODY[n]


def _way(way: Way, n: int) -> str:
    return _lets_in(way.rules, len(way.volunteers), n)


def _lets_in(rules: Iterable[str], count: int, n: int) -> str:
    names = sorted(rules)
    if not names:
        return TOO_MUCH[n].format(n=count)
    rule = ("，并且", ", and ")[n].join(RULES[name][n] for name in names)
    return LETS_IN[n].format(rule=rule, n=count)


def _column(language: str) -> int:
    return 1 if language == "en" else 0
