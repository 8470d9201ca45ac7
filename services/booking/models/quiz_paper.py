"""What is asked in one attempt, and what of it was right: pure rules, the same wherever they are recomputed."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

Question = Mapping[str, Any]
Answers = Mapping[str, Sequence[int]]


def draw(questions: Sequence[Question], count: int, seed: str) -> list[dict[str, Any]]:
    """Return the first `count` questions in the order of SHA-256(`seed`:key).

    Choices keep their order: "all of the above" must stay last.
    """

    def lot(question: Question) -> str:
        return sha256(f"{seed}:{question['key']}".encode()).hexdigest()

    return [dict(one) for one in sorted(questions, key=lot)[:count]]


def several(question: Question) -> bool:
    """Tell whether more than one choice is right, so that several may be ticked."""
    return len(question["right"]) > 1


def unfit(questions: Sequence[Question], answers: Answers) -> dict[str, tuple[str, str]]:
    """Return what is missing or makes no sense in the answers, by question."""
    found = {}
    for question in questions:
        chosen = answers.get(question["key"], [])
        if not chosen:
            found[question["key"]] = ("这一题还没有选。", "Not answered yet.")
        elif max(chosen) >= len(question["choices"]) or min(chosen) < 0:
            found[question["key"]] = ("没有这个选项。", "There is no such choice.")
        elif len(set(chosen)) > 1 and not several(question):
            found[question["key"]] = ("这一题只能选一个。", "Please choose one here.")
    unknown = set(answers) - {one["key"] for one in questions}
    return found | dict.fromkeys(unknown, ("没有这一题。", "There is no such question."))


def is_right(question: Question, chosen: Sequence[int]) -> bool:
    """Tell whether exactly what is right was chosen: nothing missing, nothing more."""
    return set(chosen) == set(question["right"])


def score(questions: Sequence[Question], answers: Answers) -> int:
    """Count the questions answered rightly."""
    return sum(is_right(one, answers.get(one["key"], [])) for one in questions)


def passes(correct: int, asked: int, percent: int) -> bool:
    """Tell whether so many of those asked reach the mark (whole numbers, no rounding)."""
    return correct * 100 >= percent * asked
