"""Quizzes: as a coordinator writes them at catalog, and as somebody takes them at booking."""

from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Client, Json, Text, read


@dataclass(frozen=True)
class QuizQuestion:
    """A question with what is right (staff)."""

    key: str
    text: Text
    choices: tuple[Text, ...]
    right: tuple[int, ...]
    explanation: Text

    @property
    def several(self) -> bool:
        """Whether several may be ticked."""
        return len(self.right) > 1


@dataclass(frozen=True)
class Quiz:
    """The quiz of a training (staff); version 0: not written yet."""

    questions: tuple[QuizQuestion, ...]
    drawn: int
    pass_percent: int
    attempts: int
    wait_hours: int
    state: str
    version: int


@dataclass(frozen=True)
class Standing:
    """How somebody stands after a training: passed, open, ready or waiting (until `next_at`)."""

    state: str
    attempt_id: str | None = None
    left: int = 0
    next_at: datetime | None = None
    drawn: int | None = None
    pass_percent: int | None = None
    attempts: int | None = None
    wait_hours: int | None = None


@dataclass(frozen=True)
class Asked:
    """A question of an attempt; what is right is there once the attempt has ended."""

    key: str
    text: Text
    choices: tuple[Text, ...]
    several: bool
    chosen: tuple[int, ...] | None = None
    right: tuple[int, ...] | None = None
    ok: bool | None = None
    explanation: Text | None = None


@dataclass(frozen=True)
class Training:
    """The session of the training."""

    id: str
    title: Text
    starts_at: datetime


@dataclass(frozen=True)
class Attempt:
    """One attempt of the caller's own."""

    id: str
    enrolment_id: str
    number: int
    state: str
    asked: int
    pass_percent: int
    questions: tuple[Asked, ...]
    session: Training
    correct: int | None = None
    ended_at: datetime | None = None
    quiz: Standing | None = None

    @property
    def needed(self) -> int:
        """How many have to be right."""
        return -(-self.asked * self.pass_percent // 100)


@dataclass(frozen=True)
class QuestionFigures:
    """How often a question was asked, and how often it went wrong."""

    key: str
    asked: int
    wrong: int


@dataclass(frozen=True)
class QuizFigures:
    """How a quiz went, in counts (staff)."""

    attempts: int = 0
    people: int = 0
    passed: int = 0
    questions: tuple[QuestionFigures, ...] = ()


class QuizCalls(Client):
    """The quiz at booking."""

    def begin_quiz(self, enrolment_id: str, key: str) -> Attempt:
        """Begin an attempt, or go on with the open one."""
        return read(Attempt, self.post(f"/enrolments/{enrolment_id}/quiz-attempts", key=key))

    def quiz_attempt(self, attempt_id: str) -> Attempt:
        """My attempt."""
        return read(Attempt, self.get(f"/quiz-attempts/{attempt_id}"))

    def answer_quiz(self, attempt_id: str, answers: Json, key: str) -> None:
        """Send all answers, once."""
        self.post(f"/quiz-attempts/{attempt_id}/answers", {"answers": answers}, key=key)

    def quiz_figures(self, offering_id: str) -> QuizFigures:
        """How a training's quiz went (staff)."""
        return read(QuizFigures, self.get(f"/offerings/{offering_id}/quiz-figures"))


class QuizWritingCalls(Client):
    """The quiz at catalog (staff)."""

    def quiz(self, offering_id: str) -> Quiz:
        """The quiz of a training."""
        return read(Quiz, self.get(f"/offerings/{offering_id}/quiz"))

    def write_quiz(self, offering_id: str, fields: Json, version: int) -> None:
        """Write it as it was seen at `version`."""
        self.put(f"/offerings/{offering_id}/quiz", fields, version=version)
