"""Acts of a desk without a connection that did not fit any more, and a call that the wall still shows."""

from typing import Any

from deploy import acts
from shared import clock
from shared.clock import iso
from shared.ids import new_id
from tests.browser.centre import Centre

LONG = "阿卜杜热西提·买买提艾力"


def clashes(centre: Centre, session: str) -> dict[str, str]:
    """Two desks called one number, one gave a device another outcome; one of three is decided already."""
    staff = centre.staff
    first, second = (
        acts.walk_in(staff, session, name, [{"category_id": 29}]) for name in ("宋雨", LONG)
    )
    acts.walk_in(staff, session, "马丽娜", [{"category_id": 15}])
    one = sent(centre, session, "absent", number="Z999")
    staff.post("booking", f"/desk-conflicts/{one}/decide", {"decision": "dismissed"})
    called(centre, session, first, 1)
    sent(centre, session, "call", number=first["number"], bench=3)
    ticket = called(centre, session, second, 2)["devices"][0]["id"]
    staff.post("booking", f"/tickets/{ticket}/start", {"bench": 2})
    staff.post("booking", f"/tickets/{ticket}/close", {"status": "Fixed"})
    sent(centre, session, "outcome", number=second["number"], status="End of life", note="外壳")
    return {"clash": session}


def called(centre: Centre, session: str, visit: dict[str, Any], bench: int) -> dict[str, Any]:
    """Call a number to a bench."""
    body = {"bench": bench, "number": visit["number"]}
    return dict(centre.staff.post("booking", f"/sessions/{session}/call-next", body))


def sent(centre: Centre, session: str, kind: str, **given: Any) -> str:
    """Send an act that a desk kept a moment ago; return its id."""
    body = {"id": new_id(), "kind": kind, "given": given, "occurred_at": iso(clock.now())}
    centre.staff.post("booking", f"/sessions/{session}/desk-acts", body)
    return str(body["id"])
