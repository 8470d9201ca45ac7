"""Offers: a place kept for one volunteer until a deadline; then the next, then everybody."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, true, update

from services.roster.app import tend_offers
from services.roster.models import Offer, Shift
from services.roster.use_cases.offers import expire_offers
from tests.integration.roster.given import DAY, REPAIR, Roster, code, entry
from tests.integration.roster.test_races import accepted_on, at_once, live_on


def offer(roster: Roster, shift: dict[str, Any], who: Any) -> Any:
    return roster.coordinator.post(f"/shifts/{shift['id']}/offers", {"person_id": who.person.id})


def made(roster: Roster, shift: dict[str, Any], who: Any) -> dict[str, Any]:
    answer = offer(roster, shift, who)
    assert answer.status_code == 201, answer.json
    return answer.json


def mine(who: Any) -> list[dict[str, Any]]:
    return who.get("/offers/mine").json["items"]


def held(roster: Roster, shift_id: str) -> int:
    with roster.service.database.reading() as session:
        return session.execute(select(Shift.held).where(Shift.id == shift_id)).scalar_one()


def one_shift(roster: Roster, **how: Any) -> dict[str, Any]:
    return roster.shifts(roster.publish(entry(**how)))[0]


def test_an_offer_keeps_the_place_and_one_tap_takes_it(roster: Roster) -> None:
    shift, asked, other = (
        one_shift(roster, at_most=1),
        roster.volunteer(REPAIR),
        roster.volunteer(REPAIR),
    )
    given = made(roster, shift, asked)

    assert code(other.post(f"/shifts/{shift['id']}/accept")) == (409, "places_kept")
    assert [one["id"] for one in mine(asked)] == [given["id"]]
    taken = asked.post(f"/offers/{given['id']}/accept")

    assert (taken.status_code, taken.json["state"]) == (201, "accepted")
    assert (accepted_on(roster, shift["id"]), held(roster, shift["id"])) == (1, 0)
    assert mine(asked) == []
    states = [event.data["state"] for event in roster.service.announced("shift.offer_closed.v1")]
    assert states == ["accepted"]


def test_an_offer_is_the_askeds_own_and_answered_once(roster: Roster) -> None:
    shift, asked, other = one_shift(roster), roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    given = made(roster, shift, asked)
    path = f"/offers/{given['id']}"

    assert other.get(path).status_code == 404
    assert other.post(f"{path}/accept").status_code == 404
    assert asked.post(f"{path}/decline").json["state"] == "declined"
    assert code(asked.post(f"{path}/accept")) == (409, "offer_ended")
    assert held(roster, shift["id"]) == 0


def test_an_expired_offer_accepted_late_is_refused_with_the_reason(roster: Roster) -> None:
    shift, asked = one_shift(roster, at_most=1), roster.volunteer(REPAIR)
    given = made(roster, shift, asked)
    roster.clock.set(DAY - timedelta(hours=40))  # past the deadline, and no timer has come by

    late = asked.post(f"/offers/{given['id']}/accept")

    assert code(late) == (409, "offer_expired")
    assert expire_offers(roster.service.database) == 1
    assert code(asked.post(f"/offers/{given['id']}/accept")) == (409, "offer_expired")
    assert (accepted_on(roster, shift["id"]), held(roster, shift["id"])) == (0, 0)


def test_without_the_deadline_in_the_statement_the_late_answer_would_count(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift, asked = one_shift(roster, at_most=1), roster.volunteer(REPAIR)
    given = made(roster, shift, asked)
    roster.clock.set(DAY - timedelta(hours=40))
    monkeypatch.setattr(Offer, "in_time", classmethod(lambda cls: true()))

    assert asked.post(f"/offers/{given['id']}/accept").status_code == 201


def test_a_deadline_sleeps_at_night(roster: Roster) -> None:
    roster.clock.set(DAY - timedelta(hours=41))  # 21:00 in Shanghai, two days before
    given = made(roster, one_shift(roster), roster.volunteer(REPAIR))

    # a sixth of 41 hours is 6 h 50 min: one hour tonight, the rest from eight o'clock on
    assert given["expires_at"][:16] == "2026-12-01T05:50"


def test_who_could_not_take_the_shift_is_not_asked(roster: Roster) -> None:
    shift = one_shift(roster)
    unskilled, there, asked = roster.volunteer(), roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    roster.take(there, shift)
    made(roster, shift, asked)

    assert code(offer(roster, shift, unskilled)) == (409, "skill_missing")
    assert code(offer(roster, shift, there)) == (409, "already_taken")
    roster.at(-0.4)
    assert code(offer(roster, shift, roster.volunteer(REPAIR))) == (409, "too_late_to_offer")
    assert roster.volunteer(REPAIR).post(f"/shifts/{shift['id']}/offers", {}).status_code in (
        403,
        422,
    )


def test_the_same_person_is_asked_once_at_a_time(roster: Roster) -> None:
    shift, asked = one_shift(roster, at_most=3), roster.volunteer(REPAIR)
    made(roster, shift, asked)

    assert code(offer(roster, shift, asked)) == (409, "already_offered")
    assert held(roster, shift["id"]) == 1


def test_taking_the_shift_from_the_list_uses_the_kept_place(roster: Roster) -> None:
    shift, asked = one_shift(roster, at_most=1), roster.volunteer(REPAIR)
    made(roster, shift, asked)

    assert asked.post(f"/shifts/{shift['id']}/accept").status_code == 201
    assert (accepted_on(roster, shift["id"]), held(roster, shift["id"])) == (1, 0)


def test_staff_who_assign_whom_they_asked_settle_the_offer(roster: Roster) -> None:
    shift, asked = one_shift(roster, at_most=1), roster.volunteer(REPAIR)
    given = made(roster, shift, asked)

    body = {"person_id": asked.person.id}
    assert roster.coordinator.post(f"/shifts/{shift['id']}/accept", body).status_code == 201
    assert asked.get(f"/offers/{given['id']}").json["state"] == "withdrawn"
    assert held(roster, shift["id"]) == 0


def test_a_moved_or_cancelled_session_takes_its_offers_back(roster: Roster) -> None:
    session_id = roster.publish(entry(at_most=1))
    shift, asked = roster.shifts(session_id)[0], roster.volunteer(REPAIR)
    given = made(roster, shift, asked)

    roster.change(session_id, entry((1, 3), at_most=1))
    assert asked.get(f"/offers/{given['id']}").json["state"] == "withdrawn"
    again = made(roster, roster.shifts(session_id)[0], asked)
    roster.cancel(session_id)

    assert asked.get(f"/offers/{again['id']}").json["state"] == "withdrawn"
    assert held(roster, shift["id"]) == 0


def test_who_is_erased_leaves_no_offer_and_no_kept_place(roster: Roster) -> None:
    shift, asked = one_shift(roster, at_most=1), roster.volunteer(REPAIR)
    made(roster, shift, asked)

    roster.person(asked.person.id, [], type="person.erased.v1")

    assert held(roster, shift["id"]) == 0
    with roster.service.database.reading() as session:
        assert session.scalars(select(Offer)).all() == []


def race_two_phones_against_a_no(roster: Roster) -> None:
    shift, asked = one_shift(roster, at_most=1), roster.volunteer(REPAIR)
    path = f"/offers/{made(roster, shift, asked)['id']}"
    phones = [roster.client(asked.person) for _ in range(2)]

    statuses = at_once(
        *(lambda phone=phone: phone.post(f"{path}/accept") for phone in phones),
        lambda: asked.post(f"{path}/decline"),
    )

    assert statuses in ([201, 409, 409], [200, 409, 409])
    assert accepted_on(roster, shift["id"]) == live_on(roster, shift["id"])
    assert held(roster, shift["id"]) == 0


def test_accepting_twice_races_declining_and_the_counts_stay_true(roster: Roster) -> None:
    for _ in range(4):
        race_two_phones_against_a_no(roster)


def test_without_the_expected_state_an_offer_is_accepted_after_it_was_declined(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift, asked = one_shift(roster, at_most=1), roster.volunteer(REPAIR)
    given = made(roster, shift, asked)
    asked.post(f"/offers/{given['id']}/decline")

    def blind(cls: Any, offer_id: str, state: str, at: Any) -> Any:
        values = {"state": state, "answered_at": at}
        return update(Offer).where(Offer.id == offer_id).values(**values)

    monkeypatch.setattr(Offer, "answer", classmethod(blind))
    any_place = classmethod(lambda cls, id: cls.take_place(id, running_too=False))
    monkeypatch.setattr(Shift, "take_kept", any_place)

    assert asked.post(f"/offers/{given['id']}/accept").status_code == 201


def test_a_round_asks_one_after_the_other_by_fewest_hours_then_everybody(roster: Roster) -> None:
    busy_shift = one_shift(roster, hours=(2, 4), at_most=9)
    shift = one_shift(roster, hours=(0, 2), at_most=1)
    first, second = sorted(
        (roster.volunteer(REPAIR) for _ in range(2)), key=lambda one: one.person.id
    )
    third = roster.volunteer(REPAIR)
    roster.take(first, busy_shift)  # two hours taken on: asked last
    database = roster.service.database
    assert roster.coordinator.post(f"/shifts/{shift['id']}/round").status_code == 200

    tend_offers(database)
    asked = [one for one in (first, second, third) if mine(one)]
    assert len(asked) == 1
    assert asked[0] is not first
    asked[0].post(f"/offers/{mine(asked[0])[0]['id']}/decline")
    tend_offers(database)
    next_one = [one for one in (second, third) if mine(one)]
    assert next_one != asked
    assert tend_offers(database) == 0  # nobody else while one is asked
    roster.clock.set(DAY - timedelta(hours=11))
    expire_offers(database)
    roster.clock.set(DAY - timedelta(hours=5))
    tend_offers(database)

    told = [one for one in (first, second, third) if mine(one)]
    assert asked[0] not in told  # who said no is left in peace
    assert {one["holds"] for who in told for one in mine(who)} == {False}
    assert len(told) == 2
    offers = [mine(who)[0]["id"] for who in told]
    statuses = at_once(
        *(
            lambda who=who, id=id: who.post(f"/offers/{id}/accept")
            for who, id in zip(told, offers, strict=True)
        )
    )
    assert statuses == [201, 409]
    tend_offers(database)
    shown = roster.coordinator.get(f"/sessions/{shift['session_id']}/offers").json
    assert [one["state"] for one in shown["rounds"]] == ["done"]
    assert sorted(one["state"] for one in shown["offers"]) == [
        "accepted", "declined", "expired", "filled",
    ]  # fmt: skip
    assert all(one["why"]["minutes"] is not None for one in shown["offers"])


def test_nobody_is_asked_at_night_and_a_round_can_be_stopped(roster: Roster) -> None:
    shift = one_shift(roster, at_most=1)
    roster.volunteer(REPAIR)
    roster.clock.set(DAY - timedelta(hours=39))  # 23:00
    roster.coordinator.post(f"/shifts/{shift['id']}/round")

    assert tend_offers(roster.service.database) == 0
    roster.clock.set(DAY - timedelta(hours=29, minutes=50))  # ten past nine
    roster.coordinator.post(f"/shifts/{shift['id']}/round/stop")
    assert tend_offers(roster.service.database) == 0
    roster.coordinator.post(f"/shifts/{shift['id']}/round")
    assert tend_offers(roster.service.database) == 1


def test_candidates_are_shown_before_anybody_is_asked(roster: Roster) -> None:
    shift = one_shift(roster)
    free, elsewhere = roster.volunteer(REPAIR), roster.volunteer(REPAIR)
    roster.volunteer()
    other = {"hours": [{"weekday": 1, "starts": "08:00", "ends": "10:00"}]}
    elsewhere.put("/availability/mine/weekly", other)

    found = roster.coordinator.get(f"/shifts/{shift['id']}/candidates").json["items"]

    assert [(one["person_id"], one["free"]) for one in found] == [
        (free.person.id, True),
        (elsewhere.person.id, False),
    ]
