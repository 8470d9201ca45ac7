"""Shifts on a volunteer's phone: mine first, then what I may and can take, day by day; check-in, check-out, hours."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any, Protocol, TypeVar

from flask import Blueprint, render_template, request, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.taking import MyHelp
from services.web.i18n import _
from services.web.signin import needs
from services.web.views.manage.base import attempt
from services.web.views.taps import tapped
from shared.ids import new_id

blueprint = Blueprint("shifts", __name__)


FITS = ("suits", "other", "cannot")
KINDS = ("repair", "training", "service")
PER_PAGE = 20


@blueprint.get("/shifts")
@needs("volunteer")
def index() -> Any:
    """Mine on top, then what suits me; at other times and what I cannot take (and why) a tap away."""
    asked = _asked()
    found = clients().roster.for_me(**asked, limit=PER_PAGE, cursor=request.args.get("cursor"))
    return render_template(
        "pages/shifts.html",
        mine=[one for one in clients().roster.my_assignments() if one.live],
        helps=attempt(clients().roster.my_help, MyHelp())[0].items,
        offers=attempt(clients().roster.my_offers, ())[0],
        found=found,
        days=by_day(found.items),
        asked=asked,
        skills=skill_titles(),
        new_key=new_id,
    )


def _asked() -> dict[str, Any]:
    """What the address asks for; what it makes up counts for nothing."""
    args = request.args
    return {
        "fit": args.get("fit") if args.get("fit") in FITS else FITS[0],
        "days": 7 if args.get("days") == "7" else None,
        "kind": args.get("kind") if args.get("kind") in KINDS else None,
        "short": "true" if args.get("short") == "true" else None,
    }


def skill_titles() -> dict[str, Any]:
    """The names of skills, by code."""
    return {one.code: one.title for one in clients().roster.skills()}


class Timed(Protocol):
    """What starts at some time."""

    @property
    def starts_at(self) -> datetime:
        """When it starts."""


T = TypeVar("T", bound=Timed)


def by_day(shifts: Iterable[T]) -> list[tuple[date, list[T]]]:
    """Shifts grouped by their day at the venue, in order of time."""
    ordered = sorted(shifts, key=lambda one: one.starts_at)
    return [
        (day, list(group))
        for day, group in groupby(ordered, key=lambda one: dates.local_day(one.starts_at))
    ]


def _act(call: Callable[[str], Any], done: str) -> Any:
    return tapped(call, done, there=url_for("shifts.index"), gone_is_told=True)


@blueprint.post("/shifts/<shift_id>/accept")
@needs("volunteer")
def accept(shift_id: str) -> Any:
    """Take a shift with one tap."""
    return _act(
        lambda key: clients().roster.accept(shift_id, key),
        _("班次是你的了。能预约的位置跟着多了，开始前会提醒你。"),
    )


@blueprint.post("/assignments/<assignment_id>/drop")
@needs("volunteer")
def drop(assignment_id: str) -> Any:
    """Give a shift back."""
    return _act(
        lambda key: clients().roster.drop(assignment_id, key),
        _("班次已退出，谢谢你早点说。能预约的位置跟着少了。"),
    )


@blueprint.post("/shifts/<shift_id>/standby/<any(join, leave):act>")
@needs("volunteer")
def standby(shift_id: str, act: str) -> Any:
    """Stand by for a full shift, or no longer."""
    return _act(
        lambda key: clients().roster.standby(shift_id, act, key),
        _("已加入候补。有人退出，就按顺序先问你。") if act == "join" else _("好的，不候补了。"),
    )


@blueprint.post("/assignments/<assignment_id>/stand-in/<any(ask, end):act>")
@needs("volunteer")
def stand_in(assignment_id: str, act: str) -> Any:
    """Ask everybody who could take it instead; or come after all."""
    return _act(
        lambda key: clients().roster.stand_in(assignment_id, act, key),
        _("已经问了能替你的人。有人接之前，这还是你的班次。")
        if act == "ask"
        else _("好的，不找了，这还是你的班次。"),
    )


@blueprint.post("/assignments/<assignment_id>/check-out")
@needs("volunteer")
def check_out(assignment_id: str) -> Any:
    """The end of service."""
    return _act(
        lambda key: clients().roster.check_out(assignment_id, key),
        _("已签退，时长记下了。辛苦了！"),
    )
