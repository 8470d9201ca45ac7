"""Acts made offline that did not fit: what was meant, what stands, and who decides."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from services.web.categories import category
from services.web.clients import clients
from services.web.clients.desk import Conflict
from services.web.i18n import _
from services.web.names import names_of
from services.web.signin import needs
from services.web.views.desk.acts import back, form_key, telling
from services.web.views.desk.page import STATUSES, blueprint
from shared.ids import new_id
from shared.masking import masked_name


@blueprint.get("/desk/<session_id>/conflicts")
@needs("coordinator", "volunteer")
def conflicts(session_id: str) -> Any:
    """Those that wait for a decision, then those that were decided."""
    found = clients().booking.conflicts(session_id)
    people = [one.actor_id for one in found.items]
    people += [one.decided_by for one in found.items if one.decided_by]
    people += [one.stands.person_id for one in found.items if one.stands and one.stands.person_id]
    return render_template(
        "pages/desk_conflicts.html",
        session_id=session_id,
        conflicts=found,
        names=names_of(people),
        meant=meant,
        stands=stands,
        new_key=new_id,
    )


@blueprint.post("/desk/<session_id>/conflicts/<act_id>/<any(mine, theirs, dismissed):decision>")
@needs("coordinator", "volunteer")
def decide(session_id: str, act_id: str, decision: str) -> Any:
    """Keep mine, keep theirs, or put it aside."""
    with telling():
        clients().booking.decide_conflict(act_id, decision, form_key())
        said = {
            "mine": _("按断网时记的办了。"),
            "theirs": _("保留现在的样子。"),
            "dismissed": _("放下了，什么都没有改。"),
        }
        flash(said[decision], "go")
    return redirect(url_for(".conflicts", session_id=session_id), 303)


def meant(conflict: Conflict) -> str:
    """What was meant, as a sentence."""
    given = conflict.given
    who = given.get("number") or (conflict.stands.number if conflict.stands else None)
    who = (who or given.get("code") or _("这位")).upper()
    words = {
        "check_in": _("%(who)s 到场"),
        "call": _("叫 %(who)s 到 %(bench)s 号工位"),
        "absent": _("%(who)s 叫了没有来"),
        "back": _("%(who)s 回到队里"),
        "leave": _("%(who)s 走了"),
        "start": _("%(who)s 在 %(bench)s 号工位开始修"),
        "outcome": _("%(who)s 的结果：%(outcome)s"),
        "walk_in": _("给 %(name)s 取号：%(device)s"),
    }
    outcome = _(dict(STATUSES).get(given.get("status", ""), "不清楚"))
    device = (given.get("devices") or [{}])[0]
    return words[conflict.kind] % {
        "who": who,
        "bench": given.get("bench", "—"),
        "outcome": outcome,
        "name": masked_name(given.get("name") or "") or _("一位没留称呼的人"),
        "device": category(device["category_id"]) if device.get("category_id") else "—",
    }


def stands(conflict: Conflict) -> str:
    """How that person stands now, as a sentence."""
    visit = conflict.stands
    if visit is None:
        return _("这一场里没有找到这个人。")
    states = {
        "waiting": _("在等"),
        "called": _("已叫号"),
        "serving": _("在修"),
        "closed": _("办完了"),
        "absent": _("过号"),
        "left": _("走了"),
    }
    text = f"{visit.number} {states.get(visit.state, visit.state)}"
    if visit.bench and visit.state in ("called", "serving"):
        text += " · " + _("%(n)s 号工位", n=visit.bench)
    done = [_(dict(STATUSES).get(one.status, "不清楚")) for one in visit.devices if one.status]
    return " · ".join([text, *done])


@blueprint.post("/desk/<session_id>/displays/<display_id>/forget")
@needs("coordinator", "volunteer")
def forget_display(session_id: str, display_id: str) -> Any:
    """Take a display that is gone off the list."""
    with telling():
        clients().booking.forget_display(session_id, display_id)
    return back(session_id)
