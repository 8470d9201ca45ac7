"""A coordinator writes the quiz of a training; what does not fit is said where it can be mended."""

from typing import Any

import pytest

from tests.integration.catalog.planning import Planning, text


def question(
    zh: str = "先做什么？", right: tuple[int, ...] = (0,), **changes: Any
) -> dict[str, Any]:
    """Return a question with three choices."""
    choices = [text("拔插头", "Unplug"), text("装满水", "Fill"), text("拍一下", "Hit it")]
    return {"text": text(zh), "choices": choices, "right": list(right), **changes}


def quiz(*questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return what is sent to write a quiz."""
    asked = list(questions or [question()])
    return {"questions": asked, "drawn": len(asked), "state": "on", **changes}


def write(planning: Planning, body: dict[str, Any], version: int = 0, of: str = "") -> Any:
    path = f"/offerings/{of or planning.training['id']}/quiz"
    return planning.staff.put(path, body, if_match=version)


def test_a_quiz_is_written_read_and_announced_with_keys_that_stay(planning: Planning) -> None:
    path = f"/offerings/{planning.training['id']}/quiz"
    empty = planning.staff.get(path)

    written = write(planning, quiz(question(), question("再做什么？", (2, 1, 1))))
    again = write(planning, {**quiz(*written.json["questions"][1:]), "drawn": 1}, 1)

    assert (empty.json["version"], empty.json["state"], empty.json["questions"]) == (0, "off", [])
    assert (written.status_code, written.headers["ETag"]) == (200, '"1"')
    assert written.json["questions"][1]["right"] == [1, 2]
    assert again.json["questions"][0]["key"] == written.json["questions"][1]["key"]
    told = [one for one in planning.catalog.announced() if one.type == "quiz.changed.v1"]
    assert [(one.version, len(one.data["questions"])) for one in told] == [(1, 2), (2, 1)]


def test_who_opened_it_before_somebody_else_saved_is_told(planning: Planning) -> None:
    first = write(planning, quiz())

    second = write(planning, quiz())
    third = write(planning, quiz(), version=7)

    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 412)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (quiz(question(right=())), "questions.0.right"),
        (quiz(question(), question(right=(5,))), "questions.1.right"),
        (quiz(question(choices=[text("是"), text("是")])), "questions.0.choices"),
        (quiz(question(choices=[text("是")])), "questions.0.choices"),
        (quiz(question(text=text(""))), "questions.0.text.zh"),
        (quiz(question(), drawn=2), "drawn"),
        (quiz(question(), drawn=0), "drawn"),
        (quiz(pass_percent=101), "pass_percent"),
        (quiz(attempts=0), "attempts"),
        (quiz(question(key="a"), question(key="a")), "questions"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    planning: Planning, body: dict[str, Any], field: str
) -> None:
    answer = write(planning, body)

    assert answer.status_code == 422
    assert field in {one["pointer"].strip("#/").replace("/", ".") for one in answer.json["errors"]}


def test_a_quiz_that_is_off_may_wait_for_its_questions(planning: Planning) -> None:
    assert write(planning, quiz(question(), drawn=5, state="off")).status_code == 200


def test_repairs_have_no_quiz_and_what_is_right_is_for_staff(planning: Planning) -> None:
    write(planning, quiz())
    path = f"/offerings/{planning.training['id']}/quiz"

    repair = write(planning, quiz(), of=planning.offering["id"])

    assert (repair.status_code, repair.json["code"]) == (409, "no_quiz_here")
    assert planning.catalog.client().get(path).status_code == 401
    for role in ("student", "volunteer"):
        assert planning.catalog.as_(role).get(path).status_code == 403
    assert (
        planning.staff.get("/offerings/00000000-0000-4000-8000-000000000000/quiz").status_code
        == 404
    )
