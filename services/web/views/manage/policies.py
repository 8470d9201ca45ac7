"""An offering's booking policy as a form, and what it means for a week before it is saved."""

from datetime import date
from typing import Any

from flask import redirect, render_template

from services.web import dates
from services.web.categories import BY_ID
from services.web.clients import clients
from services.web.clients.policies import Policy, PreviewDay
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import blueprint, overtaken, watching

WHOLE = (
    "opens_days",
    "horizon_days",
    "cancel_cutoff_minutes",
    "move_cutoff_minutes",
    "max_devices",
    "week_limit",
    "term_limit",
)
MINUTES = ("notice_minutes", "buffer_minutes")
TICKS = ("closed_on_holidays", "closed_in_exam_weeks")
LABELS = {
    "opens_days": "提前几天开放",
    "opens_at": "几点开放",
    "horizon_days": "最远能约几天后的",
    "notice_minutes": "至少提前多少分钟",
    "cancel_cutoff_minutes": "开始前多少分钟截止取消",
    "move_cutoff_minutes": "开始前多少分钟截止改时间",
    "buffer_minutes": "时段之间留多少分钟",
    "max_devices": "每次最多带几件",
    "week_limit": "每人每周最多几个预约",
    "term_limit": "每人每学期最多几个预约",
    "waiver_zh": "须知（中文）",
    "waiver_en": "须知（英文）",
}
SPARE_ROWS, MOST_ROWS = 2, 60


@blueprint.route("/manage/offerings/<offering_id>/policy", methods=["GET", "POST"])
@needs("coordinator")
def policy(offering_id: str) -> Any:
    """The rules of one offering; look at a week first, then save."""
    offering = clients().catalog.offering(offering_id)
    found = clients().booking.policy(offering_id)
    form = Form.posted_or(_defaults(found))
    changes: list[tuple[str, str]] = []
    days: tuple[PreviewDay, ...] = ()

    def explain() -> None:
        newest = clients().booking.policy(offering_id)
        labels = {name: _(label) for name, label in LABELS.items()}
        changes.extend(overtaken(form, newest, labels, _defaults(newest)))

    if form.posted:
        rules, week = _rules(form), _week(form)
        if form.ok and form["do"] == "save":
            with watching(form, _names(form), explain):
                version = int(form["version"] or found.version)
                clients().booking.save_policy(offering_id, rules, version)
                notice(_("已保存。以前约好的人，取消和改时间的期限不会变严。"))
                return redirect(f"/manage/offerings/{offering_id}/policy", 303)
        elif form.ok:
            with form.sending(_names(form)):
                days = clients().booking.preview_policy(offering_id, rules, week)
    return render_template(
        "pages/manage/policy.html",
        offering=offering,
        found=found,
        form=form,
        changes=changes,
        days=days,
        rows=_rows(form),
    ), form.status


def _defaults(one: Policy) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: "" if getattr(one, name) is None else getattr(one, name)
        for name in (*WHOLE, *MINUTES, "opens_at")
    }
    values |= {name: "1" if getattr(one, name) else "" for name in TICKS}
    values |= {"version": one.version, "week": dates.today().isoformat()}
    values |= {"waiver_zh": one.waiver.zh, "waiver_en": one.waiver.en} if one.waiver else {}
    values["categories"] = [str(taken.id) for taken in one.categories]
    values |= {f"minutes-{taken.id}": taken.minutes or "" for taken in one.categories}
    for n, black in enumerate(one.blackouts):
        values |= {f"from-{n}": black["from"], f"to-{n}": black["to"]}
        values |= {f"note_zh-{n}": black["note"]["zh"], f"note_en-{n}": black["note"]["en"]}
    return values


def _rows(form: Form) -> range:
    """The rows of closed days: those that are filled in, and some to fill in."""
    last = max(_filled(form), default=-1)
    return range(min(MOST_ROWS, last + 1 + SPARE_ROWS))


def _rules(form: Form) -> dict[str, Any]:
    """The policy as booking takes it; what cannot be read is an error on its field."""
    rules: dict[str, Any] = {name: form.whole(name) for name in WHOLE}
    rules |= {name: form.whole(name) or 0 for name in MINUTES}
    rules |= {name: bool(form[name]) for name in TICKS}
    rules["opens_at"] = form.text("opens_at")
    rules["categories"] = [
        {"id": int(id), "minutes": form.whole(f"minutes-{id}")}
        for id in form.all("categories")
        if id.isdigit() and int(id) in BY_ID
    ]
    rules["blackouts"] = [_blackout(form, n) for n in _filled(form)]
    waiver = {"zh": form.text("waiver_zh") or "", "en": form.text("waiver_en") or ""}
    rules["waiver"] = waiver if waiver["zh"] or waiver["en"] else None
    return rules


def _filled(form: Form) -> list[int]:
    """The rows of closed days with anything in them."""
    names = ("from", "to", "note_zh", "note_en")
    return [n for n in range(MOST_ROWS) if any(form.text(f"{name}-{n}") for name in names)]


def _blackout(form: Form, n: int) -> dict[str, Any]:
    form.require(f"from-{n}", f"note_zh-{n}")
    begin = form.text(f"from-{n}") or ""
    note = {"zh": form.text(f"note_zh-{n}") or "", "en": form.text(f"note_en-{n}") or ""}
    return {"from": begin, "to": form.text(f"to-{n}") or begin, "note": note}


def _week(form: Form) -> date:
    try:
        return date.fromisoformat(form["week"])
    except ValueError:
        form.add_error("week", _("日期要像 2026-11-25 这样写。"))
        return dates.today()


def _names(form: Form) -> dict[str, str]:
    """Where booking's field names differ from the form's."""
    names = {"waiver": "waiver_zh", "waiver.zh": "waiver_zh", "waiver.en": "waiver_en"}
    for position, n in enumerate(_filled(form)):
        at = f"blackouts.{position}."
        names |= {f"{at}from": f"from-{n}", f"{at}to": f"to-{n}", f"{at}note.zh": f"note_zh-{n}"}
        names |= {f"{at}note.en": f"note_en-{n}"}
    for position, id in enumerate(form.all("categories")):
        names |= {f"categories.{position}.minutes": f"minutes-{id}"}
        names |= {f"categories.{position}.id": f"minutes-{id}"}
    return names
