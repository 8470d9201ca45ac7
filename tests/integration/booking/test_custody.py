"""A device stays: tag, shelf, code, hand-back, undo, what its owner sees, what is forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.booking.models.custody import Custody
from services.booking.models.photo import Photo
from services.booking.models.visit import Visit
from services.booking.use_cases.ending import close_old_lines
from services.booking.use_cases.photos import purge_photos
from shared.clock import now
from tests.integration.booking.bench import FAILING, LAMP, done, measure, skilled, started
from tests.integration.booking.line import call, helper, serve, today, walk_in
from tests.integration.booking.shelf import brought, code_of, kept, repaired
from tests.integration.booking.test_photos import picture, upload
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_a_repaired_device_stays_and_its_owner_is_told(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    ticket = repaired(told, desk, owner)

    stays = kept(desk, ticket)

    assert (stays["tag"], stays["state"], stays["shelf"]) == ("K0001", "ready", "A-2")
    assert stays["accessories"] == ["adapter", "lid"]
    [news] = booking.announced("custody.ready.v1")
    assert owner.person is not None
    assert news.data["person_id"] == owner.person.id
    assert code_of(booking, stays) not in news.to_bytes().decode()


def test_tags_are_never_used_twice(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")

    tags = [kept(desk, repaired(told, desk))["tag"] for _ in range(3)]

    assert tags == ["K0001", "K0002", "K0003"]


def test_a_device_is_kept_once(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = repaired(told, desk)
    kept(desk, ticket)

    again = desk.post(f"/tickets/{ticket}/custody", {"shelf": "B-1"})

    assert (again.status_code, again.json["code"]) == (409, "kept_already")


def test_what_was_not_brought_cannot_be_kept(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)
    desk.post(f"/visits/{place['id']}/leave", {})

    refused = desk.post(f"/tickets/{place['devices'][0]['id']}/custody", {"shelf": "B-1"})

    assert (refused.status_code, refused.json["code"]) == (409, "device_not_here")


def test_a_device_that_waits_for_parts_is_ready_with_its_outcome(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    brought(told, desk)
    ticket = call(told, desk)["devices"][0]["id"]
    desk.post(f"/tickets/{ticket}/start", {"bench": 1})
    stays = kept(desk, ticket)

    closed = desk.post(f"/tickets/{ticket}/close", {"status": "Fixed"})

    assert (stays["state"], stays["ready_at"]) == ("stored", None)
    assert closed.status_code == 200, closed.json
    found = desk.get(f"/custody/{stays['id']}").json
    assert found["state"] == "ready"
    assert [one.type for one in booking.announced() if one.type.startswith("custody")] == [
        "custody.stored.v1",
        "custody.ready.v1",
    ]


def test_the_code_hands_it_back_and_nothing_else_does(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    path = f"/custody/{stays['id']}/hand-back"
    code = code_of(booking, stays)

    wrong = desk.post(path, {"code": "222222" if code != "222222" else "333333"})
    empty = desk.post(path, {})
    right = desk.post(path, {"code": f"{code[:3].lower()} {code[3:]}"})
    again = desk.post(path, {"code": code})

    assert (wrong.status_code, wrong.json["code"]) == (422, "wrong_pick_up_code")
    assert "code" in str(wrong.json["errors"])
    assert empty.status_code == 422
    assert (right.status_code, right.json["state"], right.json["proof"]) == (
        200,
        "collected",
        "code",
    )
    assert (again.status_code, again.json["code"]) == (409, "not_in_custody")
    assert len(booking.announced("custody.collected.v1")) == 1


def test_a_wrong_code_cannot_be_tried_many_times(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays, other = (kept(desk, repaired(told, desk)) for _ in range(2))
    path = f"/custody/{stays['id']}/hand-back"

    answers = [desk.post(path, {"code": f"ZZZZ{n}Z"}).status_code for n in range(7)]
    right = desk.post(path, {"code": code_of(booking, stays)})
    another = desk.post(f"/custody/{other['id']}/hand-back", {"code": code_of(booking, other)})

    assert answers == [422] * 5 + [429] * 2
    assert right.status_code == 429
    assert another.status_code == 200


def test_without_a_code_only_a_coordinator_looks_at_a_card(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    path = f"/custody/{stays['id']}/hand-back"

    by_helper = helper(told).post(path, {"proof": "id_card"})
    by_staff = desk.post(path, {"proof": "id_card"})

    assert (by_helper.status_code, by_helper.json["code"]) == (403, "coordinator_must_look")
    assert (by_staff.status_code, by_staff.json["proof"]) == (200, "id_card")


def test_a_wrong_hand_back_is_undone_within_an_hour(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    desk.post(f"/custody/{stays['id']}/hand-back", {"proof": "id_card"})

    undone = desk.post(f"/custody/{stays['id']}/undo")
    desk.post(f"/custody/{stays['id']}/hand-back", {"proof": "id_card"})
    with booking.database.transaction() as session:
        session.execute(update(Custody).values(ended_at=now() - timedelta(hours=2)))
    late = desk.post(f"/custody/{stays['id']}/undo")

    assert (undone.status_code, undone.json["state"]) == (200, "ready")
    assert undone.json["ready_at"] == stays["ready_at"]
    assert (late.status_code, late.json["code"]) == (409, "too_late_to_undo")


def test_only_the_owner_sees_the_code(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    assert owner.person is not None
    place = walk_in(told, desk, person_id=owner.person.id)
    stays = kept(desk, place["devices"][0]["id"])

    shown = [one.get(f"/places/{place['id']}").json["kept"][0]["code"] for one in (owner, desk)]

    assert shown == [code_of(booking, stays), None]
    assert code_of(booking, stays) not in str(desk.get(f"/custody/{stays['id']}").json)
    assert desk.get(f"/custody/{stays['id']}/slip").json["code"] is None
    assert owner.get("/mine").json["kept"][0]["tag"] == "K0001"


def test_who_has_no_account_gets_the_code_on_paper_and_by_link(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = brought(told, desk, name="马丽娜")
    stays = kept(desk, serve(told, desk)["devices"][0]["id"])

    slip = desk.get(f"/custody/{stays['id']}/slip").json
    by_link = booking.client().get(f"/places/{place['id']}", key=place["key"]).json["kept"][0]

    assert (slip["code"], slip["key"]) == (code_of(booking, stays), place["key"])
    assert by_link["code"] == slip["code"]
    desk.post(f"/custody/{stays['id']}/hand-back", {"code": slip["code"]})
    assert desk.get(f"/custody/{stays['id']}/slip").json["code"] is None


def test_the_shelf_is_no_business_of_strangers(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    other = booking.as_("volunteer")

    seen = [one.get(f"/custody/{stays['id']}").status_code for one in (helper(told), other)]

    assert seen == [200, 404]
    assert other.get("/custody").status_code == 404
    assert other.post(f"/custody/{stays['id']}/ready").status_code == 404
    assert booking.as_("student").get("/custody").status_code == 403


def test_who_serves_another_session_of_these_hours_serves_the_shelf(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))

    later = helper(today(booking))

    assert later.get(f"/custody/{stays['id']}").status_code == 200
    assert later.get("/custody", q="k0001").json["items"][0]["id"] == stays["id"]


def test_two_people_who_correct_the_shelf_do_not_overwrite_each_other(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    path = f"/custody/{stays['id']}"

    first = desk.patch(path, {"shelf": "C-3"}, if_match=1)
    second = desk.patch(path, {"shelf": "D-4"}, if_match=1)

    assert (first.status_code, first.json["shelf"]) == (200, "C-3")
    assert second.status_code == 412


def test_condition_photos_stay_with_the_device_and_go_after_it(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    ticket = repaired(told, desk, owner)
    photo = upload(desk, picture((30, 30))).json["id"]
    stays = kept(desk, ticket, photos=[photo])
    with booking.database.transaction() as session:
        session.execute(update(Photo).values(purge_after=now() - timedelta(days=1)))

    here = purge_photos(booking.database, booking.settings.photo_folder)
    seen = [one.get(f"/photos/{photo}").status_code for one in (owner, booking.as_("student"))]
    desk.post(f"/custody/{stays['id']}/hand-back", {"proof": "id_card"})
    with booking.database.reading() as session:
        left = session.get_one(Photo, photo).purge_after - now()
    with booking.database.transaction() as session:
        session.execute(update(Photo).values(purge_after=now() - timedelta(days=1)))
    gone = purge_photos(booking.database, booking.settings.photo_folder)

    assert stays["photos"] == [photo]
    assert (here, seen, gone) == (0, [200, 404], 1)
    assert timedelta(days=29) < left < timedelta(days=31)


def test_somebody_elses_photo_is_not_taken(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    photo = upload(booking.as_("student"), picture((30, 30))).json["id"]

    refused = desk.post(
        f"/tickets/{repaired(told, desk)}/custody", {"shelf": "A", "photos": [photo]}
    )

    assert (refused.status_code, refused.json["code"]) == (422, "photo_missing")


def test_a_typed_name_is_kept_as_long_as_the_device(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    stays = kept(desk, repaired(told, desk))
    repaired(told, desk)
    with booking.database.transaction() as session:
        session.execute(update(Visit).values(recorded_at=now() - timedelta(days=40)))
        close_old_lines(session)

    def names() -> list[str]:
        with booking.database.reading() as session:
            return list(session.scalars(select(Visit.name).order_by(Visit.number)))

    here = names()
    desk.post(f"/custody/{stays['id']}/hand-back", {"proof": "id_card"})
    with booking.database.transaction() as session:
        close_old_lines(session)

    assert here == ["马丽娜", ""]
    assert names() == ["", ""]


def test_erasure_blanks_the_words_and_lets_the_photos_go(booking: Service) -> None:
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    photo = upload(desk, picture((30, 30))).json["id"]
    stays = kept(desk, repaired(told, desk, owner), photos=[photo], accessories_note="红色袋子")
    assert owner.person is not None

    booking.deliver("person.erased.v1", owner.person.id, 9, {"person_id": owner.person.id})

    found = desk.get(f"/custody/{stays['id']}").json
    assert (found["condition"], found["accessories_note"], found["photos"]) == ("", "", [])
    assert (found["tag"], found["shelf"], found["state"]) == ("K0001", "A-2", "ready")
    assert purge_photos(booking.database, booking.settings.photo_folder) == 1
    code = code_of(booking, stays)
    assert desk.post(f"/custody/{stays['id']}/hand-back", {"code": code}).status_code == 200


def test_a_mains_device_is_not_ready_before_its_safety_test(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = done(told, desk, LAMP)
    stays = kept(desk, ticket)
    path = f"/custody/{stays['id']}"

    early = desk.post(f"{path}/ready")
    unsafe = desk.post(f"{path}/hand-back", {"code": code_of(booking, stays)})
    tested = measure(skilled(told), ticket)

    assert stays["state"] == "stored"
    assert (early.status_code, early.json["code"]) == (409, "not_tested")
    assert (unsafe.status_code, unsafe.json["code"]) == (409, "not_tested")
    assert tested.status_code == 201, tested.json
    assert desk.get(path).json["state"] == "ready"
    given = desk.post(f"{path}/hand-back", {"code": code_of(booking, stays)})
    assert given.status_code == 200, given.json
    assert booking.announced("ticket.handed_back.v1")


def test_a_device_that_failed_goes_home_disabled_only(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = done(told, desk, LAMP)
    measure(skilled(told), ticket, FAILING)
    stays = kept(desk, ticket)
    path, code = f"/custody/{stays['id']}/hand-back", code_of(booking, stays)

    as_it_is = desk.post(path, {"code": code})
    disabled = desk.post(path, {"code": code, "disabled": True, "acknowledged_by": "马丽娜"})

    assert stays["state"] == "ready"
    assert (as_it_is.status_code, as_it_is.json["code"]) == (409, "test_failed")
    assert (disabled.status_code, disabled.json["state"]) == (200, "collected")


def test_what_is_kept_leaves_through_custody_only(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = repaired(told, desk)
    stays = kept(desk, ticket)

    past = desk.post(f"/tickets/{ticket}/hand-back", {})
    desk.post(f"/custody/{stays['id']}/hand-back", {"proof": "id_card"})
    again = desk.post(f"/tickets/{ticket}/custody", {"shelf": "A"})

    assert (past.status_code, past.json["code"]) == (409, "kept_here")
    assert (again.status_code, again.json["code"]) == (409, "device_not_here")


def test_an_outcome_that_is_taken_back_makes_it_unready(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = repaired(told, desk)
    stays = kept(desk, ticket)

    reopened = desk.post(f"/tickets/{ticket}/reopen")
    unready = desk.get(f"/custody/{stays['id']}").json
    desk.post(f"/tickets/{ticket}/close", {"status": "Fixed"})

    assert reopened.status_code == 200, reopened.json
    assert (unready["state"], unready["ready_at"]) == ("stored", None)
    assert desk.get(f"/custody/{stays['id']}").json["state"] == "ready"


def test_an_open_device_is_not_called_ready(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    ticket = started(told, desk)

    refused = desk.post(f"/tickets/{ticket}/custody", {"shelf": "A", "ready": True})

    assert (refused.status_code, refused.json["code"]) == (409, "device_not_in_state")
