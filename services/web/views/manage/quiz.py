"""The quiz of a training as a coordinator writes it: questions, the mark, how often one may try, a preview."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from werkzeug.datastructures import MultiDict

from services.web.clients import clients
from services.web.clients.quizzes import Quiz, QuizFigures
from services.web.forms import Form
from services.web.i18n import _
from services.web.show import notice
from services.web.signin import needs
from services.web.views.manage import quiz_rows
from services.web.views.manage.base import attempt, blueprint, overtaken, watching

FIGURES = ("drawn", "pass_percent", "attempts", "wait_hours")
LABELS = {
    "drawn": "每次抽几题",
    "pass_percent": "答对百分之几算通过",
    "attempts": "最多做几次",
    "wait_hours": "在多少小时里",
}


@blueprint.route("/manage/offerings/<offering_id>/quiz", methods=["GET", "POST"])
@needs("coordinator")
def quiz(offering_id: str) -> Any:
    """Write the quiz of a training; its preview is what was typed, saved or not."""
    offering = clients().catalog.offering(offering_id)
    if offering.kind != "training":
        abort(404)
    found = clients().catalog.quiz(offering_id)
    form, changes = Form.posted_or(_values(found)), list[tuple[str, str]]()
    if form.posted and not quiz_rows.change(form, form["do"]):
        body = _body(form)

        def explain() -> None:
            newest = clients().catalog.quiz(offering_id)
            changes.extend(overtaken(form, newest, _labels(newest), _values(newest).to_dict()))

        if form.ok and form["do"] != "preview":
            with watching(form, quiz_rows.names_of(form), explain):
                clients().catalog.write_quiz(offering_id, body, int(form["version"] or 0))
                notice(_saved(body))
                return redirect(url_for("manage.quiz", offering_id=offering_id), 303)
    went = attempt(lambda: clients().booking.quiz_figures(offering_id), QuizFigures())[0]
    return render_template(
        "pages/manage/quiz.html",
        went=went,
        by_key={one.key: one for one in went.questions},
        offering=offering,
        found=found,
        form=form,
        changes=changes,
        rows=quiz_rows.rows(form),
        most=quiz_rows.MOST_QUESTIONS,
        most_choices=quiz_rows.MOST_CHOICES,
        preview=form["do"] == "preview",
    ), form.status


def _values(found: Quiz) -> MultiDict[str, Any]:
    values: MultiDict[str, Any] = MultiDict({name: getattr(found, name) for name in FIGURES})
    values["version"], values["on"] = found.version, "1" if found.state == "on" else ""
    for name, value in quiz_rows.values_of(found).items():
        values.setlist(name, value if isinstance(value, list) else [value])
    return values


def _labels(newest: Quiz) -> dict[str, str]:
    figures = {name: _(label) for name, label in LABELS.items()}
    return figures | {
        f"text_zh-{n}": _("第 %(n)s 题", n=n + 1) for n in range(len(newest.questions))
    }


def _body(form: Form) -> dict[str, Any]:
    questions = quiz_rows.questions_of(form)
    figures = {name: form.whole(name) for name in FIGURES}
    form.require(*FIGURES)
    on = bool(form["on"])
    if on and not questions:
        form.add_error("count", _("先写至少一道题，再打开小测验。"))
    return {**figures, "questions": questions, "state": "on" if on else "off"}


def _saved(body: dict[str, Any]) -> str:
    if body["state"] == "on":
        return _("小测验存好了。签到过的人现在就能做。")
    return _("存好了，还没有打开：参加过培训就算完成。")
