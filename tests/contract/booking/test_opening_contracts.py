"""What booking announces of a draw, as it is really announced."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from services.booking.models.session import ServiceSession
from services.booking.use_cases.draws import draw_due
from shared.clock import now
from tests.contract.booking.test_contracts import validator
from tests.integration.booking.build import kettle, repair
from tests.support.services import Service


def test_a_draw_is_announced_as_promised_and_names_nobody(
    any_service: Callable[[str], Service],
) -> None:
    booking = any_service("booking")
    told = repair(booking, benches=1, devices_per_bench=1, opening="draw", booking_opens_at=now())
    wishes = [told.slots()[0]["id"]]
    people = [booking.as_("student") for _ in range(2)]
    for person in people:
        body = {"wishes": wishes, "devices": [kettle()]}
        assert person.post(f"/sessions/{told.id}/draw/entry", body).status_code == 201
    with booking.database.transaction() as session:
        over = now() - timedelta(seconds=61)
        session.execute(update(ServiceSession).values(booking_opens_at=over))
    draw_due(booking.database)

    announced = [one for one in booking.announced() if one.type.startswith("draw.")]

    assert sorted(one.type for one in announced) == ["draw.decided.v1", "draw.made.v1"]
    for event in announced:
        validator(event.type).validate(event.data)
    (made,) = booking.announced("draw.made.v1")
    assert not any(one.person and one.person.id in str(made.data) for one in people)
