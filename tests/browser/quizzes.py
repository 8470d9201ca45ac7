"""The scene's trainings with a quiz: one to take, one half done, one not passed, one passed, one to wait for."""

from typing import Any

from deploy import acts
from deploy.demo_quiz import QUESTIONS, attend
from deploy.driver import Account, eventually
from tests.browser.centre import Centre, at


def quizzed(centre: Centre, student: Account) -> dict[str, str]:
    """Let the student be at five trainings, and stand differently with the quiz of each."""
    ready, opened, failed, passed, waits = (_attended(centre, student, n) for n in range(5))
    half = _begin(student, opened["enrolment"])
    wrong = _begin(student, failed["enrolment"])
    _answer(student, wrong, rightly=False)
    right = _begin(student, passed["enrolment"])
    _answer(student, right, rightly=True)
    for _ in range(3):
        _answer(student, _begin(student, waits["enrolment"]), rightly=False)
    return {
        "quiz_offering": ready["offering"],
        "unwritten": centre.offerings["soldering"],
        "quiz_tried": failed["offering"],
        "quiz_seat": ready["enrolment"],
        "quiz_session": ready["session"],
        "quiz_half": half["id"],
        "quiz_failed": wrong["id"],
        "quiz_passed": right["id"],
        "quiz_waits": waits["enrolment"],
    }


def _attended(centre: Centre, student: Account, n: int) -> dict[str, str]:
    staff = centre.staff
    title = {"zh": f"安全培训 {n + 1}", "en": f"Safety course {n + 1}"}
    offering = staff.post("catalog", "/offerings", {"kind": "training", "title": title})["id"]
    body = {"questions": list(QUESTIONS), "drawn": len(QUESTIONS), "state": "on"}
    staff.put("catalog", f"/offerings/{offering}/quiz", body, version=0)
    begins = at(6 + n, 16)
    ends = begins.replace(minute=50)
    room = centre.room(0, 30)
    session = acts.plan_session(staff, offering, room, begins, ends, seats=4)
    path = {"session_ids": session}
    eventually(lambda: staff.get("booking", "/availability", **path)["items"], "the training")
    enrolment = centre.enrol(session, student)["id"]
    attend(staff, enrolment)
    return {"offering": offering, "session": session, "enrolment": enrolment}


def _begin(student: Account, enrolment: str) -> dict[str, Any]:
    return dict(student.post("booking", f"/enrolments/{enrolment}/quiz-attempts"))


def _answer(student: Account, attempt: dict[str, Any], *, rightly: bool) -> None:
    """Answer everything rightly, or only what has several right choices."""
    right = {one["text"]["zh"]: list(one["right"]) for one in QUESTIONS}
    answers = {}
    for one in attempt["questions"]:
        good = right[one["text"]["zh"]]
        wrong = [next(k for k in range(len(one["choices"])) if k not in good)]
        answers[one["key"]] = good if rightly or one["several"] else wrong
    student.post("booking", f"/quiz-attempts/{attempt['id']}/answers", {"answers": answers})
