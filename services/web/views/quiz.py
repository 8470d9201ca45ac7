"""小测验: after a training one shows what one has understood; 我的技能: what one may do, and what is still missing."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for

from services.web.clients import clients
from services.web.clients.booking import Enrolment, Mine
from services.web.clients.quizzes import Asked, Attempt
from services.web.forms import Form
from services.web.i18n import _
from services.web.signin import needs
from services.web.views.manage.base import attempt

blueprint = Blueprint("quiz", __name__)
STILL = ("open", "ready", "waiting")


@blueprint.route("/enrolments/<enrolment_id>/quiz", methods=["GET", "POST"])
@needs()
def start(enrolment_id: str) -> Any:
    """What the quiz after a training is like and how I stand; POST begins, or goes on."""
    form = Form.posted_or()
    if form.posted:
        with form.sending():
            begun = clients().booking.begin_quiz(enrolment_id, form.key)
            return redirect(url_for("quiz.take", attempt_id=begun.id), 303)
    mine = clients().booking.mine().enrolments
    one = next((one for one in mine if one.id == enrolment_id and one.quiz), None)
    if one is None:
        abort(404)
    return render_template("pages/quiz_start.html", one=one, quiz=one.quiz, form=form), form.status


@blueprint.route("/quiz/<attempt_id>", methods=["GET", "POST"])
@needs()
def take(attempt_id: str) -> Any:
    """The questions; once they are answered, what was right and why."""
    found, form = clients().booking.quiz_attempt(attempt_id), Form.posted_or()
    if form.posted and found.state == "open" and _complete(form, found):
        with form.sending({f"answers.{one.key}": field(one) for one in found.questions}):
            clients().booking.answer_quiz(attempt_id, _answers(form, found), form.key)
            return redirect(url_for("quiz.take", attempt_id=attempt_id), 303)
        if form.code == "attempt_over":
            return redirect(url_for("quiz.take", attempt_id=attempt_id), 303)
    if found.state == "open":
        return render_template("pages/quiz.html", one=found, form=form, field=field), form.status
    return render_template("pages/quiz_result.html", one=found)


@blueprint.get("/me/skills")
@needs()
def skills() -> Any:
    """What I may do, until when, and which quizzes lead to more; who is trained first may have skills before the role."""
    me = clients().roster.me()
    mine, away = attempt(clients().booking.mine, Mine((), (), ()))
    return render_template(
        "pages/my_skills.html",
        grants=me.grants,
        by_code={one.code: one for one in clients().roster.skills()},
        quizzes=still(mine.enrolments),
        away=away,
    )


def still(enrolments: tuple[Enrolment, ...]) -> list[Enrolment]:
    """The trainings whose quiz is still to be passed, those that can be taken now first."""
    found = [one for one in enrolments if one.quiz and one.quiz.state in STILL]
    return sorted(found, key=lambda one: STILL.index(one.quiz.state) if one.quiz else 0)


def field(question: Asked) -> str:
    """How a question is called in the form."""
    return f"q-{question.key}"


def _complete(form: Form, found: Attempt) -> bool:
    """Mark what is not answered yet; what was chosen stays."""
    for number, one in enumerate(found.questions, 1):
        if not form.all(field(one)):
            form.add_error(field(one), _("第 %(n)s 题还没有选。", n=number))
    return form.ok


def _answers(form: Form, found: Attempt) -> dict[str, list[int]]:
    return {
        one.key: [int(value) for value in form.all(field(one)) if value.isdigit()]
        for one in found.questions
    }
