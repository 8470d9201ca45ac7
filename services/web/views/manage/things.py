"""Offerings, venues and programmes: lists and forms, alike for the three."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for

from services.web.clients import clients
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import (
    attempt,
    bilingual,
    blueprint,
    both,
    overtaken,
    telling,
    texts,
    watching,
)
from shared.ids import new_id


@dataclass(frozen=True)
class Thing:
    """How one kind is listed, shown in a form and sent."""

    what: str
    texts: tuple[str, ...]
    defaults: Callable[[Any], dict[str, Any]]
    body: Callable[[Form], dict[str, Any]]
    start: dict[str, Any]
    labels: dict[str, str]

    def every(self) -> tuple[Any, ...]:
        """All of this kind."""
        found: tuple[Any, ...] = getattr(clients().catalog, self.what)()
        return found

    def one(self, id: str) -> Any:
        """One of this kind."""
        return getattr(clients().catalog, self.what.removesuffix("s"))(id)


def _offering_defaults(one: Any) -> dict[str, Any]:
    return {
        **texts("title", one.title),
        **texts("summary", one.summary),
        "kind": one.kind,
        "skill": one.skill or "",
        "categories": [str(found) for found in one.categories],
        "minutes_per_device": one.minutes_per_device,
        "devices_per_bench": one.devices_per_bench,
        "max_devices": one.max_devices,
        "cancel_cutoff_minutes": one.cancel_cutoff_minutes,
        "version": one.version,
    }


def _offering_body(form: Form) -> dict[str, Any]:
    return {
        "kind": form["kind"],
        "title": both(form, "title"),
        "summary": both(form, "summary"),
        "skill": form.text("skill"),
        "categories": [int(found) for found in form.all("categories")],
        "minutes_per_device": form.whole("minutes_per_device") or 20,
        "devices_per_bench": form.whole("devices_per_bench") or 1,
        "max_devices": form.whole("max_devices") or 1,
        "cancel_cutoff_minutes": form.whole("cancel_cutoff_minutes") or 0,
    }


def _venue_defaults(one: Any) -> dict[str, Any]:
    return {
        **texts("name", one.name),
        **texts("place", one.place),
        "stations": one.stations,
        "seats": one.seats,
        "zone": one.zone,
        "version": one.version,
    }


def _venue_body(form: Form) -> dict[str, Any]:
    return {
        "name": both(form, "name"),
        "place": both(form, "place"),
        "stations": form.whole("stations") or 0,
        "seats": form.whole("seats") or 0,
        "zone": form.text("zone") or "Asia/Shanghai",
    }


def _programme_defaults(one: Any) -> dict[str, Any]:
    return {
        **texts("title", one.title),
        **texts("summary", one.summary),
        "version": one.version,
        "theme_day": one.theme_day.isoformat() if one.theme_day else "",
    }


def _programme_body(form: Form) -> dict[str, Any]:
    return {
        "title": both(form, "title"),
        "summary": both(form, "summary"),
        "theme_day": form.text("theme_day"),
    }


THINGS = {
    "offerings": Thing(
        "offerings",
        ("title", "summary"),
        _offering_defaults,
        _offering_body,
        {
            "kind": "repair",
            "minutes_per_device": 20,
            "devices_per_bench": 1,
            "max_devices": 2,
            "cancel_cutoff_minutes": 60,
        },
        {
            "title_zh": "名称",
            "title_en": "英文名称",
            "summary_zh": "介绍",
            "summary_en": "英文介绍",
            "skill": "技能",
            "minutes_per_device": "每件分钟数",
            "devices_per_bench": "每个工位每时段件数",
            "max_devices": "每人最多件数",
            "cancel_cutoff_minutes": "取消期限",
        },
    ),
    "venues": Thing(
        "venues",
        ("name", "place"),
        _venue_defaults,
        _venue_body,
        {"stations": 4, "seats": 20, "zone": "Asia/Shanghai"},
        {
            "name_zh": "名称",
            "name_en": "英文名称",
            "place_zh": "地点",
            "place_en": "英文地点",
            "stations": "工位",
            "seats": "座位",
        },
    ),
    "programmes": Thing(
        "programmes",
        ("title", "summary"),
        _programme_defaults,
        _programme_body,
        {},
        {
            "title_zh": "名称",
            "title_en": "英文名称",
            "summary_zh": "介绍",
            "summary_en": "英文介绍",
            "theme_day": "纪念日",
        },
    ),
}
PATH = "/manage/<any(offerings, venues, programmes):what>"


@blueprint.get(PATH)
@needs("coordinator")
def things(what: str) -> Any:
    """All of one kind; archived ones at the end."""
    found = sorted(THINGS[what].every(), key=lambda one: one.state == "archived")
    return render_template(f"pages/manage/{what}.html", items=found, new_key=new_id)


@blueprint.route(PATH + "/new", methods=["GET", "POST"])
@needs("coordinator")
def new_thing(what: str) -> Any:
    """Create one."""
    thing, form = THINGS[what], Form.posted_or(THINGS[what].start)
    if form.posted:
        body = thing.body(form)
        form.require(f"{thing.texts[0]}_zh")
        if form.ok:
            with form.sending(bilingual(*thing.texts)):
                clients().catalog.create(what, body, form.key)
                notice(_("已保存。"))
                return redirect(url_for("manage.things", what=what), 303)
    return _form(what, form, None, [])


@blueprint.route(PATH + "/<id>", methods=["GET", "POST"])
@needs("coordinator")
def thing(what: str, id: str) -> Any:
    """Change one."""
    thing = THINGS[what]
    found = thing.one(id)
    form = Form.posted_or(thing.defaults(found))
    changes: list[tuple[str, str]] = []

    def explain() -> None:
        newest = thing.one(id)
        labels = {name: _(label) for name, label in thing.labels.items()}
        changes.extend(overtaken(form, newest, labels, thing.defaults(newest)))

    if form.posted:
        body = thing.body(form)
        form.require(f"{thing.texts[0]}_zh")
        if form.ok:
            with watching(form, bilingual(*thing.texts), explain):
                clients().catalog.replace(what, id, body, int(form["version"] or found.version))
                notice(_("已保存。"))
                return redirect(url_for("manage.things", what=what), 303)
    return _form(what, form, found, changes)


def _form(what: str, form: Form, found: Any, changes: list[tuple[str, str]]) -> Any:
    skills, _away = attempt(clients().roster.skills, ())
    return render_template(
        f"pages/manage/{what.removesuffix('s')}.html",
        form=form,
        found=found,
        changes=changes,
        skills=skills,
        new_key=new_id,
    ), form.status


@blueprint.post(PATH + "/<id>/archive")
@needs("coordinator")
def archive_thing(what: str, id: str) -> Any:
    """Put one aside: what is planned with it stays."""
    if what not in THINGS:
        abort(404)
    with telling():
        clients().catalog.archive(what, id, request.form.get("idempotency_key", ""))
        notice(_("已归档。以前的场次不受影响，新场次不能再用它。"))
    return redirect(url_for("manage.things", what=what), 303)
