"""What a coordinator is told about another volunteer is the told ranges' own model, over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.booking.queries import wait_model
from shared.clock import iso, now, parse
from tests.integration.booking.build import HOUR, Told
from tests.integration.booking.line import booked, call, on_duty, queue, serve, today, walk_in
from tests.support.clients import ApiClient
from tests.support.services import Service

MINUTE = timedelta(minutes=1)


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


def busy(booking: Service, *, present: int = 1, waiting: int = 6, **given: Any) -> Told:
    """Return a session with a line: somebody who booked is expected, too."""
    told = today(booking, **{"benches": 3, "minutes_per_device": 10, **given})
    on_duty(told, present)
    desk = booking.as_("coordinator")
    for _ in range(waiting):
        walk_in(told, desk)
    booked(told)
    return told


def ask(told: Told, more: int, begins: timedelta = -HOUR, ends: timedelta = HOUR) -> dict[str, Any]:
    answer = asked(told, told.service.as_("coordinator"), more, begins, ends)
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def asked(told: Told, who: ApiClient, more: int, begins: timedelta, ends: timedelta) -> Any:
    at = now()
    span = {"from": iso(at + begins), "to": iso(at + ends)}
    return who.get(f"/sessions/{told.id}/what-if", more=more, **span)


def outlook(told: Told, who: ApiClient | None = None) -> dict[str, Any]:
    answer = (who or told.service.as_("coordinator")).get(f"/sessions/{told.id}/outlook")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def test_no_change_is_exactly_what_everybody_is_told(booking: Service) -> None:
    told = busy(booking)

    said, seen = queue(told, booking.as_("coordinator"))["wait_new"], ask(told, 0)

    assert said == seen["before"]["wait"] == seen["after"]["wait"]
    assert seen["before"] == seen["after"]
    assert not seen["changes"]


def test_one_more_volunteer_shortens_the_waits_and_ends_the_line_earlier(booking: Service) -> None:
    seen = ask(busy(booking), 1)
    before, after = seen["before"], seen["after"]

    assert (before["on_duty"], after["on_duty"]) == (1, 2)
    assert after["wait"]["low"] < before["wait"]["low"]
    assert after["wait"]["high"] < 0.7 * before["wait"]["high"]
    assert after["busiest"]["high"] < before["busiest"]["high"]
    assert parse(after["ends"]["high"]) < parse(before["ends"]["high"]) - 10 * MINUTE


def test_one_volunteer_fewer_lengthens_them(booking: Service) -> None:
    seen = ask(busy(booking, present=2), -1)

    assert seen["after"]["wait"]["low"] > seen["before"]["wait"]["low"]
    assert seen["after"]["wait"]["high"] > 1.4 * seen["before"]["wait"]["high"]
    assert parse(seen["after"]["ends"]["low"]) > parse(seen["before"]["ends"]["low"])


def test_more_volunteers_than_benches_change_nothing_and_it_says_so(booking: Service) -> None:
    seen = ask(busy(booking, present=2, benches=2), 1)

    assert not seen["changes"]
    assert seen["benches"] == 2
    assert seen["after"]["wait"]["high"] == seen["before"]["wait"]["high"]


def test_who_comes_later_than_everybody_is_done_changes_nothing_now(booking: Service) -> None:
    told = busy(booking, waiting=1)

    seen = ask(told, 1, 80 * MINUTE, 85 * MINUTE)

    assert seen["after"]["wait"] == seen["before"]["wait"]


def test_nobody_on_duty_is_unknown_until_somebody_is_hoped_for(booking: Service) -> None:
    told = busy(booking, present=0, waiting=2)

    none, one, fewer = ask(told, 0), ask(told, 1), ask(told, -1)

    assert none["before"]["wait"] is None
    assert none["after"]["wait"] is None
    assert fewer["after"]["wait"] is None
    assert one["before"]["wait"] is None
    assert one["after"]["wait"]["on_duty"] == 1


def test_a_line_that_nobody_works_off_has_no_end(booking: Service) -> None:
    told = busy(booking, present=0, waiting=9)

    seen = ask(told, 1, ends=20 * MINUTE)

    assert seen["after"]["wait"] is None
    assert seen["after"]["ends"] is None


def test_a_while_that_is_over_or_upside_down_is_refused_at_its_field(booking: Service) -> None:
    told, staff = busy(booking, waiting=0), booking.as_("coordinator")

    for begins, ends in ((HOUR, HOUR), (HOUR, MINUTE), (-HOUR, -MINUTE)):
        answer = asked(told, staff, 1, begins, ends)
        assert answer.status_code == 422
        assert answer.json["code"] == "not_a_span"
        assert answer.json["errors"][0]["pointer"].endswith("to")
    assert asked(told, staff, 6, MINUTE, HOUR).status_code == 422


def test_only_staff_asks_what_if_and_only_who_works_here_sees_the_outlook(
    booking: Service,
) -> None:
    told = busy(booking, waiting=0)

    statuses = [
        asked(told, booking.as_(role), 1, MINUTE, HOUR).status_code
        for role in ("student", "volunteer")
    ]
    outside = booking.as_("volunteer").get(f"/sessions/{told.id}/outlook")

    assert statuses == [403, 403]
    assert outside.status_code == 404


def test_the_outlook_begins_with_what_is_told_now_and_ends_with_the_session(
    booking: Service,
) -> None:
    told = busy(booking)

    said, seen = queue(told, booking.as_("coordinator"))["wait_new"], outlook(told)

    first, last = seen["points"][0], seen["points"][-1]
    assert said["low"] <= first["low"] <= first["middle"] <= first["high"] <= said["high"]
    assert parse(first["at"]) - now() < MINUTE
    assert parse(last["at"]) <= parse(told.data["ends_at"])
    assert seen["ends"]["low"] <= seen["ends"]["high"]


def test_past_waits_are_those_of_first_calls_with_how_they_came(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    on_duty(told, 2)
    walk_in(told, desk)
    serve(told, desk)
    walk_in(told, desk)
    visit = call(told, desk)
    desk.post(f"/visits/{visit['id']}/recall", {})
    walk_in(told, desk)

    seen = outlook(told)["past"]

    assert [one["booked"] for one in seen] == [False, False]
    assert all(0 <= one["waited"] < 1 for one in seen)
    assert seen == sorted(seen, key=lambda one: one["at"])


def test_nothing_of_the_database_is_held_while_the_line_is_played(
    booking: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, desk, held = busy(booking), booking.as_("coordinator"), []
    waiting = walk_in(told, desk)["id"]

    def watched(real: Any) -> Any:
        def play(*given: Any) -> Any:
            held.append(booking.database.engine.pool.checkedout())  # type: ignore[attr-defined]
            return real(*given)

        return play

    for name in ("ranges", "outlook"):
        monkeypatch.setattr(wait_model, name, watched(getattr(wait_model, name)))
    queue(told, desk)
    desk.get(f"/sessions/{told.id}/board")
    desk.get(f"/places/{waiting}")
    outlook(told, desk)
    ask(told, 1)

    assert len(held) >= 5
    assert set(held) == {0}
