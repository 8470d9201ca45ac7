"""Shifts without a date as forms hold them: minutes after the start, a role with its skill as one choice."""

from typing import Any

from services.web.clients.staffing import Entry, StaffingTemplate
from services.web.forms import Form
from services.web.i18n import _
from services.web.views.manage.base import texts
from services.web.views.manage.session_rows import skill_choice

PARTED = "\t"


def role_choice(name: tuple[str, str | None]) -> str:
    """A role and its skill as one value of a list."""
    return PARTED.join((name[0], name[1] or ""))


def wanted_role(form: Form, field: str) -> dict[str, Any]:
    """The role and skill that were chosen in a list."""
    role, _tab, skill = form[field].partition(PARTED)
    if not role:
        form.add_error(field, _("选一个班次。"))
    return {"role": role, "skill": skill or None}


def entry_of(form: Form, suffix: str) -> dict[str, Any]:
    """One shift as typed in the fields with this suffix; what is missing is an error at its field."""
    role = (form[f"role_zh-{suffix}"] or "").strip()
    needed, at_most = form.whole(f"needed-{suffix}"), form.whole(f"at_most-{suffix}")
    since, until = form.whole(f"from-{suffix}") or 0, form.whole(f"until-{suffix}")
    skill, _colon, level = form[f"skill-{suffix}"].partition(":")
    if not role:
        form.add_error(f"role_zh-{suffix}", _("写一下这个班次做什么。"))
    if until is not None and until <= since:
        form.add_error(f"until-{suffix}", _("结束要晚于开始。"))
    return {
        "role": {"zh": role, "en": (form[f"role_en-{suffix}"] or "").strip()},
        "skill": skill or None,
        "level": int(level) if level.isdigit() else 1,
        "needed": needed or 1,
        "at_most": max(at_most or 0, needed or 1),
        "from_minutes": since,
        "until_minutes": until,
    }


def typed(entry: Entry, suffix: int) -> dict[str, Any]:
    """A shift as the fields with this suffix show it."""
    until = entry.until_minutes
    return {
        f"role_zh-{suffix}": entry.role.zh,
        f"role_en-{suffix}": entry.role.en,
        f"skill-{suffix}": skill_choice(entry.skill, entry.level),
        f"needed-{suffix}": entry.needed,
        f"at_most-{suffix}": entry.at_most,
        f"from-{suffix}": entry.from_minutes or "",
        f"until-{suffix}": "" if until is None else until,
    }


def template_values(template: StaffingTemplate) -> dict[str, Any]:
    """A template as its form shows it."""
    values: dict[str, Any] = {
        **texts("title", template.title),
        "version": template.version,
        "rows": len(template.entries),
    }
    for n, entry in enumerate(template.entries):
        values |= typed(entry, n)
    return values
