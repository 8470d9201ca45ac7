"""A quiz after a training: its questions with what is right, how many are drawn, what passes, how often one may try."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base
from shared.database import Id, Json

ON, OFF = STATES = ("on", "off")
MOST_QUESTIONS = 60
FEWEST_CHOICES, MOST_CHOICES = 2, 6
START: dict[str, Any] = {
    "questions": [],
    "drawn": 5,
    "pass_percent": 80,
    "attempts": 3,
    "wait_hours": 24,
    "state": OFF,
}
Problems = dict[str, tuple[str, str]]


class Quiz(Base):
    """The quiz of one training; `version` counts its edits.

    `questions` hold key, text, choices (2 to 6), right (positions among the choices, one or several)
    and explanation; a key stays with its question. Within `wait_hours` somebody may try `attempts` times.
    """

    __tablename__ = "quiz"
    __table_args__ = (
        CheckConstraint("state IN ('on', 'off')", name="state"),
        CheckConstraint("pass_percent >= 1 AND pass_percent <= 100", name="pass_percent"),
        CheckConstraint("drawn >= 1", name="drawn"),
        CheckConstraint("attempts >= 1 AND wait_hours >= 1", name="attempts"),
    )

    offering_id: Mapped[str] = mapped_column(Id, ForeignKey("offering.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    drawn: Mapped[int]
    pass_percent: Mapped[int]
    attempts: Mapped[int]
    wait_hours: Mapped[int]
    state: Mapped[str] = mapped_column(String(3))


def problems_of(fields: Mapping[str, Any]) -> Problems:
    """Return what does not fit together, by the path of the field where it can be mended."""
    questions, found = fields["questions"], Problems()
    for n, question in enumerate(questions):
        found |= {f"questions.{n}.{at}": texts for at, texts in _of_question(question).items()}
    if len({one["key"] for one in questions}) < len(questions):
        found["questions"] = ("有两道题的编号一样。", "Two questions have the same key.")
    if fields["state"] == ON and fields["drawn"] > len(questions):
        found["drawn"] = (
            f"一共只有 {len(questions)} 道题，抽不出 {fields['drawn']} 道。",
            f"There are only {len(questions)} questions; {fields['drawn']} cannot be drawn.",
        )
    return found


def _of_question(question: Mapping[str, Any]) -> Problems:
    choices: Sequence[Any] = question["choices"]
    found = Problems()
    if not question["right"]:
        found["right"] = ("勾出对的选项。", "Tick what is right.")
    elif max(question["right"]) >= len(choices):
        found["right"] = ("对的选项不在列表里。", "What is right is not among the choices.")
    for code in ("zh", "en"):
        texts = [one[code] for one in choices if one[code]]
        if len(set(texts)) < len(texts):
            found["choices"] = ("有两个选项一样。", "Two choices are the same.")
    return found
