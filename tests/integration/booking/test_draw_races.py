"""Draws under pressure: entries at the last moment, two workers, impatient bookers; and the ten lines."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from sqlalchemy import select, update

from services.booking.models.draw import DrawEntry
from services.booking.models.session import ServiceSession
from services.booking.use_cases import draws
from services.booking.use_cases.draws import draw_due
from shared.clock import now
from tests.architecture.source import ROOT
from tests.integration.booking.build import Told, kettle, repair
from tests.support.services import Service

CLIENTS = 16


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def opening(booking: Service) -> Told:
    return repair(booking, opening="draw", booking_opens_at=now(), benches=3, accepted=3)


def over(booking: Service, told: Told) -> None:
    with booking.database.transaction() as session:
        mine = update(ServiceSession).where(ServiceSession.id == told.id)
        session.execute(mine.values(booking_opens_at=now() - draws.WINDOW))


def rush(booking: Service) -> tuple[Told, list[Any], list[Any]]:
    """Enter, try to book, end the minute and draw with two workers: all at the same time."""
    told = opening(booking)
    slots = [slot["id"] for slot in told.slots()]

    def enter(number: int) -> Any:
        sleep(0.01 * number)
        body = {"wishes": slots, "devices": [kettle()]}
        return booking.as_("student").post(f"/sessions/{told.id}/draw/entry", body)

    def book(_: int) -> Any:
        wish = {"slot_id": slots[0], "devices": [kettle()]}
        return booking.as_("student").post("/appointments", wish)

    def work() -> int:
        return sum(draw_due(booking.database) for _ in range(60))

    with ThreadPoolExecutor(2 * CLIENTS + 3) as pool:
        entries = [pool.submit(enter, n) for n in range(CLIENTS)]
        bookings = [pool.submit(book, n) for n in range(CLIENTS)]
        sleep(0.08)
        over(booking, told)
        workers = [pool.submit(work) for _ in range(2)]
        made = sum(one.result() for one in workers)
        answers = [one.result() for one in entries], [one.result() for one in bookings]
    made += draw_due(booking.database)
    assert made == 1
    return told, *answers


def test_every_accepted_entry_is_drawn_once_and_no_place_is_sold_twice(booking: Service) -> None:
    told, entries, bookings = rush(booking)

    taken_in = [one for one in entries if one.status_code == 201]
    codes = {one.json.get("code") for one in entries} - {None}
    assert codes <= {"draw_closed"}, codes
    shown = booking.client().get(f"/sessions/{told.id}/draw").json
    assert sorted(one["position"] for one in shown["entries"]) == [*range(1, len(taken_in) + 1)]
    mine = {one.json["mine"]["pseudonym"] for one in taken_in}
    assert mine == {one["pseudonym"] for one in shown["entries"]}
    assert {one.json.get("code") for one in bookings} <= {
        None, "draw_open", "draw_running", "slot_full",
    }  # fmt: skip
    assert all(slot["taken"] <= slot["open_capacity"] for slot in told.slots())
    booked = Counter(
        event.data["person_id"] for event in booking.announced("appointment.booked.v1")
    )
    assert set(booked.values()) <= {1}


def test_without_the_shared_lock_a_late_entry_is_lost(
    new_service: Callable[[str, str], Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = new_service("booking", "postgresql")
    told = opening(booking)
    slots = [slot["id"] for slot in told.slots()]
    opened = draws._open

    def unlocked(session: Any, session_id: str) -> Any:
        """Look at the draw without a lock, as naive code does, then take one's time."""
        with booking.database.reading() as other:
            found = opened_without_lock(other, session_id)
        sleep(0.5)
        return found

    def opened_without_lock(session: Any, session_id: str) -> Any:
        row = session.get(ServiceSession, session_id)
        return session.get(draws.Draw, session_id), row

    monkeypatch.setattr(draws, "_open", unlocked)
    body = {"wishes": slots, "devices": [kettle()]}
    with ThreadPoolExecutor(1) as pool:
        student = booking.as_("student")
        late = pool.submit(student.post, f"/sessions/{told.id}/draw/entry", body)
        sleep(0.2)
        over(booking, told)
        draw_due(booking.database)
        assert late.result().status_code == 201
    assert opened is not draws._open

    with booking.database.reading() as session:
        lost = session.scalars(select(DrawEntry).where(DrawEntry.position.is_(None))).all()
    assert len(lost) == 1, "the race test could not see a lost entry"


def test_the_ten_lines_of_the_documentation_recompute_a_real_draw(
    booking: Service, tmp_path: Path
) -> None:
    told, _, _ = rush(booking)
    page = (ROOT / "docs/fair-opening.md").read_text("utf-8")
    script, published = tmp_path / "recompute.py", tmp_path / "draw.json"
    script.write_text(page.split("```python\n")[1].split("```")[0], "utf-8")
    shown = booking.client().get(f"/sessions/{told.id}/draw")
    published.write_bytes(shown.data)

    run = subprocess.run(
        [sys.executable, script, published], capture_output=True, text=True, check=True
    )
    lines = [f"{one['position']} {one['pseudonym']}" for one in shown.json["entries"]]
    forged = shown.json | {"entries": shown.json["entries"][::-1]}
    published.write_text(json.dumps(forged), "utf-8")
    caught = subprocess.run(
        [sys.executable, script, published], capture_output=True, text=True, check=False
    )

    assert lines
    assert run.stdout.splitlines() == [*lines, "The draw is as it was promised."]
    assert caught.returncode != 0
    assert "not the order" in caught.stderr
