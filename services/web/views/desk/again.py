"""A device that is back: the earlier repair behind a number that somebody remembers."""

from typing import Any

from services.web.clients import clients
from services.web.forms import Form
from services.web.i18n import _


def again(form: Form, body: dict[str, Any]) -> dict[str, Any]:
    """The device with the newest repair of its kind under the number that was typed.

    Where there is none it is taken in as a new device, and the form's answer says so.
    """
    number = form.text("rework")
    if number is None:
        return body
    same = [
        one for one in clients().booking.earlier(number) if one.category_id == body["category_id"]
    ]
    return body | {"rework_of": same[0].id} if same else body


def said(form: Form, body: dict[str, Any]) -> str | None:
    """What to tell about the number that was typed; None where nothing was."""
    if form.text("rework") is None:
        return None
    if body.get("rework_of"):
        return _("记为返修，排队台上标 ↺。")
    return _("没有找到上次的维修，按新的登记了。")
