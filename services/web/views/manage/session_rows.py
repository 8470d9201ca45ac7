"""Rows of shifts in a form: read, added, taken out, laid from a template; the form is shown again, nothing is sent."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from services.web.clients.staffing import StaffingTemplate
from services.web.forms import Form
from services.web.i18n import _

MOST_ROWS = 12
ROW_FIELDS = ("role_zh", "role_en", "skill", "needed", "at_most", "from", "until", "position")


@dataclass(frozen=True)
class Row:
    """One staffing row as typed."""

    number: int
    role_zh: str
    role_en: str
    skill: str
    needed: str
    at_most: str
    since: str
    until: str
    position: str = ""


def rows(form: Form) -> list[Row]:
    """The staffing rows of the form, in order."""
    count = min(int(form["rows"] or 0), MOST_ROWS)
    return [Row(n, *(form[f"{name}-{n}"] for name in ROW_FIELDS)) for n in range(count)]


def change_rows(form: Form, what: str) -> bool:
    """add_row or remove-<n>: change the rows and show the form again, without sending it."""
    kept = [vars(row) for row in rows(form)]
    if what == "add_row":
        last = kept[-1] if kept else {}
        kept.append(
            {
                "role_zh": "",
                "role_en": "",
                "skill": last.get("skill", ""),
                "needed": "1",
                "at_most": "1",
                "since": "",
                "until": "",
                "position": "",
            }
        )
    elif what.startswith("remove-") and what[7:].isdigit():
        kept = [row for row in kept if row["number"] != int(what[7:])]
    else:
        return False
    _put_rows(form, kept[:MOST_ROWS])
    return True


def _put_rows(form: Form, kept: list[dict[str, Any]]) -> None:
    form.values = form.values.copy()
    form.values["rows"] = str(len(kept))
    for n, row in enumerate(kept):
        for name in ROW_FIELDS:
            form.values[f"{name}-{n}"] = row["since" if name == "from" else name]


def lay_template(form: Form, template: StaffingTemplate) -> None:
    """Put a template's shifts in place of the rows; who is on a shift of the same name stays on it."""
    starts = clock_of(form, "starts")
    keys = {(row.role_zh, row.skill.partition(":")[0]): row.position for row in rows(form)}

    def on(minutes: int | None) -> str:
        if starts is None or not minutes:
            return ""
        return f"{datetime.combine(date.min, starts) + timedelta(minutes=minutes):%H:%M}"

    _put_rows(
        form,
        [
            {
                "role_zh": entry.role.zh,
                "role_en": entry.role.en,
                "skill": skill_choice(entry.skill, entry.level),
                "needed": entry.needed,
                "at_most": entry.at_most,
                "since": on(entry.from_minutes),
                "until": on(entry.until_minutes),
                "position": keys.get((entry.role.zh, entry.skill or ""), ""),
            }
            for entry in template.entries[:MOST_ROWS]
        ],
    )


def skill_choice(skill: str | None, level: int) -> str:
    """A skill with its least level as the form's list names it: welding, welding:2."""
    return f"{skill}:{level}" if skill and level > 1 else skill or ""


def clock_of(form: Form, name: str) -> time | None:
    """A time of day as typed; one that cannot be read is an error on its field."""
    try:
        return time.fromisoformat(form[name].strip()) if form.text(name) else None
    except ValueError:
        form.add_error(name, _("时间要像 14:00 这样写。"))
        return None
