"""Shifts on a volunteer's phone: mine first, then what I may and can take, day by day; check-in, check-out, hours."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.web import dates
from services.web.clients import clients
from services.web.clients.roster import Shift
from services.web.clients.taking import MyHelp
from services.web.forms import SHOWN_ON_FORM, away_text
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import attempt
from shared.http_client import Problem, Unavailable
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
        days=by_day(list(found.items)),
        asked=asked,
        skills=_skills(),
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


def _skills() -> dict[str, Any]:
    return {one.code: one.title for one in clients().roster.skills()}


def by_day(shifts: list[Shift]) -> list[tuple[Any, list[Shift]]]:
    """Shifts grouped by their day at the venue, in order of time."""
    ordered = sorted(shifts, key=lambda one: (one.starts_at, one.id))
    return [
        (day, list(group))
        for day, group in groupby(ordered, key=lambda one: dates.local_day(one.starts_at))
    ]


def _act(call: Callable[[], Any], done: str) -> Any:
    try:
        call()
        notice(done)
    except Problem as problem:
        if problem.status not in SHOWN_ON_FORM | {404}:
            raise
        notice(problem.detail or _("这一步现在做不了。"), "bad")
    except Unavailable as away:
        notice(away_text(away.service), "bad")
    return redirect(url_for("shifts.index"), 303)


def _key() -> str:
    return request.form.get("idempotency_key", "")


@blueprint.post("/shifts/<shift_id>/accept")
@needs("volunteer")
def accept(shift_id: str) -> Any:
    """Take a shift with one tap."""
    return _act(
        lambda: clients().roster.accept(shift_id, _key()),
        _("班次是你的了。能预约的位置跟着多了，开始前会提醒你。"),
    )


@blueprint.post("/assignments/<assignment_id>/drop")
@needs("volunteer")
def drop(assignment_id: str) -> Any:
    """Give a shift back."""
    return _act(
        lambda: clients().roster.drop(assignment_id, _key()),
        _("班次已退出，谢谢你早点说。能预约的位置跟着少了。"),
    )


@blueprint.post("/shifts/<shift_id>/standby/<any(join, leave):act>")
@needs("volunteer")
def standby(shift_id: str, act: str) -> Any:
    """Stand by for a full shift, or no longer."""
    return _act(
        lambda: clients().roster.standby(shift_id, act, _key()),
        _("已加入候补。有人退出，就按顺序先问你。") if act == "join" else _("好的，不候补了。"),
    )


@blueprint.post("/assignments/<assignment_id>/stand-in/<any(ask, end):act>")
@needs("volunteer")
def stand_in(assignment_id: str, act: str) -> Any:
    """Ask everybody who could take it instead; or come after all."""
    return _act(
        lambda: clients().roster.stand_in(assignment_id, act, _key()),
        _("已经问了能替你的人。有人接之前，这还是你的班次。")
        if act == "ask"
        else _("好的，不找了，这还是你的班次。"),
    )


@blueprint.post("/assignments/<assignment_id>/check-out")
@needs("volunteer")
def check_out(assignment_id: str) -> Any:
    """The end of service."""
    return _act(
        lambda: clients().roster.check_out(assignment_id, _key()), _("已签退，时长记下了。辛苦了！")
    )
