"""每周排行: the list of a week for everybody signed in, and taking part or leaving by one tap."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for

from services.web.clients import clients
from services.web.clients.ranking import Placed, Ranking, Weeks
from services.web.i18n import _
from services.web.signin import has_role, needs
from services.web.views.taps import tapped

blueprint = Blueprint("ranking", __name__)


@blueprint.get("/ranking")
@needs()
def show() -> Any:
    """The newest list, or that of another week."""
    weeks = clients().roster.ranking_weeks()
    wanted = request.args.get("week") or (str(weeks.items[0].first_day) if weeks.items else None)
    found = clients().roster.ranking(wanted) if wanted else None
    later, earlier = _beside(weeks, found)
    return render_template(
        "pages/ranking.html",
        found=found,
        next_at=weeks.next_at,
        later=later,
        earlier=earlier,
        part=clients().roster.my_ranking() if has_role("volunteer") else None,
    )


@blueprint.get("/me/ranking")
@needs("volunteer")
def mine() -> Any:
    """What others will see, and the choice."""
    return render_template("pages/my_ranking.html", part=clients().roster.my_ranking())


@blueprint.post("/me/ranking")
@needs("volunteer")
def choose() -> Any:
    """Take part under one's name or a code, or leave every list."""
    roster, me = clients().roster, g.person
    ways: dict[str, tuple[Callable[[str], None], str]] = {
        "name": (
            lambda _key: roster.rank_by_name(me.id, me.name),
            _("好的，用名字参加。随时可以改或退出。"),
        ),
        "code": (
            lambda _key: roster.rank_me(takes_part=True),
            _("好的，用代号参加，名单上看不到名字。随时可以改或退出。"),
        ),
        "leave": (
            lambda _key: roster.rank_me(takes_part=False),
            _("已退出，所有名单上都没有你了，已经公布的也是。"),
        ),
    }
    chosen = ways.get(request.form.get("shown", ""))
    if chosen is None:
        abort(400)
    return tapped(*chosen, there=url_for("ranking.mine"))


@blueprint.app_template_filter("placed_name")
def placed_name(one: Placed) -> str:
    """The name somebody chose to show, else 志愿者 and the code."""
    return one.name or _("志愿者 %(code)s", code=one.code)


def _beside(weeks: Weeks, found: Ranking | None) -> tuple[Any, Any]:
    """The weeks after and before the one that is shown, None at the ends."""
    days = [one.first_day for one in weeks.items]
    if found is None or found.first_day not in days:
        return None, None
    at = days.index(found.first_day)
    return days[at - 1] if at else None, days[at + 1] if at + 1 < len(days) else None
