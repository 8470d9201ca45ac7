"""The owners of the demo answer what they were asked, a week after their device went home."""

from random import Random
from typing import Any

from deploy.demo_care import Care

FIXED = {"status": "Fixed"}


class Person:
    """Somebody with an account, who writes down what they send."""

    def __init__(self, id: str, login: str, told: list[str]) -> None:
        self.id, self.login, self.told = id, login, told

    def post(self, _service: str, path: str, _body: Any = None) -> dict[str, Any]:
        self.told.append(path)
        return {"id": "kept"}

    def put(self, _service: str, path: str, _body: Any, version: int) -> None:
        self.told.append(path)


def test_nobody_answers_before_they_are_asked(monkeypatch: Any) -> None:
    told: list[str] = []
    people = {name: Person(name, name, told) for name in ("owner", "tester")}
    monkeypatch.setattr("deploy.demo_care._skills", lambda login: ["electrical_safety"])
    monkeypatch.setattr("deploy.demo_care.ANSWERS", 1.0)
    care = Care(people["owner"], people, Random(1), lambda: told.append("asked"))  # type: ignore[arg-type]  # an account is more

    for ticket in ("first", "second"):
        care.begin("session", ["tester"])
        care._keep_one = False  # all go home
        care.follow({"id": ticket, "category_id": 1, "brand": "", "problem": ""}, "owner", FIXED)
        care.end()

    answers = [one for one in told if one == "asked" or one.endswith("/feedback")]
    assert answers == ["asked", "asked", "/tickets/first/feedback"]
