"""The pairing rule: a newcomer is never alone on a shift's time, once there is somebody experienced."""

from typing import Any

from sqlalchemy import event

from tests.integration.roster.given import REPAIR, Roster, code, entry


def experienced(roster: Roster) -> Any:
    made = roster.volunteer(REPAIR)
    path = f"/volunteers/{made.person.id}/newcomer"
    assert roster.coordinator.put(path, {"newcomer": False}).status_code == 200
    return made


def accept(who: Any, shift: dict[str, Any]) -> Any:
    return who.post(f"/shifts/{shift['id']}/accept")


def test_where_everybody_is_new_the_rule_binds_nobody(roster: Roster) -> None:
    shift = roster.shifts(roster.publish(entry()))[0]

    assert accept(roster.volunteer(REPAIR), shift).status_code == 201


def test_a_newcomer_takes_a_shift_once_somebody_experienced_is_on(roster: Roster) -> None:
    shift = roster.shifts(roster.publish(entry()))[0]
    newcomer, old_hand = roster.volunteer(REPAIR), experienced(roster)

    assert code(accept(newcomer, shift)) == (409, "newcomer_alone")
    refused = newcomer.get("/shifts/for-me", fit="cannot").json["items"][0]
    assert refused["why_not"] == "newcomer_alone"
    assert accept(old_hand, shift).status_code == 201
    assert accept(newcomer, shift).status_code == 201


def test_somebody_experienced_counts_across_the_roles_but_for_the_whole_time(
    roster: Roster,
) -> None:
    desk, bench = entry((0, 4), skill=None, position=1, zh="前台"), entry((0, 4))
    first_half = entry((0, 2), position=2)
    session_id = roster.publish(bench, desk, first_half)
    bench_shift, desk_shift, half_shift = roster.shifts(session_id)
    newcomer, half, whole = roster.volunteer(REPAIR), experienced(roster), experienced(roster)

    accept(half, half_shift)
    assert code(accept(newcomer, bench_shift)) == (409, "newcomer_alone")
    accept(whole, desk_shift)
    assert accept(newcomer, bench_shift).status_code == 201


def test_staff_may_put_a_newcomer_on_alone_and_are_warned(roster: Roster) -> None:
    session_id = roster.publish(entry())
    shift, newcomer = roster.shifts(session_id)[0], roster.volunteer(REPAIR)
    experienced(roster)

    body = {"person_id": newcomer.person.id}
    assert roster.coordinator.post(f"/shifts/{shift['id']}/accept", body).status_code == 201
    assert roster.shifts(session_id)[0]["newcomers_alone"] == [newcomer.person.id]


def test_a_drop_that_leaves_a_newcomer_alone_warns_the_coordinator(roster: Roster) -> None:
    session_id = roster.publish(entry())
    shift = roster.shifts(session_id)[0]
    old_hand, newcomer = experienced(roster), roster.volunteer(REPAIR)
    taken = roster.take(old_hand, shift)
    roster.take(newcomer, shift)
    assert roster.shifts(session_id)[0]["newcomers_alone"] == []

    assert old_hand.post(f"/assignments/{taken['id']}/drop").status_code == 200

    assert roster.shifts(session_id)[0]["newcomers_alone"] == [newcomer.person.id]


def test_a_newcomer_is_not_asked_while_they_would_be_alone(roster: Roster) -> None:
    shift = roster.shifts(roster.publish(entry()))[0]
    newcomer, old_hand = roster.volunteer(REPAIR), experienced(roster)
    path = f"/shifts/{shift['id']}"

    body = {"person_id": newcomer.person.id}
    assert code(roster.coordinator.post(f"{path}/offers", body)) == (409, "newcomer_alone")
    found = roster.coordinator.get(f"{path}/candidates").json["items"]
    assert [one["person_id"] for one in found] == [old_hand.person.id]


def test_a_newcomer_is_not_asked_to_come_instead_of_the_only_experienced_one(
    roster: Roster,
) -> None:
    session_id = roster.publish(entry())
    giver, newcomer, old_hand = (
        roster.take_over(session_id),
        roster.volunteer(REPAIR),
        experienced(roster),
    )
    given = roster.shifts(session_id)[0]["assignments"][0]["id"]

    asked = giver.post(f"/assignments/{given}/stand-in")

    assert asked.status_code == 200, asked.json
    offers = [who.get("/offers/mine").json["items"] for who in (newcomer, old_hand)]
    assert [len(one) for one in offers] == [0, 1]


def test_candidates_are_found_in_as_many_reads_for_many_as_for_one(roster: Roster) -> None:
    shift = roster.shifts(roster.publish(entry()))[0]
    roster.volunteer(REPAIR)
    asked: list[str] = []
    event.listen(
        roster.service.database.engine,
        "before_cursor_execute",
        lambda *args: asked.append(args[2]),
    )

    def reads() -> tuple[int, int]:
        asked.clear()
        found = roster.coordinator.get(f"/shifts/{shift['id']}/candidates").json["items"]
        return len(found), len(asked)

    one = reads()
    for _ in range(9):
        roster.volunteer(REPAIR)

    assert reads() == (10, one[1])
