"""Two desks and one device, on both databases, with the guard and without it."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text, update

from services.booking.models.custody import Custody
from services.booking.queries import custody as queries
from services.booking.use_cases.custody import Intake, collect, keep_device
from shared.errors import Refusal
from tests.integration.booking.line import today
from tests.integration.booking.shelf import code_of, kept, repaired
from tests.integration.booking.test_line_races import both
from tests.support.services import Service

ROUNDS = 5


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_two_desks_at_once_hand_a_device_back_once(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")

    for _ in range(ROUNDS):
        stays = kept(desk, repaired(told, desk))
        path, said = f"/custody/{stays['id']}/hand-back", {"code": code_of(booking, stays)}
        answers = both(lambda _: str(booking.client(desk.person).post(path, said).status_code))  # noqa: B023 - used at once
        assert sorted(answers) == ["200", "409"]

    assert len(booking.announced("custody.collected.v1")) == ROUNDS


def test_without_the_expected_state_both_desks_hand_it_back(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    looked = Barrier(2)

    def look_then_write(bench: int) -> str:
        with booking.database.reading() as session:
            state = queries.one(session, stays["id"]).state
        looked.wait()
        with booking.database.transaction() as session:
            values: dict[str, Any] = {"state": "collected", "proof": "code"}
            values |= {"ended_at": queries.suite_time(session), "ended_by": f"desk {bench}"}
            done = session.execute(update(Custody).values(**values))
            return f"{state} {done.rowcount}"  # type: ignore[attr-defined]  # DML result

    assert both(look_then_write) == ["ready 1", "ready 1"]


def keeping(booking: Service, ticket: str) -> Callable[[int], str]:
    def keep(bench: int) -> str:
        try:
            with booking.database.transaction() as session:
                return keep_device(session, ticket, Intake(shelf=f"S{bench}"), "desk").tag
        except Refusal as refusal:
            return refusal.code

    return keep


def test_two_desks_at_once_keep_a_device_once(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")

    for _ in range(ROUNDS):
        answers = both(keeping(booking, repaired(told, desk)))
        assert "kept_already" in answers
        assert any(one.startswith("K") for one in answers)


def test_without_the_index_a_device_is_kept_twice(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = repaired(told, desk)
    with booking.database.transaction() as session:
        session.execute(text("DROP INDEX uq_custody_held_ticket"))

    assert sorted(both(keeping(booking, ticket))) == ["K0001", "K0002"]


def test_a_hand_back_and_a_decision_to_dispose_do_not_both_happen(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for _ in range(ROUNDS):
        stays = kept(desk, repaired(told, desk))
        with booking.database.transaction() as session:
            old = update(Custody).where(Custody.id == stays["id"])
            session.execute(old.values(ready_at=text("'2020-01-01T00:00:00.000000Z'")))

        def act(bench: int, id: str = stays["id"]) -> str:
            if bench == 1:
                body = {"fate": "recycled"}
                return str(
                    booking.client(desk.person).post(f"/custody/{id}/dispose", body).status_code
                )
            try:
                with booking.database.transaction() as session:
                    return collect(session, id, "id_card", "desk").state
            except Refusal as refusal:
                return refusal.code

        assert both(act) in (["200", "not_in_custody"], ["409", "collected"])
