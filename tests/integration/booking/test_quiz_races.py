"""Two phones at one quiz: one open attempt, no attempt too many, answers that count once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, text

from services.booking.models.quiz import QuizAttempt
from services.booking.use_cases import quizzes
from tests.integration.booking.build import training
from tests.integration.booking.quizzing import attended, begin, rightly, send, told_of, write
from tests.integration.booking.test_races import at_once
from tests.support.clients import ApiClient
from tests.support.services import Service

PHONES = 6


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def two_trainings(booking: Service, who: ApiClient) -> list[str]:
    """Somebody has been at two sessions of one training: no row of an enrolment is shared."""
    first = training(booking)
    write(first, attempts=5)
    start = {"offering_id": first.data["offering_id"]}
    later = training(booking, starts_at=None, **start)
    return [attended(first, who), attended(later, who)]


def opened(booking: Service) -> int:
    with booking.database.reading() as session:
        live = select(func.count()).where(QuizAttempt.state == "open")
        return session.execute(live).scalar_one()


def test_two_phones_open_one_attempt(booking: Service) -> None:
    who = booking.as_("student")
    both = two_trainings(booking, who)

    with ThreadPoolExecutor(PHONES) as pool:
        acts: list[Callable[[], Any]] = [partial(begin, who, id) for id in both * (PHONES // 2)]
        answers = at_once(pool, acts)

    assert opened(booking) == 1
    codes = Counter((one.status_code, one.json.get("code")) for one in answers)
    assert set(codes) <= {(201, None), (409, "attempt_under_way")}
    assert len({one.json["id"] for one in answers if one.status_code == 201}) == 1


@pytest.mark.parametrize("guarded", [True, False])
def test_what_both_phones_saw_does_not_matter_while_the_index_stands(
    booking: Service, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    who = booking.as_("student")
    both = two_trainings(booking, who)
    if not guarded:
        with booking.database.transaction() as session:
            session.execute(text("DROP INDEX uq_quiz_attempt_open_person_offering"))
    numbers = iter(range(1, 100))
    monkeypatch.setattr(quizzes, "_open", lambda *_: None)  # both looked before either began
    monkeypatch.setattr(quizzes, "_next_number", lambda *_: next(numbers))

    with ThreadPoolExecutor(PHONES) as pool:
        answers = at_once(pool, [partial(begin, who, id) for id in both * (PHONES // 2)])

    assert opened(booking) == (1 if guarded else PHONES), "the test would not see a missing guard"
    refused = [one.json["code"] for one in answers if one.status_code != 201]
    assert refused == ["attempt_under_way"] * (PHONES - 1 if guarded else 0)


def test_a_number_read_too_early_gives_no_further_attempt(
    booking: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, who = training(booking), booking.as_("student")
    write(told, attempts=1)
    id = attended(told, who)
    attempt = begin(who, id).json
    send(who, attempt, rightly(attempt, wrong=("a", "c")))
    monkeypatch.setattr(quizzes, "_next_number", lambda *_: 1)  # read before the first one began

    assert begin(who, id).json["code"] == "attempt_under_way"


def test_answers_from_two_phones_at_once_count_once(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    write(told)
    attempt = begin(who, attended(told, who)).json
    right, wrong = rightly(attempt), rightly(attempt, wrong=("a", "c"))

    with ThreadPoolExecutor(PHONES) as pool:
        acts: list[Callable[[], Any]] = [
            partial(send, who, attempt, with_) for with_ in [right, wrong] * 3
        ]
        answers = at_once(pool, acts)

    assert Counter(one.status_code for one in answers) == {200: 1, 409: PHONES - 1}
    (ended,) = [one.json["state"] for one in answers if one.status_code == 200]
    assert told_of(booking) == ([(1, "completed")] if ended == "passed" else [])
