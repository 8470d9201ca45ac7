"""A form and its fate: what was typed, what was wrong with it, and the key that makes sending it twice harmless."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import request
from werkzeug.datastructures import MultiDict

from services.web.i18n import _
from shared.http_client import Problem, Unavailable

SHOWN_ON_FORM = {400, 409, 410, 412, 413, 415, 422, 428, 429}
SERVICE_NAMES = {
    "catalog": "场次服务",
    "booking": "预约服务",
    "roster": "排班服务",
    "notify": "消息服务",
    "identity": "登录服务",
}


def service_name(service: str) -> str:
    """How a service is called on a page."""
    return _(SERVICE_NAMES.get(service, "服务"))


def away_text(service: str) -> str:
    """What to say when a service does not answer a form."""
    return _(
        "%(service)s暂时联系不上，你填的内容还在。请过一会儿再试。", service=service_name(service)
    )


class Form:
    """Values typed, errors by field, a summary, and the status of the answer.

    In a view:  form = Form.posted_or(defaults)
                if form.posted:
                    with form.sending({"slot_id": "slot"}):
                        …call a client…; return redirect(…)
                return render_template("…", form=form), form.status
    """

    def __init__(self, values: Mapping[str, Any] | None = None, posted: bool = False) -> None:
        self.values: MultiDict[str, Any] = (
            values if isinstance(values, MultiDict) else MultiDict(values or {})
        )
        self.posted = posted
        self.errors: dict[str, list[str]] = {}
        self.summary: str | None = None
        self.code: str | None = None
        self.status = 200
        self.key = str(self.values.get("idempotency_key") or uuid4())

    @classmethod
    def posted_or(cls, defaults: Mapping[str, Any] | None = None) -> "Form":
        """What was sent, or the defaults of an untouched form."""
        if request.method == "POST":
            return cls(request.form, posted=True)
        return cls(defaults)

    def __getitem__(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value)

    def all(self, name: str) -> list[str]:
        """All values of a field that can be chosen several times."""
        return [str(value) for value in self.values.getlist(name)]

    def text(self, name: str) -> str | None:
        """The trimmed value, or None when nothing was typed."""
        return self[name].strip() or None

    def whole(self, name: str) -> int | None:
        """The whole number typed, or None; anything else is an error on the field."""
        raw = self[name].strip()
        if not raw:
            return None
        try:
            return int(raw)
        except ValueError:
            self.add_error(name, _("请填一个整数。"))
            return None

    def require(self, *names: str) -> bool:
        """Mark the empty ones of these fields; True when the form has no error so far."""
        for name in names:
            if not self.text(name):
                self.add_error(name, _("这一项要填。"))
        return self.ok

    def add_error(self, name: str, text: str) -> None:
        """Say what is wrong with a field."""
        self.errors.setdefault(name, []).append(text)
        self.status = 422

    @property
    def ok(self) -> bool:
        """No error so far."""
        return not self.errors and self.summary is None

    def refuse(self, problem: Problem, names: Mapping[str, str] | None = None) -> None:
        """Take over a refusal; `names` maps the service's field names to the form's where they differ."""
        self.status, self.code = problem.status, problem.code
        for pointer, texts in problem.errors.items():
            field = pointer.strip("/").replace("/", ".")
            self.errors.setdefault((names or {}).get(field, field), []).extend(texts)
        self.summary = problem.detail

    def away(self, service: str) -> None:
        """The service did not answer; what was typed stays."""
        self.status, self.code, self.summary = 503, "unavailable", away_text(service)

    def sending(self, names: Mapping[str, str] | None = None) -> "Sending":
        """Refusals and silence inside land on the form; the view goes on to show it again."""
        return Sending(self, names)


class Sending:
    """The stretch of a view in which a form is sent on."""

    def __init__(self, form: Form, names: Mapping[str, str] | None) -> None:
        self._form, self._names = form, names

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _type: Any, error: BaseException | None, _traceback: Any) -> bool:
        """Take over what belongs on the form; anything else goes on."""
        if isinstance(error, Problem) and error.status in SHOWN_ON_FORM:
            self._form.refuse(error, self._names)
            return True
        if isinstance(error, Unavailable):
            self._form.away(error.service)
            return True
        return False
