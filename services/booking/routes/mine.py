"""A person's own page over HTTP."""

from typing import Any

from services.booking.queries import appointments, custody, enrolments, visits, waitlist
from services.booking.schemas.mine import MineSchema
from shared.auth import SIGNED_IN, current_person
from shared.http import Blueprint, reading

BLUEPRINT = Blueprint("mine", __name__, description="My bookings")
ACCESS = {"mine.mine": SIGNED_IN}


@BLUEPRINT.get("/mine")
@BLUEPRINT.response(200, MineSchema)
def mine() -> Any:
    """List my appointments, enrolments and visits, the latest first, and what I wait for."""
    me = current_person().id
    with reading() as session:
        return {
            "appointments": appointments.of_person(session, me),
            "enrolments": enrolments.of_person(session, me),
            "visits": visits.of_person(session, me),
            "kept": custody.of_person(session, me),
            "waits": waitlist.of_person(session, me),
        }
