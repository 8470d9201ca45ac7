"""Records of others as Open Repair Data: look at the file, take it in, take a batch back."""

import base64
import binascii
import zlib
from typing import Any

from flask import redirect, render_template, request

from services.web.clients import clients
from services.web.clients.imports import Import
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage.base import attempt, blueprint, telling
from shared.ids import new_id

HERE = "/manage/records/import"
MOST = 9 * 1024 * 1024
UNNAMED = "open-repair-data.csv"


def state_of_line(state: str) -> str:
    """What happens with a line of the file, in words."""
    return {
        "new": _("新的"),
        "known": _("导入过了"),
        "own": _("我们自己的"),
        "invalid": _("读不了"),
    }.get(state, state)


blueprint.add_app_template_filter(state_of_line, "state_of_line")


@blueprint.route(HERE, methods=["GET", "POST"])
@needs("coordinator")
def import_records() -> Any:
    """First what every line would do, then do it; below, what was taken in before."""
    form, found = Form.posted_or(), None
    if form.posted:
        name, content = _file(form)
        if not content:
            form.add_error("file", _("选一个文件。"))
        else:
            with form.sending({"csv_base64": "file"}):
                found = _sent(form, name, content)
                if found.batch_id:
                    notice(_("已导入 %(n)s 条记录。", n=found.counts["new"]))
                    return redirect(HERE, 303)
    batches, _away = attempt(clients().booking.record_imports, ())
    return render_template(
        "pages/manage/record_import.html",
        form=form,
        found=found,
        batches=batches,
        new_key=new_id,
    ), form.status


@blueprint.post(f"{HERE}/<batch_id>/undo")
@needs("coordinator")
def undo_import(batch_id: str) -> Any:
    """Take a batch back."""
    with telling():
        clients().booking.undo_import(batch_id, request.form.get("idempotency_key", ""))
        notice(_("这一批已经撤回，它的记录不再算在里面。"))
    return redirect(HERE, 303)


def _sent(form: Form, name: str, content: bytes) -> Import:
    really = form["do"] == "import"
    encoded = base64.b64encode(content).decode()
    key = form.key if really else None
    found = clients().booking.import_records(name, encoded, dry_run=not really, key=key)
    form.values = form.values.copy()
    form.values["name"], form.values["packed"] = name, _packed(content)
    return found


def _file(form: Form) -> tuple[str, bytes]:
    """The file's name and bytes: what was chosen now, else what was looked at before."""
    file = request.files.get("file")
    if file and file.filename:
        return file.filename[-200:], file.read()
    return form["name"] or UNNAMED, _unpacked(form["packed"])


def _packed(content: bytes) -> str:
    """The file as the page carries it from looking to taking: much smaller, the text repeats itself."""
    return base64.b64encode(zlib.compress(content, 9)).decode()


def _unpacked(text: str) -> bytes:
    """The file again; what is no such thing, or grows too large, is none."""
    try:
        reader = zlib.decompressobj()
        content = reader.decompress(base64.b64decode(text, validate=True), MOST)
    except (binascii.Error, ValueError, zlib.error):
        return b""
    return content if reader.eof else b""
