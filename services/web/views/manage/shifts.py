"""Shifts of many sessions at once: choose the sessions, say what changes, see what would become of each, undo."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from services.web import dates
from services.web.clients import clients
from services.web.clients.catalog import Session
from services.web.clients.staffing import Look, Need
from services.web.forms import Form
from services.web.i18n import _, _n
from services.web.show import notice, text
from services.web.signin import needs
from services.web.views.manage.base import attempt, blueprint, telling
from services.web.views.manage.shift_rows import entry_of, role_choice, wanted_role
from shared import clock
from shared.ids import new_id

AHEAD = timedelta(weeks=4)
MOST = 100
START = {"op": "set"}
blueprint.add_app_template_filter(role_choice, "role_choice")


@dataclass(frozen=True)
class Difference:
    """One entry of a session before and after (None: not there), and who is on it now."""

    before: Need | None
    after: Need | None
    accepted: int = 0


@dataclass(frozen=True)
class Looked:
    """What would become of a session, entry by entry."""

    session: Session
    look: Look
    differences: tuple[Difference, ...]

    @property
    def fits(self) -> bool:
        """Whether it would be changed, and may be."""
        return self.look.changes and self.look.problem is None

    @property
    def released(self) -> int:
        """How many volunteers would lose a shift that is taken out."""
        return sum(one.accepted for one in self.differences if one.after is None)


@blueprint.route("/manage/shifts", methods=["GET", "POST"])
@needs("coordinator")
def shifts() -> Any:
    """Choose sessions and what changes; preview shows it, confirm does it."""
    form = Form.posted_or(MultiDict([*START.items(), *request.args.items(multi=True)]))
    found = _sessions(form)
    if form.posted and form["do"] == "confirm":
        done = _change(form)
        if done:
            return done
    looked = _look(form, found) if form.posted and form["do"] != "back" else ()
    if looked and form.ok:
        return render_template(
            "pages/manage/shifts_preview.html", form=form, looked=looked, skills=_skills()
        )
    return _page(form, found)


@blueprint.post("/manage/shifts/<change_id>/undo")
@needs("coordinator")
def undo_shifts(change_id: str) -> Any:
    """Take a change back."""
    form = Form.posted_or()
    with telling():
        left = clients().catalog.undo_staffing(change_id, form.key)
        words = _("已撤销，班次恢复到修改前的样子。")
        if left:
            words += _n("%(n)s 场之后又改过，保持现在的样子。", left)
        notice(words)
    return redirect(url_for("manage.shifts"), 303)


def _sessions(form: Form) -> tuple[Session, ...]:
    """The sessions ahead that fit the filters: one offering, a stretch of days, some weekdays."""
    since = max(_day(form["from"]) or dates.today(), dates.today())
    until = _day(form["to"]) or since + AHEAD
    form.values = form.values.copy()
    form.values["from"], form.values["to"] = since.isoformat(), until.isoformat()
    found = clients().catalog.sessions(
        from_=clock.iso(dates.day_start(since)),
        to=clock.iso(dates.day_start(until + timedelta(days=1))),
        offering_id=form.text("offering_id"),
    )
    weekdays = set(form.all("weekday"))
    fits = [
        one
        for one in found
        if one.state != "cancelled"
        and one.ends_at > clock.now()
        and (not weekdays or str(dates.local_day(one.starts_at).isoweekday()) in weekdays)
    ]
    return tuple(fits[:MOST])


def _look(form: Form, found: tuple[Session, ...]) -> tuple[Looked, ...]:
    chosen = {one.id: one for one in found if one.id in form.all("session")}
    if not chosen:
        form.add_error("session", _("至少选一场。"))
    wish = _wish(form)
    if not form.ok:
        return ()
    seen = [{"id": one.id, "version": one.version} for one in chosen.values()]
    with form.sending({"edit.needed": "needed", "edit.role": "role", "edit": "op"}):
        looks = clients().catalog.look_at_staffing({"sessions": seen, "edit": wish})
        return tuple(Looked(chosen[look.session_id], look, _differences(look)) for look in looks)
    return ()


def _change(form: Form) -> Any:
    wish = _wish(form)
    seen = [pair.rpartition(":") for pair in form.all("seen")]
    body = {
        "sessions": [{"id": id, "version": int(version or 0)} for id, _colon, version in seen],
        "edit": wish,
    }
    if not (form.ok and seen):
        return None
    with form.sending({"edit.needed": "needed"}):
        made = clients().catalog.change_staffing(body, form.key)
        notice(_n("改好了 %(n)s 场。24 小时内可以整个撤销。", made.count))
        return redirect(url_for("manage.shifts"), 303)
    return None


def _wish(form: Form) -> dict[str, Any]:
    """What is asked for, as the service wants it; what is missing is an error at its field."""
    op = form["op"]
    if op == "set":
        found = wanted_role(form, "role")
        numbers = {name: form.whole(name) for name in ("needed", "at_most", "level")}
        if all(value is None for value in numbers.values()):
            form.add_error("needed", _("填上要改成多少。"))
        return {"op": op, **found, **numbers}
    if op == "remove":
        return {"op": op, **wanted_role(form, "gone")}
    if op == "add":
        return {"op": op, "entries": [entry_of(form, "new")]}
    return {"op": "template", "entries": _entries(form)}


def _entries(form: Form) -> list[dict[str, Any]]:
    if not form.text("template"):
        form.add_error("template", _("选一个模板。"))
        return []
    found = clients().catalog.staffing_template(form["template"])
    return [{**vars(entry), "role": vars(entry.role)} for entry in found.entries]


def _differences(look: Look) -> tuple[Difference, ...]:
    before = {need.position: need for need in look.before}
    after = {need.position: need for need in look.after}
    on = _accepted(look.session_id) if before.keys() - after.keys() else {}
    pairs = [(before.get(at), after.get(at), at) for at in sorted(before.keys() | after.keys())]
    return tuple(Difference(old, new, on.get(at, 0)) for old, new, at in pairs if old != new)


def _accepted(session_id: str) -> dict[int, int]:
    """How many volunteers are on each entry of a session now."""
    found, _away = attempt(lambda: clients().roster.session_shifts(session_id), ())
    return {one.position: one.accepted for one in found if one.position is not None}


def _page(form: Form, found: tuple[Session, ...]) -> Any:
    roles: dict[tuple[str, str | None], Need] = {}
    for session in found:
        for need in session.staffing:
            roles.setdefault(need.name, need)
    templates, _away = attempt(clients().catalog.staffing_templates, ())
    changes, _away = attempt(clients().catalog.staffing_changes, ())
    offerings = clients().catalog.offerings()
    return render_template(
        "pages/manage/shifts.html",
        form=form,
        sessions=found,
        roles=list(roles.values()),
        skills=_skills(),
        templates=[(one.id, text(one.title)) for one in templates if one.state == "active"],
        changes=changes,
        offerings=[(one.id, text(one.title)) for one in offerings],
        new_key=new_id,
    ), form.status


def _skills() -> Any:
    return attempt(clients().roster.skills, ())[0]


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
