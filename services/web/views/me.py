"""我的: bookings, waitlist places, shifts, records; messages, contact, privacy."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from services.web import signin
from services.web.clients import clients
from services.web.clients.booking import Mine
from services.web.clients.roster import Assignment, Hours
from services.web.forms import Form
from services.web.i18n import LANG_COOKIE, LANGUAGES, _, lang
from services.web.show import forget_badge, notice
from services.web.signin import has_role, needs
from services.web.views import mine as my
from services.web.views.manage.base import attempt
from services.web.views.quiz import still
from shared import clock
from shared.http_client import Problem, Unavailable

blueprint = Blueprint("me", __name__)
T = TypeVar("T")
PAST_SHOWN = 20
NO_SHIFTS: tuple[Assignment, ...] = ()


def _or(ask: Callable[[], T], otherwise: T, away: list[str]) -> T:
    """The answer; when the service is away its name is noted and the page goes on without it."""
    try:
        return ask()
    except Unavailable as silent:
        away.append(silent.service)
    except Problem:
        pass  # nothing of this person there yet
    return otherwise


@blueprint.get("/me")
@needs()
def home() -> Any:
    """Everything of mine on one page."""
    away: list[str] = []
    found = _or(clients().booking.mine, Mine((), (), ()), away)
    shifts = NO_SHIFTS
    hours = Hours((), 0)
    if has_role("volunteer"):
        shifts = _or(clients().roster.my_assignments, NO_SHIFTS, away)
        hours = _or(clients().roster.my_hours, hours, away)
    live = [one for one in shifts if one.live and one.ends_at > clock.now()]
    return render_template(
        "pages/me.html",
        ahead=my.ahead(found),
        kept=found.kept,
        quizzes=still(found.enrolments),
        past=my.past(found)[:PAST_SHOWN],
        shifts=sorted(live, key=lambda one: one.starts_at),
        hours=hours,
        away=away,
    )


@blueprint.route("/me/inbox", methods=["GET", "POST"])
@needs()
def inbox() -> Any:
    """Messages, newest first; POST marks all as read."""
    if request.method == "POST":
        clients().notify.read_inbox()
        forget_badge()
        return redirect(url_for("me.inbox"), 303)
    return render_template(
        "pages/inbox.html", inbox=clients().notify.inbox(cursor=request.args.get("cursor"))
    )


@blueprint.get("/me/inbox/<message_id>")
@needs()
def open_message(message_id: str) -> Any:
    """Read a message: mark it and go where it leads."""
    with Form().sending():
        clients().notify.read_inbox([message_id])
        forget_badge()
    return redirect(signin.safe_next(request.args.get("to"), "/me/inbox"))


@blueprint.route("/me/contact", methods=["GET", "POST"])
@needs()
def contact() -> Any:
    """Where I can be reached, in which language, and what I want by mail."""
    form = Form(request.form, posted=True) if request.method == "POST" else Form(_known())
    if form.posted and form.require("name"):
        with form.sending():
            _save(form)
            notice(_("已保存。"))
            return _remember_language(redirect(url_for("me.home"), 303), _locale(form))
    return render_template("pages/contact.html", form=form, kinds=_mail_kinds()), form.status


def _known() -> MultiDict[str, Any]:
    known = clients().notify.contact()
    wished = [kind for kind, wanted in clients().notify.mail_wishes().items() if wanted]
    values: MultiDict[str, Any] = MultiDict(
        {"name": g.person.name, "email": known.email, "locale": lang()}
    )
    values.setlist("mail", wished)
    return values


def _mail_kinds() -> list[tuple[str, str]]:
    kinds = [
        ("booking", _("预约的确认和改动")),
        ("training", _("培训报名和候补")),
        ("reminder", _("开始前的提醒")),
        ("turn", _("轮到我了")),
    ]
    return [*kinds, ("shift", _("班次的改动"))] if has_role("volunteer") else kinds


def _save(form: Form) -> None:
    clients().identity.change_me({"name": form["name"].strip(), "locale": _locale(form)})
    signin.forget_person()
    clients().notify.set_contact(g.person.id, form.text("email"), _locale(form))
    clients().notify.set_mail_wishes(
        {kind: kind in form.all("mail") for kind, _name in _mail_kinds()}
    )


def _remember_language(answer: Any, locale: str) -> Any:
    answer.set_cookie(
        LANG_COOKIE,
        locale,
        max_age=365 * 86400,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure,
    )
    return answer


def _locale(form: Form) -> str:
    return form["locale"] if form["locale"] in LANGUAGES else lang()


@blueprint.route("/me/password", methods=["GET", "POST"])
@needs()
def password() -> Any:
    """Change the password; all sign-ins end."""
    form = Form.posted_or()
    if form.posted and form.require("old", "new"):
        with form.sending({"password": "new"}):
            clients().identity.change_password(form["old"], form["new"])
            _forget_sign_in()
            notice(_("密码已换，请用新密码重新登录。"))
            return redirect(url_for("account.sign_in"), 303)
    return render_template("pages/password.html", form=form), form.status


@blueprint.get("/me/privacy")
@needs()
def privacy() -> Any:
    """What is kept about me, to take along or to delete."""
    return render_template("pages/my_privacy.html")


@blueprint.get("/me/export.json")
@needs()
def export() -> Any:
    """All that the services keep about me, as one JSON file."""
    booking, notify, roster = clients().booking, clients().notify, clients().roster
    parts: dict[str, Callable[[], Any]] = {
        "person": lambda: clients().identity.get("/people/me"),
        "contact": lambda: notify.get("/contacts/me"),
        "places": lambda: booking.get("/mine"),
        "quiz_attempts": lambda: booking.get("/quiz-attempts/mine")["items"],
        "messages": lambda: _all(notify.get, "/inbox"),
        "preferences": notify.mail_wishes,
    }
    if has_role("volunteer"):
        parts |= {
            "assignments": lambda: _all(roster.get, "/assignments/mine"),
            "hours": lambda: _all(roster.get, "/hours/mine"),
            "absences": lambda: _all(roster.get, "/absences/mine"),
            "ranking": lambda: roster.get("/ranking/mine"),
            "service_records": lambda: _all(roster.get, "/records/mine"),
        }
    data = {"exported_at": clock.iso(clock.now())} | {
        name: _part(ask) for name, ask in parts.items()
    }
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return Response(
        text,
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="xiuhao-my-data.json"'},
    )


def _part(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except Problem:
        return None  # nothing kept there


def _all(get: Callable[..., Any], path: str) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = None
    while True:
        page = get(path, params={"limit": 200, **({"cursor": cursor} if cursor else {})})
        found += page["items"]
        cursor = page.get("next_cursor")
        if not cursor:
            return found


@blueprint.route("/me/delete", methods=["GET", "POST"])
@needs()
def delete() -> Any:
    """Delete the account, after typing the login as a brake."""
    form = Form.posted_or()
    if form.posted:
        if form["login"].strip() != (g.person.login or ""):
            form.add_error("login", _("用户名和你的不一样，账号没有删除。"))
        else:
            with form.sending():
                clients().identity.erase_me()
                _forget_sign_in()
                notice(_("账号已删除。谢谢你来过。"))
                return redirect("/", 303)
    records = attempt(clients().roster.my_records, ())[0] if has_role("volunteer") else ()
    return render_template("pages/delete.html", form=form, records=records), form.status


def _forget_sign_in() -> None:
    signin.forget_person()
    g.person, g.token, g.session_ended = None, None, True
