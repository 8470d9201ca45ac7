"""Questions of a quiz as a form holds them: read, added, taken out; empty choices count for nothing."""

from dataclasses import dataclass, replace
from typing import Any

from services.web.clients.quizzes import Quiz, QuizQuestion
from services.web.forms import Form
from services.web.i18n import _

MOST_QUESTIONS, MOST_CHOICES, USUAL_CHOICES = 60, 6, 4


@dataclass(frozen=True)
class ChoiceRow:
    """One choice as typed."""

    number: int
    zh: str
    en: str
    right: bool

    @property
    def letter(self) -> str:
        """A, B, C …"""
        return "ABCDEF"[self.number]


@dataclass(frozen=True)
class QuestionRow:
    """One question as typed."""

    number: int
    key: str
    text_zh: str
    text_en: str
    why_zh: str
    why_en: str
    choices: tuple[ChoiceRow, ...]

    @property
    def written(self) -> list[ChoiceRow]:
        """The choices that say something or are ticked."""
        return [one for one in self.choices if one.zh.strip() or one.en.strip() or one.right]

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into it."""
        return not (self.text_zh.strip() or self.text_en.strip() or self.written)

    @property
    def several(self) -> bool:
        """Whether several choices are right."""
        return sum(one.right for one in self.choices) > 1


def rows(form: Form) -> list[QuestionRow]:
    """The questions of the form, in order."""
    count = form["count"]
    many = min(int(count) if count.isdigit() else 0, MOST_QUESTIONS)
    return [_row(form, n) for n in range(many)]


def _row(form: Form, n: int) -> QuestionRow:
    asked = form[f"rows-{n}"]
    many = min(max(int(asked) if asked.isdigit() else USUAL_CHOICES, 2), MOST_CHOICES)
    right = form.all(f"right-{n}")
    choices = tuple(
        ChoiceRow(k, form[f"choice_zh-{n}-{k}"], form[f"choice_en-{n}-{k}"], str(k) in right)
        for k in range(many)
    )
    return QuestionRow(
        number=n,
        key=form[f"key-{n}"],
        text_zh=form[f"text_zh-{n}"],
        text_en=form[f"text_en-{n}"],
        why_zh=form[f"why_zh-{n}"],
        why_en=form[f"why_en-{n}"],
        choices=choices,
    )


def change(form: Form, what: str) -> bool:
    """add, remove-<n>, choice-<n>: change the questions and show the form again, without sending it."""
    kept, (act, _dash, number) = rows(form), what.partition("-")
    if act == "add":
        kept.append(_empty(len(kept)))
    elif act == "remove" and number.isdigit():
        kept = [one for one in kept if one.number != int(number)]
    elif act == "choice" and number.isdigit() and int(number) < len(kept):
        one = kept[int(number)]
        more = (*one.choices, ChoiceRow(len(one.choices), "", "", right=False))
        kept[int(number)] = replace(one, choices=more[:MOST_CHOICES])
    else:
        return False
    form.values = form.values.copy()
    for name, value in _typed(kept[:MOST_QUESTIONS]).items():
        form.values.setlist(name, value if isinstance(value, list) else [value])
    return True


def values_of(quiz: Quiz) -> dict[str, Any]:
    """The questions of a quiz as its form shows them; one empty one where there are none."""
    kept = [_of(one, n) for n, one in enumerate(quiz.questions)]
    return _typed(kept or [_empty(0)])


def _of(one: QuizQuestion, n: int) -> QuestionRow:
    choices = [
        ChoiceRow(k, choice.zh, choice.en, k in one.right) for k, choice in enumerate(one.choices)
    ]
    why = one.explanation
    return QuestionRow(n, one.key, one.text.zh, one.text.en, why.zh, why.en, tuple(choices))


def _empty(n: int) -> QuestionRow:
    choices = tuple(ChoiceRow(k, "", "", right=False) for k in range(USUAL_CHOICES))
    return QuestionRow(n, "", "", "", "", "", choices)


def _typed(kept: list[QuestionRow]) -> dict[str, Any]:
    values: dict[str, Any] = {"count": str(len(kept))}
    for n, one in enumerate(kept):
        values |= {f"key-{n}": one.key, f"rows-{n}": str(len(one.choices))}
        values |= {f"text_zh-{n}": one.text_zh, f"text_en-{n}": one.text_en}
        values |= {f"why_zh-{n}": one.why_zh, f"why_en-{n}": one.why_en}
        values[f"right-{n}"] = [str(choice.number) for choice in one.choices if choice.right]
        for k, choice in enumerate(one.choices):
            values |= {f"choice_zh-{n}-{k}": choice.zh, f"choice_en-{n}-{k}": choice.en}
    return values


def questions_of(form: Form) -> list[dict[str, Any]]:
    """The questions as they are sent; what is missing is an error at its field."""
    return [_sent(form, one) for one in rows(form) if not one.blank]


def _sent(form: Form, one: QuestionRow) -> dict[str, Any]:
    n, written = one.number, one.written
    if not one.text_zh.strip():
        form.add_error(f"text_zh-{n}", _("第 %(n)s 题：写一下问什么。", n=n + 1))
    if len(written) < 2:
        form.add_error(f"choices-{n}", _("第 %(n)s 题：至少写两个选项。", n=n + 1))
    elif not any(choice.right for choice in written):
        form.add_error(f"choices-{n}", _("第 %(n)s 题：勾出对的选项。", n=n + 1))
    for choice in written:
        if not choice.zh.strip():
            said = _("第 %(n)s 题：选项 %(letter)s 没有写。", n=n + 1, letter=choice.letter)
            form.add_error(f"choices-{n}", said)
    return {
        "key": one.key,
        "text": {"zh": one.text_zh.strip(), "en": one.text_en.strip()},
        "choices": [{"zh": choice.zh.strip(), "en": choice.en.strip()} for choice in written],
        "right": [k for k, choice in enumerate(written) if choice.right],
        "explanation": {"zh": one.why_zh.strip(), "en": one.why_en.strip()},
    }


def names_of(form: Form) -> dict[str, str]:
    """Where the service's fields are on the form."""
    names = {"questions": "count"}
    for i, one in enumerate(one for one in rows(form) if not one.blank):
        n, at = one.number, f"questions.{i}"
        names |= {f"{at}.{name}": f"choices-{n}" for name in ("choices", "right")}
        for theirs, ours in (("text", "text"), ("explanation", "why")):
            names |= {f"{at}.{theirs}.{code}": f"{ours}_{code}-{n}" for code in ("zh", "en")}
        for k in range(len(one.written)):
            names |= {f"{at}.choices.{k}.{code}": f"choices-{n}" for code in ("zh", "en")}
    return names
