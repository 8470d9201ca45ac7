"""What the coordinator's pages share: the blueprint, both-language texts, and two people editing the same thing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import uuid4

from flask import Blueprint

from services.web.forms import SHOWN_ON_FORM, Form, away_text
from services.web.i18n import _
from services.web.names import isolated, marked
from services.web.show import notice
from shared import clock
from shared.http_client import Problem, Unavailable

T = TypeVar("T")
D = TypeVar("D")
PRECONDITION_FAILED = 412
blueprint = Blueprint("manage", __name__)
blueprint.add_app_template_global(isolated, "isolated")
blueprint.add_app_template_global(marked, "marked")
blueprint.add_app_template_filter(clock.parse, "instant")


def both(form: Form, name: str) -> dict[str, str]:
    """A bilingual text out of its two fields."""
    return {"zh": form.text(f"{name}_zh") or "", "en": form.text(f"{name}_en") or ""}


def bilingual(*names: str) -> dict[str, str]:
    """Where the service's field names differ from the form's: title.zh is title_zh."""
    found = {f"{name}.{code}": f"{name}_{code}" for name in names for code in ("zh", "en")}
    return {**found, **{name: f"{name}_zh" for name in names}}


def texts(name: str, value: Any) -> dict[str, str]:
    """A bilingual text as defaults of its two fields."""
    return {f"{name}_zh": value.zh, f"{name}_en": value.en} if value else {}


def attempt(call: Callable[[], T], fallback: D) -> tuple[T | D, bool]:
    """What a service says, or the fallback and True when it is away: the page goes on without that part."""
    try:
        return call(), False
    except (Unavailable, Problem):
        return fallback, True


@contextmanager
def telling() -> Iterator[None]:
    """A refusal of a one-button form becomes a notice on the page one comes back to."""
    try:
        yield
    except Problem as problem:
        if problem.status not in SHOWN_ON_FORM:
            raise
        notice(problem.detail or _("这一步现在做不了。"), "bad")
    except Unavailable as away:
        notice(away_text(away.service), "bad")


def overtaken(
    form: Form, newest: Any, labels: dict[str, str], defaults: dict[str, Any]
) -> list[tuple[str, str]]:
    """Somebody else saved first: what stands there now, field by field; saving again takes what was typed here."""
    form.summary = _(
        "你打开之后，有人先保存了。你填的都还在；下面列出现在的内容，再保存一次就用你的。"
    )
    form.values = form.values.copy()
    form.values["version"] = str(newest.version)
    form.key = str(uuid4())
    return [
        (label, str(defaults.get(name, "") or "—"))
        for name, label in labels.items()
        if str(defaults.get(name, "") or "") != form[name].strip()
    ]


@contextmanager
def watching(form: Form, names: dict[str, str], on_overtaken: Callable[[], None]) -> Iterator[None]:
    """Like form.sending, and a lost race for the same thing is explained."""
    with form.sending(names):
        yield
    if form.status == PRECONDITION_FAILED:
        on_overtaken()
