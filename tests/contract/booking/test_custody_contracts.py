"""What custody really announces fits what booking promises, and holds no code and no words."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from services.booking.models.custody import Custody
from services.booking.queries.custody import code_subject
from services.notify.queries.codes import with_code
from shared.clock import now
from shared.codes import readable_code, same_readable
from tests.contract.booking.test_line_contracts import validator
from tests.integration.booking.line import today
from tests.integration.booking.shelf import code_of, kept, repaired
from tests.support.services import Service

TYPES = {f"custody.{verb}.v1" for verb in ("stored", "ready", "collected", "disposed")}


def test_custody_is_announced_as_promised(any_service: Callable[[str], Service]) -> None:
    booking = any_service("booking")
    told, desk, owner = today(booking), booking.as_("coordinator"), booking.as_("student")
    first = kept(desk, repaired(told, desk, owner), ready=False)
    desk.post(f"/custody/{first['id']}/ready")
    desk.post(f"/custody/{first['id']}/hand-back", {"code": code_of(booking, first)})
    second = kept(desk, repaired(told, desk))
    with booking.database.transaction() as session:
        session.execute(update(Custody).values(ready_at=now() - timedelta(days=99)))
    desk.post(f"/custody/{second['id']}/dispose", {"fate": "parts", "note": "电容还能用"})

    announced = [one for one in booking.announced() if one.type.startswith("custody")]

    assert {one.type for one in announced} == TYPES
    codes = [code_of(booking, one) for one in (first, second)]
    for event in announced:
        validator(event.type).validate(event.data)
        said = event.to_bytes().decode()
        assert not any(word in said for word in (*codes, "裂纹", "马丽娜", "电容"))


def test_notify_writes_the_code_that_booking_checks(tmp_path: Path) -> None:
    (tmp_path / "wall.key").write_bytes(b"a key of the suite")
    subject = code_subject("7d0c5b34-1f43-4a2a-9d0f-0a5f6a3f0b11")

    params = with_code({"custody_id": "7d0c5b34-1f43-4a2a-9d0f-0a5f6a3f0b11"}, tmp_path)

    assert same_readable(b"a key of the suite", subject, params["code"])
    assert not same_readable(b"another key", subject, params["code"])
    assert with_code({"tag": "K0001"}, tmp_path) == {"tag": "K0001"}


def test_codes_hold_no_signs_that_look_alike() -> None:
    codes = "".join(readable_code(b"key", str(n)) for n in range(500))

    assert not set("01OILSZB") & set(codes)
    assert len({readable_code(b"key", str(n)) for n in range(500)}) == 500
