"""Registering, signing in and out, forgotten passwords."""

from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for

from services.web import signin
from services.web.clients import clients
from services.web.forms import Form
from services.web.i18n import _, lang
from services.web.security import trustworthy
from services.web.show import notice
from shared.http_client import Problem, Unavailable

blueprint = Blueprint("account", __name__)
CONSENT_VERSION = "2026-11"


def _refuse_plain_http() -> None:
    """Passwords travel over https, or in the demo."""
    if not trustworthy() and not current_app.config["DEMO"]:
        abort(403)


def _home(person_roles: tuple[str, ...]) -> str:
    """Where a person starts after signing in."""
    if {"coordinator", "admin"} & set(person_roles):
        return "/manage"
    return "/shifts" if "volunteer" in person_roles else "/"


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """Sign in with login and password."""
    _refuse_plain_http()
    form = Form.posted_or()
    target = request.args.get("next")
    if form.posted and form.require("login", "password"):
        try:
            with form.sending():
                signin.sign_in(
                    clients().identity.sign_in(
                        form["login"].strip(), form["password"], signin.browser_address()
                    )
                )
                _keep_contact()
                return redirect(signin.safe_next(target, _home(g.person.roles)), 303)
        except Problem as problem:
            if problem.status != 401:
                raise
            form.refuse(problem)
    elif g.person and not form.posted:
        return redirect(signin.safe_next(target, _home(g.person.roles)))
    return render_template("pages/sign_in.html", form=form, target=target), form.status


def _keep_contact() -> None:
    """Let notify know the person and their language, so that messages have somewhere to go."""
    try:
        _set_contact(clients().notify.contact().email)
    except (Unavailable, Problem):
        return  # signing in goes on; the next one says it again


def _set_contact(email: str | None) -> bool:
    try:
        clients().notify.set_contact(g.person.id, email, lang())
    except (Unavailable, Problem):
        return False
    return True


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> Any:
    """Make an account: consent first, then who and how to be reached."""
    _refuse_plain_http()
    form = Form.posted_or()
    target = request.args.get("next")
    if form.posted and _complete(form):
        with form.sending():
            clients().identity.register(_registration(form), signin.browser_address(), form.key)
            signin.sign_in(
                clients().identity.sign_in(
                    form["login"].strip(), form["password"], signin.browser_address()
                )
            )
            _greet(form)
            return redirect(signin.safe_next(target), 303)
    return render_template("pages/register.html", form=form, target=target), form.status


def _complete(form: Form) -> bool:
    form.require("name", "login", "password")
    if form["password"] and len(form["password"]) < 8:
        form.add_error("password", _("密码至少 8 个字符。"))
    email = form.text("email")
    if email and ("@" not in email or " " in email):
        form.add_error("email", _("邮箱地址里要有 @，中间没有空格。"))
    if not form["consent"]:
        form.add_error("consent", _("请先看隐私说明，同意后才能注册。"))
    return form.ok


def _registration(form: Form) -> dict[str, Any]:
    return {
        "login": form["login"].strip(),
        "password": form["password"],
        "name": form["name"].strip(),
        "email": form.text("email"),
        "locale": lang(),
        "consent_version": CONSENT_VERSION,
    }


def _greet(form: Form) -> None:
    if _set_contact(form.text("email")):
        notice(_("注册好了，欢迎你。"))
    else:
        notice(_("注册好了。消息服务暂时联系不上，请过一会儿在“联系方式”里再填一次邮箱。"), "warn")


@blueprint.route("/sign-out", methods=["GET", "POST"])
def leave() -> Any:
    """Sign out."""
    if request.method == "GET":
        return render_template("pages/sign_out.html")
    signin.sign_out()
    notice(_("已退出登录。"))
    return redirect("/", 303)


@blueprint.route("/forgot", methods=["GET", "POST"])
def forgot() -> Any:
    """Ask for a way to set a new password; the answer never says whether the account exists."""
    form = Form.posted_or()
    if form.posted and form.require("login"):
        with form.sending():
            found = clients().identity.ask_password_reset(
                form["login"].strip(), signin.browser_address()
            )
            if found:
                _send_reset(found, form.key)
            return render_template("pages/forgot_sent.html", form=form)
    return render_template("pages/forgot.html", form=form), form.status


def _send_reset(found: dict[str, Any], key: str) -> None:
    params = {"token": found["token"]}
    clients().notify.send(found["person_id"], "password_reset", params, key)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> Any:
    """Set a new password by a link that was mailed."""
    _refuse_plain_http()
    form = Form.posted_or()
    if form.posted and form.require("password"):
        try:
            with form.sending():
                clients().identity.complete_password_reset(token, form["password"])
                notice(_("新密码已生效，请用它登录。"))
                return redirect(url_for("account.sign_in"), 303)
        except Problem as problem:
            if problem.status not in (401, 404):
                raise
            form.refuse(problem)
    return render_template("pages/reset.html", form=form), form.status
