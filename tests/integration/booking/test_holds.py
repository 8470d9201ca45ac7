"""Whether repairs hold: asked once, answered by the owner; a device that is back; what was found before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from services.booking.models.feedback import Feedback
from services.booking.models.ticket import Ticket
from services.booking.use_cases.feedback import ask_due, forget_old_words
from shared.clock import iso, now
from tests.contract.booking.test_line_contracts import validator
from tests.integration.booking.bench import PHONE
from tests.integration.booking.line import today
from tests.integration.booking.shelf import brought, kept, repaired
from tests.integration.booking.test_line_races import both
from tests.support.clients import ApiClient
from tests.support.services import Service

DAY = timedelta(days=1)


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def age(booking: Service, ticket: str, days: float) -> None:
    """Let a device have been repaired this many days ago."""
    at = now() - days * DAY
    with booking.database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.id == ticket).values(closed_at=at))


def asked(booking: Service) -> int:
    with booking.database.transaction() as session:
        return ask_due(session)


def test_an_owner_is_asked_once_after_a_week(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    ticket = repaired(told, desk, owner)
    repaired(told, desk)  # nobody to ask
    counts = []

    for days in (6, 7.1, 8):
        age(booking, ticket, days)
        counts.append(asked(booking))

    assert counts == [0, 1, 0]
    [question] = booking.announced("feedback.asked.v1")
    validator("feedback.asked.v1").validate(question.data)


def test_nobody_is_asked_about_a_device_that_is_still_here_or_old(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    stays = repaired(told, desk, owner)
    kept(desk, stays)
    age(booking, stays, 8)
    old = repaired(told, desk, owner)
    age(booking, old, 31)
    unmended = repaired(told, desk, owner, status="Repairable")
    age(booking, unmended, 8)

    assert asked(booking) == 0


def test_only_the_owner_answers_and_may_take_it_back(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    path = f"/tickets/{repaired(told, desk, owner)}/feedback"

    others = [one.post(path, {"works": True}).status_code for one in (desk, booking.client())]
    said = owner.post(path, {"works": False, "words": "三天后又不充电"})
    changed = owner.post(path, {"works": True})
    gone = owner.delete(path)

    assert others == [404, 404]
    assert (said.status_code, said.json["works"], said.json["words"]) == (
        200,
        False,
        "三天后又不充电",
    )
    assert (changed.json["works"], changed.json["words"]) == (True, "")
    assert gone.status_code == 204
    assert owner.get(path).json["works"] is None


def test_a_walk_in_answers_by_the_link(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = brought(told, desk, name="马丽娜")
    ticket = place["devices"][0]["id"]
    with booking.database.transaction() as session:
        session.execute(
            update(Ticket).values(state="closed", status="Fixed", closed_at=now(), note="")
        )

    said = booking.client().post(
        f"/tickets/{ticket}/feedback", {"works": True, "key": place["key"]}
    )
    wrong = booking.client().post(f"/tickets/{ticket}/feedback", {"works": True, "key": "x"})

    assert (said.status_code, wrong.status_code) == (200, 404)


def test_coordinators_read_the_share_and_no_volunteer_is_in_it(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for works in (True, True, True, True, False):
        owner = booking.as_("student")
        owner.post(
            f"/tickets/{repaired(told, desk, owner)}/feedback", {"works": works, "words": "嗯"}
        )

    holds = desk.get("/feedback/summary", since=iso(now() - DAY)).json
    answers = desk.get("/feedback").json["items"]

    assert (holds["answered"], holds["works"], holds["share"], holds["fixed"]) == (5, 4, 0.8, 5)
    assert holds["categories"] == [{"category_id": PHONE, "answered": 5, "works": 4}]
    assert len(answers) == 5
    assert not {"volunteer_id", "person_id", "name"} & set(answers[0])
    assert len(desk.get("/feedback", works="false").json["items"]) == 1
    assert booking.as_("volunteer").get("/feedback").status_code == 403
    assert desk.delete(f"/feedback/{answers[0]['ticket_id']}/words").status_code == 204
    assert desk.get("/feedback").json["items"][0]["words"] == ""


def test_words_go_after_a_year_and_with_the_person(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    ticket = repaired(told, desk, owner)
    owner.post(f"/tickets/{ticket}/feedback", {"works": True, "words": "很好"})
    with booking.database.transaction() as session:
        session.execute(update(Feedback).values(answered_at=now() - 366 * DAY))
        forget_old_words(session)

    assert desk.get("/feedback").json["items"][0]["words"] == ""
    assert owner.person is not None
    booking.deliver("person.erased.v1", owner.person.id, 9, {"person_id": owner.person.id})
    assert desk.get("/feedback").json["items"] == []


def back(told: object, owner: ApiClient, ticket: str, category: int = PHONE) -> dict[str, object]:
    return {"category_id": category, "rework_of": ticket}


def test_the_same_device_back_is_a_rework(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    ticket = repaired(told, desk, owner)
    body = {"slot_id": told.slots()[-1]["id"], "devices": [back(told, owner, ticket)]}

    offered = [one["id"] for one in owner.get("/reworks").json["items"]]
    strangers = booking.as_("student").post("/appointments", body)
    booked = owner.post("/appointments", body)

    assert offered == [ticket]
    assert (strangers.status_code, strangers.json["code"]) == (422, "not_a_rework")
    assert booked.status_code == 201, booked.json
    place = owner.get(f"/places/{booked.json['id']}").json
    assert place["devices"][0]["rework_of"] == ticket
    assert owner.get("/reworks").json["items"] == []
    assert desk.get("/feedback/summary", since=iso(now() - DAY)).json["reworks"] == 1


def test_another_kind_or_a_long_time_is_no_rework(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    ticket = repaired(told, desk, owner)
    slot = told.slots()[-1]["id"]

    other = owner.post(
        "/appointments", {"slot_id": slot, "devices": [back(told, owner, ticket, 11)]}
    )
    age(booking, ticket, 29)
    late = owner.post("/appointments", {"slot_id": slot, "devices": [back(told, owner, ticket)]})

    assert [(one.status_code, one.json["code"]) for one in (other, late)] == [
        (422, "not_a_rework")
    ] * 2


def test_the_desk_finds_the_earlier_repair_by_its_number(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = repaired(told, desk)

    found = desk.get("/reworks", number="b001").json["items"]
    place = desk.post(
        f"/sessions/{told.id}/walk-ins", {"name": "马丽娜", "devices": [back(told, desk, ticket)]}
    )
    again = desk.post(
        f"/sessions/{told.id}/walk-ins", {"name": "马丽娜", "devices": [back(told, desk, ticket)]}
    )

    assert [one["id"] for one in found] == [ticket]
    assert place.status_code == 201, place.json
    assert (again.status_code, again.json["code"]) == (409, "rework_open")
    assert booking.as_("student").get("/reworks", number="b001").status_code == 403


def test_a_further_device_that_is_back_gives_its_owner_the_turn_of_a_rework(
    booking: Service,
) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = repaired(told, desk)
    before, owner = (
        desk.post(f"/sessions/{told.id}/walk-ins", {"devices": [{"category_id": PHONE}]}).json
        for _ in range(2)
    )

    added = desk.post(f"/visits/{owner['id']}/devices", back(told, desk, ticket))

    assert added.status_code == 201, added.json
    line = desk.get(f"/sessions/{told.id}/queue").json["waiting"]
    assert [(one["id"], one["rework"]) for one in line] == [
        (owner["id"], True),
        (before["id"], False),
    ]
    assert len(booking.announced("visit.arrived.v1")) == 4, "it tells how the visit stands now"


def two_at_once(booking: Service) -> list[str]:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = repaired(told, desk)
    path, body = f"/sessions/{told.id}/walk-ins", {"devices": [back(told, desk, ticket)]}
    other = today(booking)
    paths = {1: path, 2: f"/sessions/{other.id}/walk-ins"}

    return sorted(both(lambda n: str(booking.client(desk.person).post(paths[n], body).status_code)))


def test_a_device_is_back_once_however_many_desks_say_so(booking: Service) -> None:
    assert two_at_once(booking) == ["201", "409"]


def test_without_the_index_two_open_reworks_would_stand(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = repaired(told, desk)
    ids = [brought(told, desk)["devices"][0]["id"] for _ in range(2)]
    with booking.database.transaction() as session:
        session.execute(text("DROP INDEX uq_ticket_open_rework"))
        for id in ids:
            session.execute(update(Ticket).where(Ticket.id == id).values(rework_of=ticket))

    with booking.database.reading() as session:
        assert session.query(Ticket).where(Ticket.rework_of == ticket).count() == 2


def test_the_bench_remembers_what_helped_before(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for actions in (["resolder"], ["resolder"], ["clean"]):
        ticket = repaired(told, desk)
        codes = desk.get("/repair-codes").json
        known = [one["code"] for one in codes["actions"]]
        said = [one if one in known else known[0] for one in actions]
        answer = desk.put(
            f"/tickets/{ticket}/work", {"findings": [], "actions": said, "note": ""}, if_match=1
        )
        assert answer.status_code == 200, answer.json
    fresh = brought(told, desk)["devices"][0]["id"]

    memory = desk.get(f"/tickets/{fresh}/memory").json

    assert [(one["scope"], one["devices"]) for one in memory["scopes"]] == [("brand", 3)]
    assert memory["scopes"][0]["fixed"] == 3
    assert sum(one["devices"] for one in memory["scopes"][0]["actions"]) == 3
    assert memory["earlier"] is None
    assert "马丽娜" not in str(memory)
    assert booking.as_("volunteer").get(f"/tickets/{fresh}/memory").status_code == 404


def test_who_was_asked_is_counted_among_what_was_fixed_and_a_trial_is_not(
    booking: Service,
) -> None:
    desk, owner = booking.as_("coordinator"), booking.as_("student")
    ours, trial = today(booking), today(booking, trial=True)
    for told in (ours, trial):
        ticket = repaired(told, desk, owner)
        with booking.database.transaction() as session:
            session.add(Feedback(ticket_id=ticket, asked_at=now()))

    found = desk.get("/feedback/summary", since=iso(now() - DAY)).json

    assert (found["fixed"], found["asked"], found["answered"]) == (1, 1, 0)
