"""What a person reads when something did not work: kind pages, never a bare code."""

from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from services.web.forms import service_name
from services.web.i18n import _
from services.web.signin import to_sign_in
from shared.http_client import Problem, Unavailable

RETRY_AFTER = "5"


def page(status: int, title: str, text: str, **more: Any) -> tuple[str, int]:
    """One of the kind pages."""
    return render_template(
        "pages/failure.html", status=status, title=title, text=text, **more
    ), status


def for_api() -> bool:
    """True when a program asked: it gets problem details instead of a page."""
    return request.path.startswith(("/api/", "/live/"))


def not_found(_error: Any) -> Any:
    """404."""
    if for_api():
        return _api(404, "not_found", "Not found")
    return page(404, _("没有找到这一页"), _("地址可能写错了，或者这个场次已经撤下。"))


def forbidden(_error: Any) -> Any:
    """403."""
    return page(
        403,
        _("这一页不是给你的"),
        _("你已登录，但没有打开这一页的角色。需要的话，请找协调员开通。"),
    )


def unavailable(error: Unavailable) -> Any:
    """503: a service does not answer."""
    if for_api():
        answer = _api(503, "unavailable", f"{error.service} does not answer")
    else:
        text = _(
            "%(service)s暂时联系不上。你的预约和报名都还在，请过一会儿再试。",
            service=service_name(error.service),
        )
        answer = Response(page(503, _("请稍等一下"), text, retry=True)[0], 503)
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def problem(error: Problem) -> Any:
    """A refusal that no form took: as a page with the service's own words."""
    if error.status == 401 and g.get("person") is None:
        return to_sign_in()
    if error.status == 404:
        return not_found(error)
    if error.status == 403:
        return forbidden(error)
    return page(
        error.status,
        _("这一步没有做成"),
        error.detail or _("请返回上一页再看一看。"),
        retry=error.status >= 500,
    )


def stale_form(_error: CSRFError) -> Any:
    """The form was open for too long, or cookies are refused."""
    return page(400, _("这一页放得太久了"), _("为了安全，请返回上一页，刷新后再提交一次。"))


def plain(error: HTTPException) -> Any:
    """Any other HTTP error."""
    if for_api():
        return _api(error.code or 500, error.name.lower().replace(" ", "_"), error.name)
    texts = {
        405: _("这个地址不能直接打开。"),
        413: _("文件太大了，最多 10 MB。"),
        400: _("地址里有一部分看不懂。"),
    }
    code = error.code or 500
    return page(code, _("这一步没有做成"), texts.get(code, _("请返回上一页再看一看。")))


def broken(_error: Any) -> Any:
    """500: ours to repair."""
    return page(
        500,
        _("我们这边出错了"),
        _("不是你的问题，出错的地方已经记下。请过一会儿再试。"),
        retry=True,
    )


def _api(status: int, code: str, title: str) -> Response:
    answer = jsonify(type="about:blank", title=title, status=status, code=code)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    return answer


def init_app(app: Flask) -> None:
    """One page per kind of failure."""
    app.register_error_handler(404, not_found)
    app.register_error_handler(403, forbidden)
    app.register_error_handler(Unavailable, unavailable)
    app.register_error_handler(Problem, problem)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, plain)
    app.register_error_handler(500, broken)
