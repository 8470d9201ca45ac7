"""The quiz after a training: who may try, how often, what the browser sees, and what completes the training."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from services.booking.models.quiz import Completion, QuizAttempt
from services.booking.use_cases import quizzes
from services.booking.use_cases.completing import settle_due
from shared.clock import parse
from shared.ids import new_id
from tests.integration.booking.build import Told, repair, training
from tests.integration.booking.quizzing import (
    attended,
    begin,
    enrolled,
    mark,
    question,
    rightly,
    seen,
    send,
    standing,
    told_of,
    write,
)
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_a_training_without_a_quiz_is_completed_by_being_there(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")

    id = attended(told, who)
    mark(booking, id, "absent")
    mark(booking, id, "attended")

    assert told_of(booking) == [(1, "completed"), (2, "withdrawn"), (3, "completed")]
    event = booking.announced("training.completed.v1")[0]
    assert who.person
    assert event.data | {"state": ""} == {
        "id": id,
        "person_id": who.person.id,
        "offering_id": told.data["offering_id"],
        "session_id": told.id,
        "state": "",
    }
    assert standing(who, id) is None


def test_with_a_quiz_it_is_completed_by_passing_it(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    write(told)
    id = attended(told, who)
    assert told_of(booking) == []
    assert (standing(who, id)["state"], standing(who, id)["left"]) == ("ready", 2)

    attempt = begin(who, id).json
    assert standing(who, id)["state"] == "open"
    done = send(who, attempt, rightly(attempt, wrong=("a",)))

    assert (done.json["state"], done.json["correct"], done.json["asked"]) == ("passed", 2, 3)
    assert told_of(booking) == [(1, "completed")]
    assert standing(who, id)["state"] == "passed"
    assert begin(who, id).json["code"] == "quiz_passed"
    mark(booking, id, "absent")
    mark(booking, id, "attended")
    assert told_of(booking) == [(1, "completed"), (2, "withdrawn"), (3, "completed")]


def test_what_is_right_is_not_sent_before_the_attempt_has_ended(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    write(told)
    id = attended(told, who)

    begun = begin(who, id)
    read = seen(who, f"/quiz-attempts/{begun.json['id']}")
    listed = seen(who, "/quiz-attempts/mine")

    for said in (begun.json, read, listed["items"][0]):
        assert "因为" not in json.dumps(said, ensure_ascii=False)
        assert {one["right"] is None and one["chosen"] is None for one in said["questions"]} == {
            True
        }
        assert {one["key"]: one["several"] for one in said["questions"]}["b"] is True
    send(who, begun.json, rightly(begun.json, wrong=("a", "c")))
    after = {
        one["key"]: one for one in seen(who, f"/quiz-attempts/{begun.json['id']}")["questions"]
    }
    assert (after["a"]["right"], after["a"]["chosen"], after["a"]["ok"]) == ([0], [1], False)
    assert (after["b"]["ok"], after["a"]["explanation"]["zh"]) == (True, "因为 a")


def test_after_so_many_attempts_one_waits_until_the_first_is_old_enough(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    write(told)
    id = attended(told, who)

    for _ in range(2):
        attempt = begin(who, id).json
        assert send(who, attempt, rightly(attempt, wrong=("a", "c"))).json["state"] == "failed"

    third = begin(who, id)
    assert (third.status_code, third.json["code"]) == (409, "tried_enough")
    waits = standing(who, id)
    assert (waits["state"], waits["left"]) == ("waiting", 0)
    first = seen(who, "/quiz-attempts/mine")["items"][-1]
    assert parse(waits["next_at"]) == parse(first["started_at"]) + timedelta(hours=24)
    with booking.database.transaction() as session:  # the first is a day old
        session.scalars(
            select(QuizAttempt).where(QuizAttempt.number == 1)
        ).one().started_at -= timedelta(hours=25)
    assert (standing(who, id)["state"], standing(who, id)["left"]) == ("ready", 1)
    assert begin(who, id).json["number"] == 3


def test_answers_are_sent_once(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    write(told)
    attempt = begin(who, attended(told, who)).json
    answers = rightly(attempt)

    first = send(who, attempt, answers, key="one")
    again = send(who, attempt, answers, key="one")
    other = send(who, attempt, answers, key="two")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json
    assert (other.status_code, other.json["code"]) == (409, "attempt_over")
    assert told_of(booking) == [(1, "completed")]


@pytest.mark.parametrize("change", [{"a": []}, {"a": [0, 1]}, {"a": [5]}, {"z": [0]}])
def test_answers_that_cannot_be_are_said_at_their_question(
    booking: Service, change: dict[str, list[int]]
) -> None:
    told, who = training(booking), booking.as_("student")
    write(told)
    attempt = begin(who, attended(told, who)).json

    refused = send(who, attempt, rightly(attempt) | change)

    (key,) = change
    assert refused.status_code == 422
    assert [one["pointer"].strip("#/").replace("/", ".") for one in refused.json["errors"]] == [
        f"answers.{key}"
    ]
    assert seen(who, f"/quiz-attempts/{attempt['id']}")["state"] == "open"


def test_only_who_was_there_may_try_and_nobody_for_somebody_else(booking: Service) -> None:
    told, who = training(booking, seats=5), booking.as_("student")
    write(told)
    mine = enrolled(who, told)
    assert begin(who, mine).json["code"] == "not_attended"
    mark(booking, mine, "attended")
    attempt = begin(who, mine).json

    for other in (booking.as_("student"), booking.as_("coordinator")):
        assert begin(other, mine).status_code == 404
        assert other.get(f"/quiz-attempts/{attempt['id']}").status_code == 404
        assert send(other, attempt, rightly(attempt)).status_code == 404
        assert seen(other, "/quiz-attempts/mine")["items"] == []


def test_an_attempt_keeps_its_questions_when_the_quiz_is_edited(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    write(told)
    id = attended(told, who)
    attempt = begin(who, id).json

    write(told, 2, questions=[question("z", 1)], drawn=1)

    assert begin(who, id).json == attempt | {"quiz": begin(who, id).json["quiz"]}
    assert send(who, attempt, rightly(attempt)).json["state"] == "passed"


def test_a_quiz_that_is_switched_off_completes_who_attended(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    write(told)
    id = attended(told, who)
    assert told_of(booking) == []

    write(told, 2, state="off")

    assert told_of(booking) == [(1, "completed")]
    assert begin(who, id).json["code"] == "quiz_passed"


def test_a_quiz_written_later_takes_nothing_back(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    id = attended(told, who)

    write(told)

    assert told_of(booking) == [(1, "completed")]
    assert begin(who, id).json["code"] == "quiz_passed"
    assert standing(who, id) is None


def test_what_was_attended_before_is_completed_once(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    attended(told, who)
    with booking.database.transaction() as session:  # as an upgrade finds it
        session.execute(delete(Completion))

    with booking.database.transaction() as session:
        first, second = settle_due(session), settle_due(session)

    assert (first, second) == (1, 0)
    assert told_of(booking)[1:] == [(1, "completed")]


def test_a_service_or_repair_is_no_training(booking: Service) -> None:
    told, who = training(booking), booking.as_("student")
    service = Told(booking, told.data | {"id": new_id(), "kind": "service"})
    booking.deliver("session.published.v1", service.id, 1, service.data)
    repair(booking)

    attended(service, who)

    assert told_of(booking) == []


def test_erasure_and_time_forget_what_was_answered_but_not_what_was_completed(
    booking: Service,
) -> None:
    told = training(booking)
    write(told)
    people = [booking.as_("student") for _ in range(2)]
    for who in people:
        attempt = begin(who, attended(told, who)).json
        send(who, attempt, rightly(attempt))

    assert people[0].person
    gone = {"person_id": people[0].person.id}
    booking.deliver("person.erased.v1", people[0].person.id, 2, gone)

    assert seen(people[0], "/quiz-attempts/mine")["items"] == []
    assert len(seen(people[1], "/quiz-attempts/mine")["items"]) == 1
    with booking.database.transaction() as session:
        for row in session.scalars(select(QuizAttempt)):
            row.started_at -= quizzes.KEPT + timedelta(days=1)
        session.flush()
        quizzes.forget_attempts(session)
    assert seen(people[1], "/quiz-attempts/mine")["items"] == []
    assert told_of(booking) == [(1, "completed")] * 2


def test_staff_see_in_counts_what_goes_wrong_and_nobody_else_does(booking: Service) -> None:
    told = training(booking)
    write(told)
    path = f"/offerings/{told.data['offering_id']}/quiz-figures"
    for wrong in (("a", "c"), ("a",)):
        who = booking.as_("student")
        attempt = begin(who, attended(told, who)).json
        send(who, attempt, rightly(attempt, wrong=wrong))

    figures = seen(booking.as_("coordinator"), path)

    assert (figures["attempts"], figures["people"], figures["passed"]) == (2, 2, 1)
    counted = {one["key"]: (one["asked"], one["wrong"]) for one in figures["questions"]}
    assert counted == {"a": (2, 2), "b": (2, 0), "c": (2, 1)}
    assert booking.as_("volunteer").get(path).status_code == 403
