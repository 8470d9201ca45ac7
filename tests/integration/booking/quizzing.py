"""A training with a quiz, somebody who attended it, and their answers."""

from typing import Any

from tests.integration.booking.build import Told
from tests.support.clients import ApiClient
from tests.support.services import Service


def question(key: str, *right: int) -> dict[str, Any]:
    """A question with three choices, and which of them are right."""
    choices = [{"zh": f"选项 {n}", "en": ""} for n in range(3)]
    words = {
        "text": {"zh": f"第 {key} 题", "en": ""},
        "explanation": {"zh": f"因为 {key}", "en": ""},
    }
    return {"key": key, "choices": choices, "right": list(right), **words}


QUESTIONS = [question("a", 0), question("b", 1, 2), question("c", 2)]


def write(told: Told, version: int = 1, **changes: Any) -> None:
    """Tell booking the quiz of a session's offering."""
    offering = str(told.data["offering_id"])
    rules = {"drawn": 3, "pass_percent": 60, "attempts": 2, "wait_hours": 24, "state": "on"}
    data = {"offering_id": offering, "questions": QUESTIONS, **rules, **changes}
    told.service.deliver("quiz.changed.v1", f"quiz:{offering}", version, data)


def enrolled(who: ApiClient, told: Told) -> str:
    answer: Any = who.post("/enrolments", {"session_id": told.id})
    return str(answer.json["id"])


def attended(told: Told, who: ApiClient) -> str:
    """Enrol somebody and mark them present; return the enrolment."""
    id = enrolled(who, told)
    mark(told.service, id, "attended")
    return id


def mark(booking: Service, id: str, state: str) -> None:
    done = booking.as_("coordinator").post(f"/enrolments/{id}/attendance", {"state": state})
    assert done.status_code == 200, done.json


def begin(who: ApiClient, enrolment: str) -> Any:
    return who.post(f"/enrolments/{enrolment}/quiz-attempts")


def rightly(attempt: dict[str, Any], wrong: tuple[str, ...] = ()) -> dict[str, list[int]]:
    """Answer an attempt, some questions of it wrongly."""
    right = {one["key"]: one["right"] for one in QUESTIONS}
    keys = [one["key"] for one in attempt["questions"]]
    return {key: [1] if key in wrong and key != "b" else right[key] for key in keys}


def seen(who: ApiClient, path: str) -> Any:
    return who.get(path).json


def send(who: ApiClient, attempt: dict[str, Any], answers: Any, **more: Any) -> Any:
    return who.post(f"/quiz-attempts/{attempt['id']}/answers", {"answers": answers}, **more)


def told_of(booking: Service) -> list[tuple[int, str]]:
    return [(one.version, one.data["state"]) for one in booking.announced("training.completed.v1")]


def standing(who: ApiClient, enrolment: str) -> Any:
    return seen(who, f"/enrolments/{enrolment}")["quiz"]
