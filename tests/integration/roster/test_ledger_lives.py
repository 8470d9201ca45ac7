"""Whatever is recorded, forgotten, corrected and objected to: the sum of the entries is the total that is shown."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from services.roster.app import close_all_forgotten
from services.roster.models import Entry
from shared import clock
from tests.integration.roster.given import REPAIR, Roster, entry
from tests.integration.roster.serving import moment
from tests.support.clients import ApiClient
from tests.support.services import Service

QUARTERS = st.integers(0, 8).map(lambda n: n / 4)
RIGHT = st.tuples(QUARTERS, QUARTERS, st.integers(0, 90))
LIFE = st.tuples(
    st.booleans(),  # somebody forgets to check out
    st.tuples(QUARTERS, QUARTERS).map(sorted),
    st.lists(st.tuples(st.sampled_from(["correct", "object", "again"]), RIGHT), max_size=4),
)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lives=st.lists(LIFE, min_size=1, max_size=2))
def test_the_sum_of_the_entries_is_the_total_that_is_shown(
    new_service: Callable[..., Service], suite_clock: clock.Clock, lives: list[Any]
) -> None:
    roster = Roster(new_service("roster"), suite_clock)
    volunteer = roster.volunteer(REPAIR)
    for number, life in enumerate(lives):
        live(roster, volunteer, number, life)

    shown = volunteer.get("/hours/mine").json

    assert shown["total_minutes"] == sum_of(roster, volunteer)
    assert shown["total_minutes"] == sum(one["minutes"] for one in shown["items"])
    for one in shown["items"]:
        assert one["minutes"] == sum(line["change"] for line in one["entries"])
        assert [line["number"] for line in one["entries"]] == list(range(1, one["version"] + 1))
        assert one["minutes"] == one["entries"][-1]["minutes"] >= 0


def sum_of(roster: Roster, volunteer: ApiClient) -> int:
    assert volunteer.person is not None
    mine = select(func.sum(Entry.change)).where(Entry.person_id == volunteer.person.id)
    with roster.service.database.reading() as session:
        return int(session.execute(mine).scalar_one() or 0)


def live(roster: Roster, volunteer: ApiClient, number: int, life: Any) -> None:
    """Serve once (each time a shift of two hours behind the one before), then let the acts follow."""
    forgets, (came, left), acts = life
    begins = number * 2
    session_id = roster.publish(entry((begins, begins + 2)))
    roster.at(-30)
    id = roster.take(volunteer, roster.shifts(session_id)[0])["id"]
    roster.at(begins + 2.5)
    path = f"/assignments/{id}"
    roster.coordinator.post(f"{path}/check-in", {"occurred_at": moment(came + begins)})
    if not forgets:
        roster.coordinator.post(f"{path}/check-out", {"occurred_at": moment(left + begins)})
    roster.at(begins + 3.5)
    close_all_forgotten(roster.service.database)
    for act, right in acts:
        {"correct": correct, "object": object_to, "again": put_right}[act](
            roster, volunteer, id, right
        )


def wanted(right: tuple[float, float, int]) -> dict[str, Any]:
    came, left, pause = right
    return {"checked_in_at": moment(came), "checked_out_at": moment(left), "pause_minutes": pause}


def correct(roster: Roster, _: ApiClient, id: str, right: Any) -> None:
    seen = roster.coordinator.get(f"/hours/{id}").json["version"]
    body = wanted(right) | {"reason": "核对", "seen": seen}
    assert roster.coordinator.post(f"/hours/{id}/corrections", body).status_code in (201, 422)


def object_to(roster: Roster, volunteer: ApiClient, id: str, right: Any) -> None:
    seen = volunteer.get(f"/hours/{id}").json["version"]
    raised = volunteer.post(f"/assignments/{id}/objections", {"words": "不对", "seen": seen})
    if raised.status_code == 201:
        body = {"upheld": right[2] % 2 == 0, "answer": "看过了", "right": wanted(right)}
        roster.coordinator.post(f"/objections/{raised.json['id']}/decision", body)


def put_right(roster: Roster, _: ApiClient, id: str, right: Any) -> None:
    """Staff note a check-out once more: only a forgotten one takes it."""
    roster.coordinator.post(f"/assignments/{id}/check-out", {"occurred_at": moment(right[1])})
